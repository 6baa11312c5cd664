import Statistics
import Ockham
import Testing

@testable import Evaluation

@Suite struct PredictedQualityTests {
  @Test func knownQualitiesStay() throws {
    let log = try ScoredLog(
      tierNames: ["a", "b"], origins: (0..<3).map { RowOrigin(id: "\($0)", dataset: "", task: nil) },
      promptBytes: [1, 1, 1], probability: Matrix([0.25, 0.5, 0.75, 1, 0, 0.125], columns: 2),
      quality: Matrix([1, .nan, .nan, 0, .nan, .nan], columns: 2), cost: Matrix(repeating: 1, rows: 3, columns: 2))
    #expect(log.predictingQuality().quality.elements == [1, 0.5, 0.75, 0, 0, 0.125])
    #expect(log.completeRows.isEmpty && log.predictingQuality().completeRows.count == 3)
  }
}
