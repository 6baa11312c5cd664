import TextKit

extension RobustnessReport {
  /// The kinds of noise side by side.
  var noiseTable: TextTable {
    var table = TextTable(
      [
        "change", "rows", "tier changes (%)", "\(NumberFormat.percent(parameters.confidence)) interval", "up", "down",
        "mean |gain change|", "to strongest", "quality",
      ], wordColumns: [0, 3])
    for report in noise { table.append(Self.cells(report)) }
    return table
  }

  private static func cells(_ report: NoiseReport) -> [String] {
    let strongest = report.strongestShareChange.map { $0 * 100 }
    return [
      report.noise.title, NumberFormat.count(report.rows), percent(report.changedShare?.estimate),
      range(report.changedShare), percent(report.share(of: report.movedUp)),
      percent(report.share(of: report.movedDown)), NumberFormat.decimal(report.meanGainChange),
      NumberFormat.signed(strongest, places: 1), NumberFormat.signed(report.qualityChange, places: 4),
    ]
  }

  /// The lengths of suffixes side by side, the repeated one last.
  var suffixTable: TextTable {
    var table = TextTable(
      [
        "tokens", "reach strongest (%)", "\(NumberFormat.percent(parameters.confidence)) interval",
        "median gain change",
        "largest gain", isPriced ? "USD per 1,000" : "cost, nominal", "strongest, all traffic (%)",
      ], wordColumns: [0, 2])
    for stage in suffix.stages { table.append(cells(stage, name: String(stage.tokens))) }
    table.append(cells(suffix.long, name: "repeated to \(NumberFormat.count(suffix.longBytes)) bytes"))
    return table
  }

  private func cells(_ stage: SuffixReport.Stage, name: String) -> [String] {
    [
      name, Self.percent(stage.strongestShare?.estimate), Self.range(stage.strongestShare),
      NumberFormat.signed(stage.medianGainChange), NumberFormat.decimal(stage.largestGain),
      isPriced ? NumberFormat.usd(stage.meanCost.map { $0 * 1_000 }) : NumberFormat.decimal(stage.meanCost),
      Self.percent(stage.trafficShare),
    ]
  }

  private static func percent(_ share: Double?) -> String { NumberFormat.decimal(share.map { $0 * 100 }, places: 1) }

  private static func range(_ interval: Interval?) -> String {
    interval.map { "\(percent($0.lower)) to \(percent($0.upper))" } ?? "-"
  }
}

extension Noise {
  /// The kind in words.
  var title: String { rawValue.replacing("_", with: " ") }
}
