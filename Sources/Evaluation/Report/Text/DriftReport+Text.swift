import TextKit

extension DriftReport {
  /// The report as text for a terminal: the verdict, the tests that say most, what is not known.
  ///
  /// - Parameter coloured: whether headings are emphasised by terminal escapes. Names of the log cannot add any.
  package func text(coloured: Bool = false) -> String {
    let style = TextStyle(isColoured: coloured)
    var sections = [style.strong(verdict)]
    if !mostTelling.isEmpty { sections.append(table(mostTelling).text(style)) }
    sections.append(causes.joined(separator: "\n"))
    sections.append((expectationLines + unknownLines + notes).map(SafeText.visible).joined(separator: "\n"))
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// The verdict, and the causes of what says that traffic is not what it was.
  var findings: [String] { [verdict] + causes }

  private var causes: [String] {
    var causes = mostTelling.filter { $0.state.isAlarm == true }.prefix(Self.shownCauses).map { test in
      "\(SafeText.visible(test.cause ?? test.name)). To do: \(SafeText.visible(test.remedy ?? ""))."
    }
    let others = tests.count { $0.state.isAlarm == true } - causes.count
    if others > 0 { causes.append("… and \(others) more tests, in the table or with --format json.") }
    return causes
  }

  private var verdict: String {
    let span = "\(NumberFormat.count(rows)) requests on \(NumberFormat.count(days)) days"
    switch alarm {
    case true?:
      let count = tests.count { $0.state.isAlarm == true }
      return "Drift: \(count == 1 ? "one test says" : "\(count) tests say") that traffic is not what it was (\(span))."
    case false?:
      let watched = tests.count { $0.evidence != nil }
      let others = tests.count - watched
      return "No drift by \(watched) of \(tests.count) tests (\(span))"
        + (others == 0 ? "." : "; \(others) had too little to compare with, and say nothing.")
    case nil: return "It is unknown: \(reason ?? "tests that are watched have too little data") (\(span))."
    }
  }

  /// Alarms first, then the most specific.
  var mostTelling: [DriftTest] {
    let known = tests.filter { $0.evidence != nil }
    return Array(
      known.sorted {
        (($1.state.isAlarm ?? false) ? 1 : 0, $0.adjusted ?? 1, $0.name)
          < (($0.state.isAlarm ?? false) ? 1 : 0, $1.adjusted ?? 1, $1.name)
      }.prefix(Self.shown))
  }

  private static let shown = 12
  private static let shownCauses = 3

  private func table(_ tests: [DriftTest]) -> TextTable {
    var table = TextTable(
      ["test", "evidence", "p", "adjusted", "reference", "now", "alarm"], wordColumns: [0, 6])
    for test in tests {
      let alarm: String
      switch test.state {
      case .quiet: alarm = "no"
      case .alarm(let since): alarm = since.map { $0 >= 0 ? "since \(Self.date($0))" : "yes" } ?? "yes"
      case .unknown: alarm = "unknown"
      }
      table.append(
        [
          test.name, NumberFormat.decimal(test.evidence, places: 1), NumberFormat.short(test.p ?? 1, digits: 2),
          NumberFormat.short(test.adjusted ?? 1, digits: 2), NumberFormat.decimal(test.before),
          NumberFormat.decimal(test.now), alarm,
        ], isEmphasised: test.state.isAlarm == true)
    }
    return table
  }

  private var expectationLines: [String] {
    let known = expectations.compactMap { expectation in
      expectation.now.map { now in
        "\(SafeText.name(expectation.tier)) \(NumberFormat.percent(expectation.before, places: 1)) → "
          + "\(NumberFormat.percent(now.value, places: 1)) (\(NumberFormat.percent(now.low, places: 1)) to "
          + "\(NumberFormat.percent(now.high, places: 1)))"
      }
    }
    guard !known.isEmpty else { return [] }
    return [
      "Expected quality without labels: \(known.joined(separator: "; ")). It holds only while the tiers answer as they did when the "
        + "model was made, and decides nothing."
    ]
  }

  private var unknownLines: [String] {
    let unknown = tests.filter { $0.state.isAlarm == nil }
    let lines = unknown.prefix(Self.shown).map { test -> String in
      guard case .unknown(let why) = test.state else { return test.name }
      return "\(test.name) \(test.isWatched ? "cannot decide" : "is not watched"): \(why)."
    }
    return lines + (unknown.count > Self.shown ? ["… and \(unknown.count - Self.shown) more without data."] : [])
  }
}
