import TextKit

extension EvaluationReport {
  /// The report as one self-contained page: no script, no external asset, readable in light and dark.
  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Ockham evaluation: \(Markup.escaped(SafeText.names(tierNames)))</title>
    <style>
    \(PageStyle.css)
    </style>
    </head>
    <body>
    \(sections.joined(separator: "\n"))
    </body>
    </html>

    """
  }

  private var sections: [String] {
    var sections = [heading]
    if let routing { sections += [cards(routing), meaning, routingSections(routing)] }
    if let offPolicy {
      let sentences = offPolicy.sentences.map { "<p>\(Markup.escaped($0))</p>" }
      sections.append(section("Off-policy estimates", ([offPolicy.table.html] + sentences).joined(separator: "\n")))
    }
    if !savings.levels.isEmpty {
      sections.append(section("Saved at a quality, out of fold", savings.table.html))
    }
    if let cascade {
      let tables =
        cascade.levels.isEmpty ? [] : [cascade.table, cascade.figureTable] + [cascade.groupTable].compactMap(\.self)
      let sentences = cascade.sentences.map { "<p>\(Markup.escaped($0))</p>" }
      sections.append(section(cascade.title, (tables.map(\.html) + sentences).joined(separator: "\n")))
    }
    sections.append(section(advice.title, advice.table.html))
    if let ladder, !ladder.doubtful.isEmpty {
      sections.append(section(ladder.title, ladder.table(tierNames: tierNames).html))
    }
    sections.append(section("Heads", headTable.html + reliabilityPlots))
    if let confusion = routing?.confusion {
      sections.append(section("Chosen tier against lowest adequate tier", confusionSection(confusion)))
    }
    if let grouping { sections.append(section("By \(grouping.rawValue)", groupTable.html)) }
    if let robustness { sections.append(section("Robustness", robustness.html)) }
    if !notes.isEmpty {
      sections.append(
        section("Notes", "<ul>\n" + notes.map { "<li>\(Markup.escaped($0))</li>" }.joined(separator: "\n") + "\n</ul>"))
    }
    return sections
  }

  private var heading: String {
    let complete = NumberFormat.count(routing?.rows ?? 0)
    let origin = origin.map { "<p>\(Markup.escaped($0.line))</p>\n" } ?? ""
    return """
      <h1>Ockham evaluation</h1>
      \(origin)\
      <p class="faint">Tiers, cheapest first: \(Markup.escaped(SafeText.names(tierNames))). \
      \(NumberFormat.count(rows)) rows, \(complete) with every tier's quality known.</p>
      """
  }

  private func section(_ title: String, _ body: String) -> String {
    "<section>\n<h2>\(Markup.escaped(title))</h2>\n\(body)\n</section>"
  }

  private func routingSections(_ routing: RoutingReport) -> String {
    let gap = gapTitle(routing)
    let panels = [
      routing.baselines.map { costQualityPlot(routing, $0).html } ?? "", sharePlot(routing).html,
      tierSharePlot()?.html ?? "",
      "<figure>\n<figcaption>\(Markup.escaped(gap))</figcaption>\n\(figureTable(routing).html)\n</figure>",
    ]
    return (routing.baselines.map { section("Routing", policyTable($0).html) } ?? "")
      + section("Curves", "<div class=\"plots\">\n\(panels.joined(separator: "\n"))\n</div>")
  }

  private var reliabilityPlots: String {
    let plots = heads.enumerated().map { reliabilityPlot($1, style: "t\($0 % 8)").html }
    return "<div class=\"plots small\">\n\(plots.joined(separator: "\n"))\n</div>"
  }

  private func confusionSection(_ confusion: TierConfusion) -> String {
    let total = Double(max(1, confusion.counts.elements.reduce(0, +)))
    func share(_ count: Int) -> String { NumberFormat.decimal(Double(count) / total * 100, places: 1) + "&nbsp;%" }
    return """
      <p>A tier is adequate where its quality is at least 0.5. \(share(confusion.rightCount)) of the rows went to \
      the lowest adequate tier (framed; where none is adequate, the cheapest), \(share(confusion.tooHighCount)) \
      higher than needed, \(share(confusion.tooLowCount)) lower.</p>
      \(confusion.html(tierNames: tierNames))
      """
  }
}
