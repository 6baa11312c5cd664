import Testing

@testable import OckhamTraining

@Suite struct HeldOutMeasureTests {
  private let dataset: Dataset
  private let families: Families
  private let rows = Array(0..<96)

  init() throws {
    dataset = try Training.dataset(MadeUpFamilies.records())
    families = try Families(MadeUpFamilies.prefixes, dataset, rows: rows)
  }

  /// Logits that lean towards the labels of some families and away from those of others.
  private func logits(_ lean: (_ family: Int) -> Float) -> HeldOutLogits {
    var logits = DenseMatrix(repeating: 0, rows: 96, columns: 2)
    for row in rows {
      for tier in 0..<2 { logits[row, tier] = (dataset.labels[row, tier] - 0.5) * lean(families.ofRow[row]) }
    }
    return HeldOutLogits(rows: rows, logits: logits)
  }

  /// One family that says otherwise leaves doubt, however many rows the others have.
  @Test func anAdvantageIsAsSureAsFamiliesAgree() {
    let (better, plain) = (logits { $0 == 3 ? -1 : 1 }, logits { _ in 0 })
    let byRow = HeldOutMeasure(dataset).advantage(of: better, over: plain)
    let byFamily = HeldOutMeasure(dataset, families: families).advantage(of: better, over: plain)
    #expect(abs(byRow.mean - byFamily.mean) < 1e-9 && byFamily.mean > 0)
    #expect(byFamily.standardError > 3 * byRow.standardError)
    let unanimous = HeldOutMeasure(dataset, families: families).advantage(of: logits { _ in 1 }, over: plain)
    #expect(unanimous.standardError < 1e-6)
  }

  @Test func routingIsWorthWhatItIsInsideOfFamilies() {
    let measure = HeldOutMeasure(dataset, families: families)
    let right = logits { _ in 1 }
    let parts = families.parted(rows).map { right.selecting($0.places) }.filter { $0.tellsRoutingValue(dataset) }
    let values = parts.map { $0.routingValue(dataset) }
    #expect(values.count > 2 && abs(measure.routingValue(right) - values.reduce(0, +) / Double(values.count)) < 1e-9)
    // What moves all gains of a family alike changes no order inside of it.
    var shifted = right.logits
    for row in rows { shifted[row, 1] += Float(families.ofRow[row]) * 8 }
    let moved = HeldOutLogits(rows: rows, logits: shifted)
    #expect(abs(HeldOutMeasure(dataset).routingValue(moved) - HeldOutMeasure(dataset).routingValue(right)) > 0.02)
  }
}
