import Evaluation
import TextKit

/// What other thresholds would have done. With a script a slider goes from choice to choice; without one they stand in a table.
struct ThresholdsPage {
  let selection: PageSelection
  let report: AuditReport
  let all: Traffic

  var main: PageMarkup {
    let thresholds = report.thresholds
    return """
      <h1>Thresholds</h1>
      \(FilterForm(selection: selection, traffic: all, path: "/thresholds").markup)
      <p>A threshold is the gain that a step up must bring to be paid for. Here all are multiplied by one factor: below 1 more \
      requests go up, above 1 fewer do. Nothing is changed by looking.</p>
      \(thresholds.reason.map { PageMarkup.missing("Nothing can be said of this period: \($0).") } ?? choices)
      """
  }

  private var choices: PageMarkup {
    let thresholds = report.thresholds
    let names = report.traffic.tierNames
    let rows = thresholds.choices.map { choice -> [PageMarkup] in
      let mark: PageMarkup = choice.isRecommended ? " <strong>worth a try</strong>" : .empty
      return [
        "×\(NumberFormat.short(choice.factor))\(mark)",
        "\(choice.costUSD.map { Self.signed($0) } ?? "not known")",
        "\(NumberFormat.signed(choice.predicted * 100, places: 2)) points", Self.rated(choice.rated),
      ] + choice.shares.map { "\(NumberFormat.percent($0, places: 1))" }
    }
    let present = thresholds.choices.firstIndex { $0.factor == 1 } ?? 0
    return """
      <div class="slider" data-slider="choices" hidden>
      <label for="factor">Factor on every threshold</label>
      <input id="factor" type="range" min="0" max="\(thresholds.choices.count - 1)" value="\(present)" step="1" \
      aria-describedby="factor-says">
      <output id="factor-says" for="factor" aria-live="polite"></output>
      </div>
      <div id="choices">
      \(PageMarkup.table(
        "What other thresholds would have done, against what was done",
        titles: ["factor", "dollars", "quality predicted", "quality as rated"] + names.map { "to \($0)" }, rows: rows))
      </div>
      <p>\(thresholds.advice)</p>
      <p class="faint">Counted on \(NumberFormat.count(thresholds.sampled)) of \(NumberFormat.count(thresholds.weighed)) requests \
      that a policy weighed. Dollars are modelled: prices × the tokens of the answers that were given.</p>
      """
  }

  private static func signed(_ amount: Double) -> String { (amount > 0 ? "+" : "") + FigureText.dollars(amount) }

  private static func rated(_ figure: AuditFigure) -> PageMarkup {
    guard let value = figure.value else { return "<small>\(figure.reason ?? "not known")</small>" }
    func points(_ value: Double) -> String { NumberFormat.signed(value * 100, places: 2) }
    guard let low = figure.low, let high = figure.high, low < high else { return "\(points(value)) points" }
    return "\(points(value)) points <small>\(points(low)) to \(points(high))</small>"
  }

  var json: JSONNode {
    let thresholds = report.thresholds
    return .object([
      ("refused", thresholds.reason.map(JSONNode.string) ?? .null), ("weighed", .integer(thresholds.weighed)),
      ("sampled", .integer(thresholds.sampled)), ("advice", .string(thresholds.advice)),
      (
        "choices",
        .array(
          thresholds.choices.map { choice in
            .object([
              ("factor", .number(choice.factor)), ("cost_usd", choice.costUSD.map(JSONNode.number) ?? .null),
              ("foretold", .number(choice.predicted)), ("rated", FigureJSON.node(choice.rated)),
              ("recommended", .boolean(choice.isRecommended)),
              ("shares", .object(zip(report.traffic.tierNames, choice.shares).map { ($0, JSONNode.number($1)) })),
            ])
          })
      ),
    ])
  }
}

/// Figures for programs.
enum FigureJSON {
  static func node(_ figure: AuditFigure) -> JSONNode {
    func number(_ value: Double?) -> JSONNode { value.map(JSONNode.number) ?? .null }
    return .object([
      ("value", number(figure.value)), ("low", number(figure.low)), ("high", number(figure.high)),
      ("reason", figure.reason.map(JSONNode.string) ?? .null), ("modelled", .boolean(figure.isModelled)),
    ])
  }
}
