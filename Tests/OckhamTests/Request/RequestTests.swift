import Testing

@testable import Ockham

struct RequestTests {
  @Test func contentHashSeesEveryPart() {
    var request = Request(segments: [Segment(role: .system, text: "be brief"), Segment(role: .user, text: "why")])
    request.attributes = RequestAttributes(toolNames: ["find"], toolSchemaBytes: 1, imageCount: 1)
    var variants = [request]
    func vary(_ change: (inout Request) -> Void) {
      var other = request
      change(&other)
      variants.append(other)
    }
    vary { $0.segments[0].role = .user }
    vary { $0.segments[0].text += " " }
    vary { $0.segments[1].text = "Why" }
    vary { $0.segments.swapAt(0, 1) }
    vary { $0.segments.removeLast() }
    vary { $0.segments = [Segment(role: .system, text: "be briefwhy")] }
    vary { $0.attributes.toolNames = ["Find"] }
    vary { $0.attributes.toolNames = [] }
    vary { $0.attributes.toolSchemaBytes = 2 }
    vary { $0.attributes.responseFormat = .jsonObject }
    vary { $0.attributes.responseSchemaBytes = 1 }
    vary { $0.attributes.imageCount = 0 }
    vary { $0.attributes.maximumOutputTokens = 0 }
    #expect(Set(variants.map(\.contentHash)).count == variants.count)
    #expect(Request(prompt: "x").contentHash == Request(segments: [Segment(role: .user, text: "x")]).contentHash)
  }

  @Test func taskKindsAreFoundByName() {
    for kind in TaskKind.allCases { #expect(TaskKind(name: kind.name) == kind) }
    #expect(TaskKind(name: "questionAnswering") == nil)
    #expect(TaskKind(name: "") == nil)
    #expect(TaskKind.allCases.map(\.rawValue) == Array(0..<10))
  }

  @Test func vectorsCanBeReused() {
    let extractor = FeatureExtractor()
    var reused = extractor.makeVector()
    for prompt in ["What is 2 + 2?", "", String(repeating: "word ", count: 9_000), "What is 2 + 2?", "x"] {
      var fresh = extractor.makeVector()
      extractor.extract(Request(prompt: prompt), into: &fresh)
      extractor.extract(Request(prompt: prompt), into: &reused)
      #expect(reused.buckets == fresh.buckets)
      #expect(reused.dense == fresh.dense)
      #expect((0..<4).allSatisfy { reused.groupEnds[$0] == fresh.groupEnds[$0] })
    }
  }

  @Test func equalWordsInOtherPlacesAreOtherFeatures() {
    let extractor = FeatureExtractor(options: FeatureOptions(bucketBits: 20))
    var vector = extractor.makeVector()
    let segments = [Role.system, .assistant, .user].map { Segment(role: $0, text: "same") }
    extractor.extract(Request(segments: segments, attributes: .init(toolNames: ["same"])), into: &vector)
    #expect(Set(vector.buckets).count == 4)
  }
}
