import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct NearDuplicatesTests {
  private func sketch(_ text: String) -> GramSketch {
    let extractor = FeatureExtractor(options: FeatureOptions())
    var vector = extractor.makeVector()
    extractor.extract(Request(prompt: text), into: &vector)
    return GramSketch(vector)
  }

  private static let text =
    "Please write a short reply to the customer who asked why order 4711 has not arrived at the depot in Ghent yet"

  @Test(arguments: [
    text.uppercased(), text.replacing(" ", with: "\n  "), text + " ?!", text.replacing("4711", with: "90210"),
  ]) func areAlike(other: String) {
    #expect(sketch(other).resemblance(to: sketch(Self.text)) >= NearDuplicates.leastResemblance)
    var duplicates = NearDuplicates()
    #expect(duplicates.key(of: sketch(Self.text), contentHash: 1) == 1)
    #expect(duplicates.key(of: sketch(other), contentHash: 2) == 1)
  }

  @Test(arguments: [
    text.replacing("write a short reply", with: "translate the letter"), "", "Why?",
    text.replacing("who asked why order", with: "and ask for"),
  ]) func areNot(other: String) {
    var duplicates = NearDuplicates()
    #expect(duplicates.key(of: sketch(Self.text), contentHash: 1) == 1)
    #expect(duplicates.key(of: sketch(other), contentHash: 2) == 2)
  }

  /// The estimate beside the whole sets, counted.
  @Test func estimatesTheJaccardIndex() {
    let words = (0..<400).map { "w\($0)" }
    func set(_ text: String) -> Set<String> {
      let words = text.split(separator: " ").map(String.init)
      return Set(words + zip(words, words.dropFirst()).map { $0 + " " + $1 })
    }
    for change in [0, 3, 20, 100] {
      let left = words.joined(separator: " ")
      let right = words.enumerated().map { $0.offset % 400 < change ? "v\($0.offset)" : $0.element }.joined(
        separator: " ")
      let exact = Double(set(left).intersection(set(right)).count) / Double(set(left).union(set(right)).count)
      #expect(abs(sketch(left).resemblance(to: sketch(right)) - exact) < 0.15)
    }
  }

  private func dataset(_ prompts: [String]) throws -> Dataset {
    var requests = MadeUpRequests(seed: 3)
    var records = requests.records(prompts.count)
    for index in records.indices { records[index].request = Request(prompt: prompts[index]) }
    return try Training.dataset(records)
  }

  @Test func nearDuplicatesShareAFold() throws {
    let words = ["red", "green", "blue", "white", "black", "grey", "pink", "brown", "gold", "silver"]
    let data = try dataset(
      (0..<30).map { row in
        let word = words[row % 10]
        return (1...4).map { "the \(word) door \($0) of \(word) house \($0) is \(word)" }.joined(separator: " and ")
          + " \(row)"
      })
    let plan = try FoldPlan(data, rows: Array(0..<30), folds: 5, seed: 1)
    for fold in plan.folds {
      let trained = Set(fold.training.map { $0 % 10 })
      #expect(fold.heldOut.allSatisfy { !trained.contains($0 % 10) })
    }
  }

  @Test func templatesAreToldApartByContent() throws {
    let template = "Work out this sum step by step and write nothing but the number at the end of your answer please"
    let data = try dataset((0..<40).map { $0 < 30 ? "\(template) \($0)" : "Other \($0)" })
    #expect(Set(data.nearKeys[..<30]).count == 1)
    #expect(Set(data.foldGroups(Array(0..<40), folds: 5)[..<30]).count == 30)
    // Fewer groups than folds.
    #expect(Set(data.foldGroups(Array(0..<8), folds: 5)).count == 8)
  }
}
