import Ockham
import Testing

@testable import RequestLog

/// By what chance a cascade came to an outcome.
@Suite struct StepTests {
  @Test func stepsMultiplyBehindTheFirst() {
    var record = LogRecord(id: "a", request: Request(prompt: "x"))
    #expect(record.reach(of: "small") == 1)
    record.steps = [
      CascadeStep(tier: "small", propensity: 0.25, isAccepted: true),
      CascadeStep(tier: "mid", propensity: 0.5, isAccepted: true),
      CascadeStep(tier: "frontier", propensity: 0.125, isAccepted: true),
    ]
    #expect(["small", "mid", "frontier", "other"].map { record.reach(of: $0) } == [1, 0.5, 0.0625, 1])
  }
}
