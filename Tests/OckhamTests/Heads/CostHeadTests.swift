import Testing

@testable import Ockham

struct CostHeadTests {
  /// Predicts by the formula, in plain loops of doubles.
  private static func plainCost(_ file: TensorFile, dense: [Float], bytes: Int, tier: Int) throws -> Double {
    let tiers = 2
    let weights = try #require(file["cost.weight"]?.floats)
    let ends = try #require(file["cost.range"]?.floats)
    let prices = try #require(file["cost.price"]?.doubles)
    var log = Double(try #require(file["cost.bias"]?.floats)[tier])
    for index in dense.indices { log += Double(dense[index]) * Double(weights[index * tiers + tier]) }
    log = max(Double(ends[tier]), min(Double(ends[tiers + tier]), log))
    let length = Double(try #require(file["cost.smearing"]?.floats)[tier]) * exponential(log)
    return prices[tier] * Double(bytes) + prices[tiers + tier] * length
  }

  @Test func agreesWithPlainLoopsAndIsCutAtBothEnds() throws {
    var file = ModelFixture.full.file
    file.set("cost.range", Tensor(name: "cost.range", shape: [2, 2], floats: [-0.5, -0.75, 0.5, 0.25]))
    let head = try #require(try Model(file.encoded()).contents.costHead)
    var buffers = CostBuffers(head)
    var draws = SplitMix64(seed: 5)
    var cuts = [0, 0, 0]
    for round in 0..<60 {
      let dense = (0..<DenseFeatures.names.count).map { _ in Float.random(in: -0.2...0.2, using: &draws) }
      head.apply(dense: dense, promptBytes: round * 10, using: &buffers)
      for tier in 0..<2 {
        let expected = try Self.plainCost(file, dense: dense, bytes: round * 10, tier: tier)
        #expect(abs(buffers.costUSD[tier] - expected) <= 1e-5 * expected)
        let (log, range) = (buffers.logLengths[tier], head.ranges[tier])
        cuts[log < range.lowerBound ? 0 : log > range.upperBound ? 2 : 1] += 1
      }
      #expect(buffers.thresholdScales == head.steps.scales(costUSD: buffers.costUSD))
    }
    #expect(cuts.allSatisfy { $0 > 5 }, "\(cuts)")
  }

  @Test func oddLogLengthsFallIntoTheRange() {
    let range: ClosedRange<Float> = 1...3
    #expect(ExpectedCost.clip(.nan, to: range) == 1 && ExpectedCost.clip(-.infinity, to: range) == 1)
    #expect(ExpectedCost.clip(.infinity, to: range) == 3 && ExpectedCost.clip(2, to: range) == 2)
  }

  @Test func theLargestNumbersThatLoadGiveFiniteCosts() throws {
    var file = ModelFixture.full.file
    let huge = Float.greatestFiniteMagnitude
    file.poke("cost.bias", 0, huge)
    file.poke("cost.bias", 1, -huge)
    file.set(
      "cost.weight", Tensor(name: "cost.weight", shape: [139, 2], floats: (0..<278).map { $0 % 3 == 0 ? huge : -huge }))
    file.set("cost.range", Tensor(name: "cost.range", shape: [2, 2], floats: [-64, -64, 64, 64]))
    file.set("cost.smearing", Tensor(name: "cost.smearing", shape: [2], floats: [1e6, 1e6]))
    file.set("cost.price", Tensor(name: "cost.price", shape: [2, 2], doubles: [1e6, 1e6, 1e6, 1e6]))
    file.set("cost.mean_step", Tensor(name: "cost.mean_step", shape: [1], doubles: [Double.leastNonzeroMagnitude]))
    let model = try Model(file.encoded())
    var scratch = model.makeScratch()
    for prompt in ["", "What is 2 + 2?", String(repeating: "naïve ", count: 9_000)] {
      let decision = Router(model: model).route(Request(prompt: prompt), using: &scratch)
      #expect(decision.expectedCostUSD?.isFinite == true && scratch.expectedCostUSD.allSatisfy { $0 >= 0 })
      #expect(scratch.thresholdScales.allSatisfy { ThresholdScaling.range.contains($0) })
    }
  }

  @Test func bytesOfAllMessagesCount() throws {
    var file = ModelFixture.full.file
    file.set("cost.price", Tensor(name: "cost.price", shape: [2, 2], doubles: [0.5, 2, 0, 0]))
    let model = try Model(file.encoded())
    var scratch = model.makeScratch()
    let request = Request(
      segments: [
        Segment(role: .system, text: "é"), Segment(role: .user, text: "four"), Segment(role: .tool, text: ""),
      ],
      attributes: RequestAttributes(toolNames: ["unread"], toolSchemaBytes: 900))
    model.score(request, into: &scratch)
    #expect(scratch.expectedCostUSD == [3, 12])
  }

  @Test func aModelWithoutTheHeadPredictsNothing() throws {
    let model = try Model(ModelFixture.logistic.file.encoded())
    var scratch = model.makeScratch()
    let decision = Router(model: model).route(Request(prompt: "x"), using: &scratch)
    #expect(decision.expectedCostUSD == nil && scratch.expectedCostUSD.isEmpty && scratch.thresholdScales.isEmpty)
    #expect(decision.threshold == model.thresholds.increments[0])
  }
}
