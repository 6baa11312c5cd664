import TextKit

extension EvaluationReport {
  /// The report as text for a terminal.
  ///
  /// - Parameter coloured: whether headings are emphasised by terminal escapes. Names of the log cannot add any.
  package func text(coloured: Bool = false) -> String {
    let style = TextStyle(isColoured: coloured)
    var sections = [summary]
    func add(_ title: String, _ table: TextTable) {
      sections.append(style.strong(title) + "\n" + table.text(style))
    }
    if let baselines = routing?.baselines { add("Routing", policyTable(baselines)) }
    if let routing { add(gapTitle(routing), figureTable(routing)) }
    if let confusion = routing?.confusion { add("Chosen tier against lowest adequate tier", confusionTable(confusion)) }
    if !savings.levels.isEmpty { add("Saved at a quality, out of fold", savings.table) }
    if let cascade {
      if !cascade.levels.isEmpty {
        add(cascade.title, cascade.table)
        add("Cascades: quality over dollars", cascade.figureTable)
      }
      if let table = cascade.groupTable, let grouping {
        add("Cascade at \(NumberFormat.percent(CascadeReport.groupQuality)) by \(grouping.rawValue)", table)
      }
      sections.append(cascade.sentences.joined(separator: "\n"))
    }
    if let offPolicy {
      add("Off-policy estimates", offPolicy.table)
      sections.append(offPolicy.sentences.map(SafeText.visible).joined(separator: "\n"))
    }
    add(advice.title, advice.table)
    if let ladder, !ladder.doubtful.isEmpty { add(ladder.title, ladder.table(tierNames: tierNames)) }
    add("Heads", headTable)
    if let grouping { add("By \(grouping.rawValue)", groupTable) }
    if let robustness {
      add("Robustness: harmless changes", robustness.noiseTable)
      add("Robustness: appended tokens", robustness.suffixTable)
      sections.append(robustness.sentences.joined(separator: "\n"))
    }
    if !notes.isEmpty {
      sections.append(style.strong("Notes") + notes.map { "\n- " + SafeText.visible($0) }.joined())
    }
    return sections.joined(separator: "\n\n") + "\n"
  }

  /// What the pair's figures are called, with the rows that they are measured on.
  func gapTitle(_ routing: RoutingReport) -> String {
    "Gap recovered, \(shownTier(pair.weak)) to \(shownTier(pair.strong)), \(NumberFormat.count(routing.pairRows)) rows"
  }

  private var summary: String {
    let complete = NumberFormat.count(routing?.rows ?? 0)
    let line =
      (origin.map { SafeText.visible($0.line) + "\n" } ?? "")
      + "\(NumberFormat.count(rows)) rows, \(complete) with every tier's quality; tiers from cheapest to most expensive: "
      + SafeText.names(tierNames)
    guard let tasks else { return line }
    let accuracy = NumberFormat.percent(tasks.accuracy, places: 1)
    return line + "\nkind of task recognised in \(accuracy) of \(NumberFormat.count(tasks.rows)) labelled rows"
  }
}
