import Testing

@testable import Ockham

/// The parts of an explanation against the score they explain.
struct ExplanationTests {
  private let request = Request(
    segments: [
      Segment(role: .system, text: "Answer in JSON."), Segment(role: .user, text: "First, 12 words?"),
      Segment(role: .assistant, text: "Yes"), Segment(role: .user, text: "Prove that 2 + 2 = 4.\nA. now\nB. later"),
    ], attributes: RequestAttributes(toolNames: ["search"], imageCount: 1))

  @Test(arguments: ["logistic.safetensors", "mlp.safetensors"])
  func partsAddUpToTheDifferenceOfLogits(name: String) throws {
    let model = try Model(GoldenFiles.bytes(name))
    var scratch = model.makeScratch()
    model.score(request, into: &scratch)
    for upper in 1..<model.tierNames.count {
      let explanation = model.explain(scratch, from: 0, to: upper)
      #expect(explanation.logitDifference == scratch.logits[upper] - scratch.logits[0])
      let sum = explanation.bias + explanation.dense + explanation.hidden + explanation.nGrams.sum
      #expect(abs(sum - explanation.logitDifference) < 1e-4)
      #expect((explanation.hidden != 0) == (model.kind == .mlp))
      #expect(Namespace.allCases.allSatisfy { explanation.nGrams[$0] != 0 })
    }
  }

  @Test func contributionsAreSortedAndComplete() throws {
    let model = try Model(GoldenFiles.bytes("logistic.safetensors"))
    var scratch = model.makeScratch()
    model.score(request, into: &scratch)
    let explanation = model.explain(scratch, from: 0, to: 1)
    let sizes = explanation.contributions.map { abs($0.value) }
    #expect(sizes == sizes.sorted(by: >) && !sizes.contains(0))
    #expect(Set(explanation.contributions.map(\.name)).count == sizes.count)
    #expect(explanation.contributions.allSatisfy { DenseFeatures.names[$0.feature] == $0.name })
    #expect(abs(explanation.contributions.reduce(0) { $0 + $1.value } - explanation.dense) < 1e-4)
  }

  @Test func aNamespaceWithoutWordsAddsNothing() throws {
    let model = try Model(GoldenFiles.bytes("logistic.safetensors"))
    var scratch = model.makeScratch()
    model.score(Request(prompt: "Only a question"), into: &scratch)
    let words = model.explain(scratch, from: 0, to: 1).nGrams
    #expect(words.system == 0 && words.question != 0 && words.history == 0 && words.tools == 0)
  }
}
