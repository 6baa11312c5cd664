import TextKit

extension ModelComparison {
  /// The comparison as text for a terminal: the models, a table of figures, the verdict.
  ///
  /// - Parameter coloured: whether the verdict is emphasised by terminal escapes. Names cannot add any.
  package func text(coloured: Bool = false) -> String {
    let style = TextStyle(isColoured: coloured)
    let rowLine =
      "\(NumberFormat.count(rows)) rows, \(NumberFormat.count(completeRows)) with every tier's quality; tiers from cheapest to most expensive: "
      + SafeText.names(tierNames)
    let log = logs.isEmpty ? "" : "\nlog     \(SafeText.names(logs)), \(date)"
    // Two paths may differ anywhere: they are not cut as other names are.
    let shown = names.map { SafeText.name($0, limit: 400) }
    let models = "first   \(shown[0])\nsecond  \(shown[1])\(log)"
    let choice = "The models choose different tiers for \(NumberFormat.percent(differingShare, places: 1)) of the rows."
    let verdict = verdict.sentences.enumerated().map { $0 == 0 ? style.strong($1) : $1 }
    return [rowLine, models, table.text(style), choice, verdict.joined(separator: "\n"), notes]
      .joined(separator: "\n\n")
  }

  private var notes: String {
    "Each interval stands for itself: of many figures, some leave 0 by chance alone. \(NumberFormat.count(parameters.resamples)) "
      + "resamples of \(NumberFormat.count(questions)) questions, both models measured on each."
  }

  private var table: TextTable {
    var table = TextTable(
      [
        "figure", "better is", "first", "second", "difference",
        "\(NumberFormat.percent(parameters.confidence)) interval",
      ],
      wordColumns: [0, 1, 5])
    for row in tableRows { table.append(row.cells) }
    for tier in tierNames.indices {
      let values = shares.map { NumberFormat.percent($0[tier], places: 1) }
      table.append(["sent to \(SafeText.name(tierNames[tier]))", "", values[0], values[1], "", ""])
    }
    return table
  }

  private var tableRows: [FigureRow] {
    let pairName = "\(SafeText.name(tierNames[pair.weak])) to \(SafeText.name(tierNames[pair.strong]))"
    var rows = [
      FigureRow(
        "APGR, \(pairName)", better: .more, first: first.apgr, second: second.apgr, difference: differences.apgr),
      FigureRow(
        "CPT50, \(pairName)", better: .less, first: first.cpt50, second: second.cpt50, difference: differences.cpt50),
      FigureRow(
        "mean log-loss", better: .less, first: first.logLoss, second: second.logLoss, difference: differences.logLoss,
        places: 4),
    ]
    for (tier, name) in tierNames.enumerated() {
      rows.append(
        FigureRow(
          "ECE \(SafeText.name(name))", better: .less, first: first.calibrationErrors[tier],
          second: second.calibrationErrors[tier],
          difference: differences.calibrationErrors[tier], places: 4))
    }
    rows.append(
      FigureRow(
        "quality, own thresholds", better: .more, first: first.quality, second: second.quality,
        difference: differences.quality, places: 4))
    rows.append(
      FigureRow(
        "USD per 1,000, own thresholds", better: .less, first: first.costUSD, second: second.costUSD,
        difference: differences.costUSD, places: 4,
        factor: 1_000))
    return rows
  }
}

/// One line of the table.
private struct FigureRow {
  enum Direction: String {
    case more
    case less
  }

  let cells: [String]

  init(
    _ name: String, better: Direction, first: Double?, second: Double?, difference: Interval?, places: Int = 3,
    factor: Double = 1
  ) {
    func text(_ value: Double?) -> String { NumberFormat.decimal(value.map { $0 * factor }, places: places) }
    func signed(_ value: Double?) -> String { NumberFormat.signed(value.map { $0 * factor }, places: places) }
    let own = first.flatMap { first in second.map { $0 - first } }
    let interval = difference.map { "\(signed($0.lower)) to \(signed($0.upper))" } ?? "-"
    cells = [name, better.rawValue, text(first), text(second), signed(own), interval]
  }
}
