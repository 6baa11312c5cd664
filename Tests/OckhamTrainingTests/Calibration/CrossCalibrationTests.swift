import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct CrossCalibrationTests {
  private func calibration(_ records: [LogRecord], _ plan: FoldPlan, _ logits: HeldOutLogits) throws -> CrossCalibration
  {
    try CrossCalibration(Training.dataset(records), plan, logits, folds: 3, seed: 1, mayBeJoint: true)
  }

  @Test func aRowsOwnLabelNeverReachesItsProbability() throws {
    var requests = MadeUpRequests(seed: 6)
    var records = requests.records(90)
    let dataset = try Training.dataset(records)
    let plan = try FoldPlan(dataset, rows: Array(0..<90), folds: 3, seed: 1)
    let logits = Training.heldOutLogits(dataset, plan)
    let before = try calibration(records, plan, logits)
    let row = try #require(plan.folds.last?.heldOut.first)
    records[row].outcomes[0].quality = 1 - (records[row].outcomes[0].quality ?? 0)
    let after = try calibration(records, plan, logits)
    let place = try #require(logits.rows.firstIndex(of: row))
    #expect(before.probabilities[place * 2] == after.probabilities[place * 2])
    // Rows of the same fold do not see it either; those of other folds do.
    let fold = Set(plan.folds[2].heldOut)
    for (place, row) in logits.rows.enumerated() {
      let isSame = before.probabilities[place * 2] == after.probabilities[place * 2]
      #expect(isSame == fold.contains(row), "row \(row)")
    }
    #expect(before.calibrations.tiers[0] != after.calibrations.tiers[0])
    // The tiers share a slope.
    #expect(before.calibrations.tiers[1] != after.calibrations.tiers[1])
    #expect(before.probabilities.allSatisfy { (0...1).contains($0) })
  }
}
