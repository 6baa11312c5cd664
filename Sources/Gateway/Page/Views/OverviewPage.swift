import Evaluation
import TextKit

/// The first part of the page, in the order of what its figures are worth to the operator who pays.
struct OverviewPage {
  let call: PageCall
  let selection: PageSelection
  let report: AuditReport
  let asOf: Double
  /// The period without a filter.
  let all: Traffic

  private var total: TrafficCell { report.total }

  var main: PageMarkup {
    """
    <h1>Overview</h1>
    \(FilterForm(selection: selection, traffic: all, path: "/").markup)
    <p class="faint">The last \(selection.period.name), in whole hours, as of \(FigureText.time(asOf)). \
    \(NumberFormat.count(total.requests)) requests.</p>
    \(lacks)
    \(alerts)
    \(total.requests == 0 ? empty : PageMarkup([money, quality, curves, shares, keys, targets, calibration, changes, details]))
    \(decisions)
    """
  }

  private var empty: PageMarkup {
    .missing(
      selection.filter.isEmpty
        ? "No request came in this period. Point a client at the gateway, or choose a longer period."
        : "No request of this period passes these filters. Show it without filters, or choose a longer period.")
  }

  private var lacks: PageMarkup {
    PageMarkup(report.traffic.lacks.map { "<p class=\"notice\">\($0)</p>" })
  }

  private var alerts: PageMarkup {
    let raised = call.shared.alerts.raised
    guard !raised.isEmpty else { return .empty }
    let items = raised.map {
      "<li><b>\($0.alert.name)</b>: \($0.alert.cause) Since \(FigureText.time($0.time)).</li>" as PageMarkup
    }
    return
      "<section class=\"notice\" aria-label=\"Alerts\"><ul>\(items)</ul><p><a href=\"/alerts\">What to do</a></p></section>"
  }

  private func link(_ changes: [(name: String, value: String)], _ text: PageMarkup) -> PageMarkup {
    "<a href=\"/requests\(selection.query(changes))\">\(text)</a>"
  }

  private func card(_ title: String, _ value: PageMarkup, _ note: PageMarkup = .empty) -> PageMarkup {
    "<div class=\"card\"><h3>\(title)</h3><p>\(value)</p><p class=\"faint\">\(note)</p></div>"
  }

  private var money: PageMarkup {
    let money = report.money
    let unpriced: PageMarkup =
      money.unpriced == 0
      ? "every request's cost is known" : "and \(NumberFormat.count(money.unpriced)) requests whose cost no one knows"
    let modelled: PageMarkup =
      money.saved.isModelled
      ? "The strongest tier's dollars are its prices × the tokens of the answers that were given: no shadow answer shows what it had really taken."
      : "Corrected by shadow answers of the strongest tier."
    return """
      <section aria-labelledby="money"><h2 id="money">Money</h2>
      <div class="cards">
      \(card("Saved, net", FigureText.usd(money.net), "against all to the strongest tier, less labels and judge"))
      \(card("Spent", "<b>\(link([("order", "dearest")], "\(FigureText.dollars(money.spentUSD))"))</b>", unpriced))
      \(card("Saved against all-strongest", FigureText.usd(money.saved), "\(FigureText.share(money.savedShare)) of \(FigureText.dollars(money.strongestUSD))"))
      \(card("Labels and judge", "<b>\(FigureText.dollars(money.labelUSD + money.judgeUSD))</b>", "\(FigureText.dollars(money.labelUSD)) for answers, \(FigureText.dollars(money.judgeUSD)) for the judge"))
      \(card("Thrown away by cascades", "<b>\(FigureText.dollars(money.rejectedUSD))</b>", "part of what was spent"))
      \(card("Quality over a random mix", FigureText.share(money.overMix), "of the cheapest and the strongest tier for the same dollars"))
      </div>
      <p class="faint">\(modelled)</p>
      </section>
      """
  }

  private var quality: PageMarkup {
    let quality = report.quality
    let guarantee: PageMarkup =
      switch quality.guarantee {
      case .none: "No guarantee is named."
      case .kept: "<strong>The guarantee is kept.</strong>"
      case .broken: "<strong class=\"bad\">The guarantee is broken.</strong>"
      case .open(let reason): "Whether the guarantee holds is not known: \(reason)"
      }
    let rows = quality.tiers.map { part -> [PageMarkup] in
      [
        "\(part.name)", link([("tier", part.name)], "\(NumberFormat.count(part.requests))"),
        "\(NumberFormat.count(part.ratings))", FigureText.share(part.served), FigureText.share(part.ofAll),
      ]
    }
    let tasks = quality.tasks.map { part -> [PageMarkup] in
      [
        "\(part.name)", link([("task", part.name)], "\(NumberFormat.count(part.requests))"),
        "\(NumberFormat.count(part.ratings))", FigureText.share(part.served),
      ]
    }
    return """
      <section aria-labelledby="quality"><h2 id="quality">Quality</h2>
      <p>Served: \(FigureText.share(quality.served)) from \(NumberFormat.count(quality.ratings)) ratings, \
      \(NumberFormat.count(quality.missing)) of \(NumberFormat.count(quality.drawn)) draws without one. \(guarantee)</p>
      \(PageMarkup.table("Quality per tier", titles: ["tier", "requests", "ratings", "of what it served", "were it asked for all"], rows: rows))
      \(tasks.isEmpty ? .empty : .table("Quality per kind of task", titles: ["task", "requests", "ratings", "of what was served"], rows: tasks))
      </section>
      """
  }

  /// What the report draws.
  private var curves: PageMarkup {
    let plots = report.plotsHTML
    return plots.isEmpty ? .empty : "<div class=\"plots\">\(PageMarkup(trusting: plots))</div>"
  }

  private var shares: PageMarkup {
    struct Place: Hashable { var reason, tier: String? }
    let parts = report.traffic.totals { Place(reason: $0.reason, tier: $0.tier) }
    let reasons = Set(parts.keys.map(\.reason)).sorted { ($0 ?? "") < ($1 ?? "") }
    var tiers: [String?] = report.traffic.tierNames
    if parts.keys.contains(where: { $0.tier.map { !report.traffic.tierNames.contains($0) } ?? true }) {
      tiers.append(nil)
    }
    let rows = reasons.map { reason -> [PageMarkup] in
      let name = reason ?? TrafficFilter.none
      let own = report.traffic.totals { $0.reason == reason }[true] ?? TrafficCell()
      let cells = tiers.map { tier -> PageMarkup in
        let count =
          tier == nil
          ? others(parts.filter { $0.key.reason == reason }.map { ($0.key.tier, $0.value.requests) })
          : parts[Place(reason: reason, tier: tier)]?.requests ?? 0
        guard count > 0 else { return "0" }
        guard let tier else { return "\(NumberFormat.count(count))" }
        return link([("reason", name), ("tier", tier)], "\(NumberFormat.count(count))")
      }
      return [link([("reason", name)], "\(name)")] + cells + [
        "\(NumberFormat.percent(Double(own.requests) / Double(max(1, total.requests)), places: 1))",
        "\(FigureText.dollars(own.costUSD))",
      ]
    }
    return """
      <section aria-labelledby="shares"><h2 id="shares">Where requests went, and why</h2>
      \(PageMarkup.table("Requests by reason and tier", titles: ["reason"] + tiers.map { $0 ?? "none or other" } + ["share", "spent"], rows: rows))
      </section>
      """
  }

  private func others(_ counts: [(tier: String?, count: Int)]) -> Int {
    counts.filter { $0.tier.map { !report.traffic.tierNames.contains($0) } ?? true }.reduce(0) { $0 + $1.count }
  }

  private var keys: PageMarkup {
    let totals = report.traffic.totals(by: \.key).sorted {
      ($0.value.costUSD, $1.key ?? "") > ($1.value.costUSD, $0.key ?? "")
    }
    let rows = totals.prefix(50).map { key, cell -> [PageMarkup] in
      let name = key ?? TrafficFilter.none
      return [
        link([("key", name)], "\(name)"), link([("key", name)], "\(NumberFormat.count(cell.requests))"),
        "\(FigureText.dollars(cell.costUSD))", "\(NumberFormat.count(cell.unpriced))",
        cell.compared > 0 ? "\(FigureText.dollars(cell.savedUSD))" : "not known",
      ]
    }
    return """
      <section aria-labelledby="keys"><h2 id="keys">Keys</h2>
      \(PageMarkup.table("Dollars per key", titles: ["key", "requests", "spent", "cost not known", "saved, by prices"], rows: rows))
      </section>
      """
  }

  private var targets: PageMarkup {
    let rows = report.targets.targets.map { part -> [PageMarkup] in
      let name = part.target ?? TrafficFilter.none
      return [
        link([("target", name)], "\(name)"), "\(NumberFormat.count(part.requests))",
        link([("target", name), ("failed", "yes")], "\(NumberFormat.percent(part.failures.value, places: 2))"),
        "\(FigureText.milliseconds(part.median))", "\(FigureText.milliseconds(part.slow))",
        "\(part.meanUSD.map(FigureText.dollars) ?? "–")", "\(part.perGoodUSD.map(FigureText.dollars) ?? "–")",
      ]
    }
    return """
      <section aria-labelledby="targets"><h2 id="targets">Targets</h2>
      \(PageMarkup.table("Time and dollars per target", titles: ["target", "requests", "without an answer", "half within", "95 % within", "per request", "per good answer"], rows: rows))
      </section>
      """
  }

  private var calibration: PageMarkup {
    let bins = CalibrationBin.all(report.traffic.sample, tierNames: report.traffic.tierNames)
    guard !bins.isEmpty else {
      return """
        <section aria-labelledby="reliability"><h2 id="reliability">Is the model right about itself?</h2>
        \(PageMarkup.missing("No label of this period stands beside a probability. Shadow labels with an audit share (shadow: audit) bring some."))
        </section>
        """
    }
    let rows = bins.map { bin -> [PageMarkup] in
      [
        "\(bin.tier), \(NumberFormat.percent(bin.range.lowerBound, places: 0)) to \(NumberFormat.percent(bin.range.upperBound, places: 0))",
        "\(NumberFormat.count(bin.count))", "\(NumberFormat.percent(bin.predicted, places: 1))",
        "\(NumberFormat.percent(bin.found, places: 1))",
      ]
    }
    return """
      <section aria-labelledby="reliability"><h2 id="reliability">Is the model right about itself?</h2>
      \(PageMarkup.table("Predicted and found quality on fresh labels", titles: ["tier, probability", "labels", "predicted", "found"], rows: rows))
      </section>
      """
  }

  private var changes: PageMarkup {
    guard !report.changes.isEmpty else { return .empty }
    let rows = report.changes.map { change -> [PageMarkup] in
      ["\(change.name)", "\(Self.text(change.before, change.unit))", "\(Self.text(change.now, change.unit))"]
    }
    return """
      <section aria-labelledby="changes"><h2 id="changes">Since the period before</h2>
      \(PageMarkup.table("The same figures of the period before", titles: ["figure", "before", "now"], rows: rows))
      </section>
      """
  }

  private static func text(_ value: Double?, _ unit: AuditChange.Unit) -> String {
    guard let value else { return "not known" }
    return switch unit {
    case .count: NumberFormat.count(Int(value.rounded()))
    case .usd: FigureText.dollars(value)
    case .share: NumberFormat.percent(value, places: 1)
    case .milliseconds: FigureText.milliseconds(value)
    }
  }

  private var details: PageMarkup {
    """
    <section aria-labelledby="dearest"><h2 id="dearest">Most expensive requests</h2>
    \(RequestsPage.table("The ten most expensive", Array(report.traffic.details.mostExpensive.prefix(10))))
    <p>\(link([("order", "dearest")], "All, most expensive first"))</p>
    </section>
    """
  }

  private var decisions: PageMarkup {
    """
    <section aria-labelledby="why"><h2 id="why">Why this tier?</h2>
    <form method="get" action="/requests" class="row">
    <label for="request">Id of a request (x-ockham-request-id)</label>
    <input id="request" name="id" required maxlength="128" autocomplete="off">
    <button>Open</button>
    </form>
    <p>Next: <a href="/audit">rate answers</a>, <a href="/promotion">the canary and its evidence</a>, \
    <a href="/thresholds\(selection.query())">what other thresholds would do</a>.</p>
    </section>
    """
  }
}
