import ChatProtocols
import Foundation
import GatewayCore

/// The frame of every page: what stands in `page.html`, with its gaps filled.
struct PageText: Sendable {
  /// The parts of the page, in the order of the navigation.
  static let parts: [(path: String, name: String)] = [
    ("/", "Overview"), ("/requests", "Requests"), ("/thresholds", "Thresholds"), ("/audit", "Audit"),
    ("/playground", "Playground"), ("/promotion", "Promotion"), ("/alerts", "Alerts and budgets"),
  ]

  let call: PageCall
  /// The path of the part that the page belongs to.
  let part: String
  let title: String

  /// - Parameter live: whether the page is brought up to date by itself.
  func response(_ main: PageMarkup, status: Int = 200, isLive: Bool = true) -> OutgoingResponse {
    let links = Self.parts.map { part -> PageMarkup in
      let current: PageMarkup = part.path == self.part ? " aria-current=\"page\"" : ""
      return "<li><a href=\"\(part.path)\"\(current)>\(part.name)</a></li>"
    }
    return Self.filled(
      title: title, navigation: "<nav aria-label=\"Parts\"><ul>\(links)</ul></nav>", visitor: visitor,
      main: PageMarkup([madeUp, main]), isLive: isLive, status: status)
  }

  /// A demo's figures are never taken for somebody's.
  private var madeUp: PageMarkup {
    call.runtime.configuration.isDemo
      ? "<p class=\"notice\">This is a demo: two weeks of <strong>made-up traffic</strong>, beside what you ask of it yourself.</p>"
      : .empty
  }

  private var visitor: PageMarkup {
    guard let visitor = call.visitor else { return .empty }
    let who: PageMarkup = "<span>\(visitor.name), \(visitor.role.rawValue)</span>"
    guard visitor.means == .session else { return who }
    return "\(who)<form method=\"post\" action=\"/logout\">\(Self.token(visitor))<button>Log out</button></form>"
  }

  /// The hidden field of every form that does something.
  static func token(_ visitor: PageVisitor?) -> PageMarkup {
    "<input type=\"hidden\" name=\"\(PageGuard.tokenField)\" value=\"\(visitor?.actionToken ?? "")\">"
  }

  static func error(_ error: GatewayError) -> OutgoingResponse {
    let heading = error.status == 404 ? "Not found" : error.status >= 500 ? "Not now" : "Not done"
    let main: PageMarkup = """
      <h1>\(heading)</h1>
      <p class="error" role="alert">\(error.message)</p>
      <p><a href="/">Back to the overview</a></p>
      """
    return filled(
      title: heading, navigation: .empty, visitor: .empty, main: main, isLive: false, status: error.status)
  }

  static func filled(
    title: String, navigation: PageMarkup, visitor: PageMarkup, main: PageMarkup, isLive: Bool, status: Int = 200
  ) -> OutgoingResponse {
    let gaps: [(String, PageMarkup)] = [
      ("{{title}}", "\(title)"), ("{{live}}", isLive ? "yes" : "no"), ("{{visitor}}", visitor),
      ("{{navigation}}", navigation), ("{{main}}", main),
    ]
    // One pass from gap to gap: what is filled in is not looked at again.
    var rest = PageFiles.page[...]
    var text = ""
    for (gap, markup) in gaps {
      guard let range = rest.range(of: gap) else { continue }
      text += rest[..<range.lowerBound] + markup.text
      rest = rest[range.upperBound...]
    }
    return OutgoingResponse(
      status: status, headers: [("content-type", "text/html; charset=utf-8")], body: .whole(Array((text + rest).utf8)))
  }
}
