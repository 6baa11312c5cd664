import TextKit

extension EvaluationReport {
  /// The policies side by side.
  func policyTable(_ baselines: Baselines) -> TextTable {
    var table = TextTable(["policy", "quality", "of strongest", "USD per 1,000"] + tierNames.map { "\($0) (%)" })
    let strongest = baselines.allStrongest.quality
    for (name, outcome) in baselines.named {
      let cells = [
        name, NumberFormat.decimal(outcome.quality, places: 4),
        NumberFormat.percent(outcome.quality / strongest, places: 1),
        NumberFormat.usd(outcome.costUSD.map { $0 * 1_000 }),
      ]
      let shares = outcome.share.map { NumberFormat.decimal($0 * 100, places: 1) }
      table.append(cells + shares, isEmphasised: name == Baselines.ownName)
    }
    return table
  }

  /// The pair's figures with their intervals.
  func figureTable(_ routing: RoutingReport) -> TextTable {
    let confidence = NumberFormat.percent(routing.intervals.parameters.confidence)
    var table = TextTable(["figure", "value", "\(confidence) interval"], wordColumns: [0, 2])
    for figure in routing.figures {
      table.append([figure.name, NumberFormat.decimal(figure.value), Self.range(figure.interval)])
    }
    return table
  }

  /// The heads side by side.
  var headTable: TextTable {
    var table = TextTable(["tier", "rows", "mean quality", "log-loss", "Brier", "AUC", "ECE"])
    for head in heads {
      let figures = [head.meanQuality, head.logLoss, head.brier, head.areaUnderROC, head.expectedCalibrationError]
      table.append([head.tier, NumberFormat.count(head.rows)] + figures.map { NumberFormat.decimal($0, places: 4) })
    }
    return table
  }

  /// The chosen tiers (rows) against the needed ones (columns).
  func confusionTable(_ confusion: TierConfusion) -> TextTable {
    var table = TextTable(["chosen \\ needed"] + tierNames + ["none adequate"])
    for tier in tierNames.indices {
      table.append([tierNames[tier]] + confusion.counts.row(tier).map(NumberFormat.count))
    }
    return table
  }

  /// The groups side by side.
  var groupTable: TextTable {
    var table = TextTable(
      [
        grouping?.rawValue ?? "group", "rows", "complete", "cheapest", "this model", "strongest", "APGR", "interval",
        "by length", "",
      ], wordColumns: [0, 7, 9])
    for group in groups { table.append(Self.cells(group)) }
    return table
  }

  private static func cells(_ group: GroupReport) -> [String] {
    let routing = group.routing
    let baselines = routing?.baselines
    let qualities = [baselines?.allCheapest, baselines?.own, baselines?.allStrongest].map { $0?.quality }
    let counts = [NumberFormat.count(group.rows), NumberFormat.count(routing?.rows ?? 0)]
    return [group.name] + counts + qualities.map { NumberFormat.decimal($0) } + [
      NumberFormat.decimal(routing?.metrics.apgr), range(routing?.intervals.apgr),
      NumberFormat.decimal(routing?.lengthMetrics.apgr), group.isSmall ? "few rows" : "",
    ]
  }

  /// An interval in words; "-" for `nil`.
  static func range(_ interval: Interval?) -> String {
    interval.map { "\(NumberFormat.decimal($0.lower)) to \(NumberFormat.decimal($0.upper))" } ?? "-"
  }
}
