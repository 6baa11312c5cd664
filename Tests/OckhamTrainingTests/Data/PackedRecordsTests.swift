import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct PackedRecordsTests {
  @Test func everythingButTheRequestComesBack() {
    let records = [
      LogRecord(
        id: "a", dataset: "d", request: Request(prompt: "p"),
        outcomes: [
          ModelOutcome(name: "m", quality: 0.5, costUSD: 0.25, outputTokens: 7, inclusion: 0.25),
          ModelOutcome(name: "n"),
        ],
        tier: "small", weight: 2, task: .code, propensity: 0.25),
      LogRecord(id: "b", request: Request(prompt: "q"), outcomes: [ModelOutcome(name: "n", quality: 1)]),
    ]
    var packed = PackedRecords()
    for record in records { packed.append(record) }
    #expect(packed.count == 2)
    for (row, record) in records.enumerated() {
      var expected = record
      expected.request = Request(segments: [])
      #expect(packed[row] == expected)
    }
  }
}
