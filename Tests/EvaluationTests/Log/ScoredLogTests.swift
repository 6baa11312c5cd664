import Statistics
import Testing

@testable import Evaluation

@Suite struct ScoredLogTests {
  private func error(_ body: () throws -> Void) -> EvaluationError? {
    do {
      try body()
      return nil
    } catch { return error as? EvaluationError }
  }

  private func make(
    tiers: [String] = ["a", "b"], rows: Int = 2, weights: [Double]? = nil, bytes: [Int]? = nil,
    probability: [Float] = [0.1, 0.2, 0.3, 0.4], quality: [Double] = [0, 1, .nan, 1], cost: [Double] = [0, 1, .nan, 2],
    columns: Int = 2
  ) throws -> ScoredLog {
    try ScoredLog(
      tierNames: tiers, origins: (0..<rows).map { RowOrigin(id: "\($0)") }, weights: weights,
      promptBytes: bytes ?? [Int](repeating: 5, count: rows), probability: Matrix(probability, columns: columns),
      quality: Matrix(quality, columns: columns), cost: Matrix(cost, columns: columns))
  }

  @Test func acceptsUnknownOutcomes() throws {
    let log = try make()
    #expect(log.completeRows == [0])
    #expect(log.pricedRows == [0])
    #expect(log.weights == [1, 1])
    #expect(try log.tier(named: "b") == 1)
  }

  @Test func refusesBadTiers() {
    #expect(error { _ = try make(tiers: ["a"]) } == .tooFewTiers(found: 1))
    #expect(error { _ = try make(tiers: (0..<65).map { "\($0)" }) } == .tooManyTiers(found: 65))
    #expect(error { _ = try make(tiers: ["a", "a"]) } == .duplicateTier(name: "a"))
    #expect(error { _ = try make().tier(named: "c") } == .unknownTier(found: "c", expected: ["a", "b"]))
  }

  @Test func refusesBadShapes() {
    #expect(error { _ = try make(rows: 0, bytes: []) } == .noRows)
    #expect(error { _ = try make(bytes: [1]) } == .length(field: "prompt lengths", expected: 2, found: 1))
    #expect(error { _ = try make(weights: [1]) } == .length(field: "weights", expected: 2, found: 1))
    #expect(
      error { _ = try make(probability: [0.1, 0.2]) }
        == .shape(field: "probabilities", expected: [2, 2], found: [1, 2]))
    #expect(error { _ = try make(quality: [0, 1]) } == .shape(field: "qualities", expected: [2, 2], found: [1, 2]))
    #expect(error { _ = try make(cost: [0, 1]) } == .shape(field: "costs", expected: [2, 2], found: [1, 2]))
    #expect(error { _ = try make(columns: 4) } == .shape(field: "probabilities", expected: [2, 2], found: [1, 4]))
  }

  @Test(arguments: [Float.nan, -0.01, 1.01, .infinity]) func refusesBadProbabilities(value: Float) throws {
    let found = error { _ = try make(probability: [0.1, 0.2, 0.3, value]) }
    guard case .value(let field, let row, _, _) = try #require(found) else {
      Issue.record("expected a value error, found \(String(describing: found))")
      return
    }
    #expect(field == "probability of 'b'")
    #expect(row == 1)
  }

  @Test func refusesBadValues() {
    func field(_ error: EvaluationError?) -> String {
      if case .value(let field, _, _, _) = error { field } else { "" }
    }
    #expect(field(error { _ = try make(quality: [0, 1.5, 0, 1]) }) == "quality of 'b'")
    #expect(field(error { _ = try make(quality: [-1, 1, 0, 1]) }) == "quality of 'a'")
    #expect(field(error { _ = try make(cost: [-1, 1, 0, 1]) }) == "cost of 'a'")
    #expect(field(error { _ = try make(cost: [1, 1, 0, .infinity]) }) == "cost of 'b'")
    #expect(field(error { _ = try make(weights: [1, 0]) }) == "weight")
    #expect(field(error { _ = try make(weights: [.nan, 1]) }) == "weight")
    #expect(field(error { _ = try make(bytes: [-1, 2]) }) == "prompt length")
  }

  @Test func errorsSayWhatToDo() {
    let errors: [EvaluationError] = [
      .tooFewTiers(found: 1), .tooManyTiers(found: 70), .duplicateTier(name: "a"),
      .unknownTier(found: "c", expected: ["a"]), .samePair(name: "a"), .noRows,
      .length(field: "f", expected: 1, found: 2), .shape(field: "f", expected: [1, 2], found: [3, 4]),
      .value(field: "f", row: 3, expected: "e", found: 2), .option(name: "o", expected: "e", found: "x"),
      .missingOutcomes(needed: "n", rows: 4, remedy: "add some"),
      .costsNotRising(lower: "a", lowerCost: 2, upper: "b", upperCost: 1),
    ]
    for error in errors {
      #expect(error.description.contains("expected") || error.description.contains("twice"), "\(error)")
      #expect(error.description.count > 20)
    }
  }

  @Test func pairsAreParsed() throws {
    let log = try make()
    #expect(try TierPair(named: "a,b", in: log) == TierPair(weak: 0, strong: 1))
    #expect(error { _ = try TierPair(named: "a,a", in: log) } == .samePair(name: "a"))
    #expect(error { _ = try TierPair(named: "a,x", in: log) } == .unknownTier(found: "x", expected: ["a", "b"]))
    for bad in ["a", "a,b,c", "", "b,a"] {
      guard case .option(let name, _, _) = error({ _ = try TierPair(named: bad, in: log) }) else {
        Issue.record("\(bad) was accepted")
        continue
      }
      #expect(name == "pair")
    }
  }

  @Test func questionsAreNumberedByIdAndDataset() throws {
    let origins = [("1", "a"), ("2", "a"), ("1", "a"), ("1", "b")].map { RowOrigin(id: $0.0, dataset: $0.1) }
    let log = try ScoredLog(
      tierNames: ["a", "b"], origins: origins, promptBytes: [1, 1, 1, 1],
      probability: Matrix(repeating: 0.5, rows: 4, columns: 2), quality: Matrix(repeating: 1, rows: 4, columns: 2),
      cost: Matrix(repeating: 1, rows: 4, columns: 2))
    #expect(log.questions == [0, 1, 0, 2])
  }
}
