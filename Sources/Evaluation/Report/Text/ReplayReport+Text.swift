import TextKit

extension ReplayReport {
  /// The report as text for a terminal: what was compared, a table of figures, what that means, then groups.
  ///
  /// - Parameter coloured: whether headings are emphasised by terminal escapes. Names of the log cannot add any.
  package func text(coloured: Bool = false) -> String {
    let style = TextStyle(isColoured: coloured)
    var sections = [summary, table.text(style), sentences.map(SafeText.visible).joined(separator: "\n")]
    for kind in ReplayGroup.Kind.allCases {
      let groups = groups.filter { $0.kind == kind }
      guard groups.count > 1 else { continue }
      sections.append(style.strong("By \(kind.word)") + "\n" + table(of: groups, kind).text(style))
    }
    return sections.joined(separator: "\n\n") + "\n"
  }

  private var summary: String {
    let span = period.map { period in
      let days = [period.lowerBound, period.upperBound].map { String(CivilTime.timestamp(seconds: $0).prefix(10)) }
      return days[0] == days[1] ? ", \(days[0])" : ", \(days[0]) to \(days[1])"
    }
    let shown = [incumbent, candidate].map { side in
      let shares = zip(tierNames, side.share).filter { $1 > 0 }
        .map { "\(SafeText.name($0)) \(NumberFormat.percent($1, places: 1))" }
      return SafeText.name(side.name, limit: 400) + ": " + shares.joined(separator: ", ")
    }
    return """
      \(NumberFormat.count(rows)) requests in \(NumberFormat.count(conversations)) conversations\(span ?? ""); \
      tiers from cheapest to most expensive: \(SafeText.names(tierNames))
      incumbent  \(shown[0])
      candidate  \(shown[1])
      """
  }

  private var table: TextTable {
    let interval = "\(NumberFormat.percent(options.confidence)) interval"
    var table = TextTable(
      ["per request", "incumbent", "candidate", "difference", interval, "rests on"], wordColumns: [0, 4, 5])
    for quantity in ReplayQuantity.allCases { table.append(row(quantity), isEmphasised: quantity == .quality) }
    let saved = self.saved
    table.append([
      "dollars saved", "", "", NumberFormat.percent(saved?.value, places: 1),
      saved.map { "\(NumberFormat.percent($0.low, places: 1)) to \(NumberFormat.percent($0.high, places: 1))" } ?? "-",
      "",
    ])
    return table
  }

  private func row(_ quantity: ReplayQuantity) -> [String] {
    let estimate = estimate(quantity)
    let difference = estimate?.difference
    return [
      quantity.title, quantity.text(estimate?.incumbent?.value), quantity.text(estimate?.candidate?.value),
      quantity.signed(difference?.value),
      difference.map { "\(quantity.signed($0.low)) to \(quantity.signed($0.high))" } ?? "-",
      estimate.map(Self.basis) ?? "refused",
    ]
  }

  private static func basis(_ estimate: ReplayEstimate) -> String {
    let evidence = estimate.evidence
    switch estimate.method {
    case .labels:
      return "\(NumberFormat.count(evidence.matchedRows)) known under both"
    case .propensities:
      return
        "\(NumberFormat.count(evidence.matchedRows)) draws, ESS \(NumberFormat.decimal(evidence.effectiveSampleSize, places: 0))"
    case .predicted: return "means by tier (model-based)"
    case nil: return "refused"
    }
  }

  private func table(of groups: [ReplayGroup], _ kind: ReplayGroup.Kind) -> TextTable {
    let interval = "\(NumberFormat.percent(options.confidence)) interval"
    var table = TextTable(
      [kind.word, "requests", "differ", "rated", "quality", interval, "USD per 1,000", interval],
      wordColumns: [0, 5, 7])
    for group in groups.prefix(Self.shownGroups) {
      let cells = [ReplayQuantity.quality, .costUSD].flatMap { quantity -> [String] in
        let difference = objection == nil ? group.estimates[quantity]?.difference : nil
        return [
          quantity.signed(difference?.value),
          difference.map { "\(quantity.signed($0.low)) to \(quantity.signed($0.high))" } ?? "-",
        ]
      }
      table.append(
        [
          group.name, NumberFormat.count(group.rows), NumberFormat.percent(group.disagreement, places: 1),
          NumberFormat.count(group.estimates[.quality]?.evidence.matchedRows ?? 0),
        ] + cells)
    }
    return table
  }

  /// The groups of one kind that a table shows; JSON has all.
  private static let shownGroups = 12
}

extension ReplayGroup.Kind {
  /// As people call it.
  fileprivate var word: String {
    switch self {
    case .tier: "tier"
    case .task: "task"
    case .dataset: "key or dataset"
    }
  }
}

extension ReplayQuantity {
  fileprivate var title: String {
    switch self {
    case .quality: "quality"
    case .costUSD: "USD per 1,000"
    case .latencyMilliseconds: "latency, ms"
    case .failures: "failures"
    }
  }

  fileprivate func text(_ value: Double?) -> String {
    switch self {
    case .quality: NumberFormat.decimal(value, places: 4)
    case .costUSD: NumberFormat.usd(value.map { $0 * 1_000 })
    case .latencyMilliseconds: NumberFormat.decimal(value, places: 0)
    case .failures: NumberFormat.percent(value, places: 2)
    }
  }

  /// A difference with its sign.
  func signed(_ value: Double?) -> String {
    let text = text(value)
    return (value ?? 0) > 0 && text.contains { "123456789".contains($0) } ? "+" + text : text
  }
}
