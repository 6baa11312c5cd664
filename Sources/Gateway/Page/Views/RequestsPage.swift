import ChatProtocols
import Evaluation
import TextKit

/// The requests behind a number.
struct RequestsPage {
  static let pageRows = 50

  let selection: PageSelection
  let query: TrafficQuery
  let rows: [TrafficRow]
  let total: Int
  /// The period without a filter, for what there is to choose from.
  let all: Traffic

  var main: PageMarkup {
    let orders = TrafficQuery.Order.allCases.map { order -> PageMarkup in
      let current: PageMarkup = order == query.order ? " aria-current=\"true\"" : ""
      return
        "<li><a href=\"/requests\(selection.query([("order", order.rawValue)]))\"\(current)>\(order.rawValue)</a></li>"
    }
    return """
      <h1>Requests</h1>
      \(FilterForm(selection: selection, traffic: all, path: "/requests").markup)
      <p>\(NumberFormat.count(total)) requests of the last \(selection.period.name).</p>
      <nav aria-label="Order"><ul class="orders">\(orders)</ul></nav>
      \(rows.isEmpty ? .missing("No request passes. Choose a longer period, or show it without filters.") : Self.table("Requests, \(query.order.rawValue) first", rows))
      \(pages)
      """
  }

  private var pages: PageMarkup {
    var links: [PageMarkup] = []
    func link(_ offset: Int, _ text: String) -> PageMarkup {
      "<a href=\"/requests\(selection.query([("order", query.order.rawValue), ("offset", "\(offset)")]))\">\(text)</a>"
    }
    if query.offset > 0 { links.append(link(max(0, query.offset - Self.pageRows), "Earlier in the list")) }
    if rows.count == query.limit, query.offset + rows.count < total {
      links.append(link(query.offset + Self.pageRows, "Further down the list"))
    }
    return links.isEmpty ? .empty : "<nav aria-label=\"List\" class=\"row\">\(links)</nav>"
  }

  static func table(_ caption: String, _ rows: [TrafficRow]) -> PageMarkup {
    guard !rows.isEmpty else { return .missing("There is none.") }
    let titles = [
      "request", "time", "key", "task", "policy", "reason", "tier", "answered by", "cost", "time taken", "status",
    ]
    return .table(
      caption, titles: titles,
      rows: rows.map { row in
        [
          "<a href=\"/requests/\(PageSelection.escaped(row.id))\">\(row.id)</a>", FigureText.time(row.time),
          "\(row.key ?? "–")", "\(row.task ?? "–")", "\(row.policy ?? "–")", "\(row.reason ?? "–")",
          "\(row.tier ?? "–")",
          "\(row.target ?? row.answeredTier ?? "none")", "\(row.costUSD.map(FigureText.dollars) ?? "not known")",
          "\(FigureText.milliseconds(row.latencyMilliseconds))", "\(row.status.map(String.init) ?? "–")",
        ]
      })
  }
}

extension TrafficQuery {
  /// How many requests there were of those that the query asks for, whether they are still kept or not; found from sums, for counting rows takes
  /// long.
  func count(in total: TrafficCell) -> Int {
    switch filter.isFailure {
    case nil: total.requests
    case true?: total.failures
    case false?: total.requests - total.failures
    }
  }

  /// What a page's query says.
  init(_ call: PageCall) {
    let selection = call.selection
    self.init(hours: selection.period.range(endingAt: call.now))
    filter = selection.filter
    if let text = call.query["order"], let known = Order(rawValue: text) { order = known }
    offset = min(max(0, call.query["offset"].flatMap { Int($0) } ?? 0), 100_000)
    limit = min(max(1, call.query["limit"].flatMap { Int($0) } ?? RequestsPage.pageRows), 500)
  }
}

extension TrafficRow {
  /// What programs are told of a request.
  var json: JSONNode {
    func text(_ text: String?) -> JSONNode { text.map(JSONNode.string) ?? .null }
    func number(_ number: Double?) -> JSONNode { number.map(JSONNode.number) ?? .null }
    func count(_ count: Int?) -> JSONNode { count.map(JSONNode.integer) ?? .null }
    return .object([
      ("id", .string(id)), ("time", .number(time)), ("conversation", text(conversation)), ("key", text(key)),
      ("task", text(task)), ("policy", text(policy)), ("reason", text(reason)), ("tier", text(tier)),
      ("answered_tier", text(answeredTier)), ("target", text(target)), ("status", count(status)),
      ("failed", .boolean(isFailure)), ("latency_ms", number(latencyMilliseconds)), ("cost_usd", number(costUSD)),
      ("strongest_usd", number(strongestUSD)), ("attempts", .integer(attempts)), ("escalated", .boolean(isEscalated)),
    ])
  }
}
