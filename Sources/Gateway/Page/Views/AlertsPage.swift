import ChatProtocols
import GatewayCore
import TextKit

/// What is not as it should be, and where keys stand with their budgets.
struct AlertsPage {
  /// A key and where it stands.
  struct Account: Sendable {
    var key: KeyConfiguration
    var spend: Spend
  }

  let alerts: [AlertChange]
  let accounts: [Account]
  let hasWebhook: Bool
  let visitor: PageVisitor?
  /// What was just done, in a word.
  let done: String?

  private var mayAct: Bool { visitor?.role ?? .read >= .administer }

  var main: PageMarkup {
    let said = [
      "test": "A test alert went in and out again.", "reload": "Configuration, prices and model were read anew.",
    ]
    let notice: PageMarkup =
      done.flatMap { said[$0] }.map { "<p class=\"notice\" role=\"status\">\($0)</p>" } ?? .empty
    return """
      <h1>Alerts and budgets</h1>
      \(notice)
      <section aria-labelledby="alerts"><h2 id="alerts">Alerts</h2>
      \(alerts.isEmpty ? .missing("Nothing is raised.") : table)
      <p class="faint">\(hasWebhook ? "Changes are in the log, in the metrics, and posted to the webhook." : "Changes are in the log and in the metrics. No webhook is configured (alerts.webhook).")</p>
      \(mayAct ? button("/alerts/test", "Send a test alert") : .empty)
      </section>
      <section aria-labelledby="budgets"><h2 id="budgets">Budgets</h2>
      \(accounts.isEmpty ? .missing("No keys are configured (keys), so no budget holds.") : budgets)
      </section>
      <section aria-labelledby="configuration"><h2 id="configuration">Configuration</h2>
      \(mayAct ? button("/alerts/reload", "Read configuration, prices and model anew") : .missing("Your key may look."))
      </section>
      """
  }

  private func button(_ action: String, _ title: String) -> PageMarkup {
    """
    <details class="action"><summary>\(title)…</summary>
    <form method="post" action="\(action)" class="stack">\(PageText.token(visitor))
    <label class="tick"><input type="checkbox" name="confirm" value="yes" required> I mean it</label>
    <button>\(title)</button></form></details>
    """
  }

  private var table: PageMarkup {
    .table(
      "What is raised", titles: ["alert", "since", "cause", "remedy"],
      rows: alerts.map { ["\($0.alert.name)", FigureText.time($0.time), "\($0.alert.cause)", "\($0.alert.remedy)"] })
  }

  private var budgets: PageMarkup {
    func text(_ spent: Double, _ limit: Double?) -> PageMarkup {
      guard let limit else { return "\(FigureText.dollars(spent)) <small>no limit</small>" }
      let isSpent = spent >= limit
      return
        "<span class=\"\(isSpent ? "bad" : "")\">\(FigureText.dollars(spent))</span> of \(FigureText.dollars(limit))"
    }
    return .table(
      "What keys spent, open requests included",
      titles: ["key", "today (UTC)", "this month", "requests without a price"],
      rows: accounts.map { account in
        [
          "<a href=\"/?key=\(PageSelection.escaped(account.key.name))\">\(account.key.name)</a>",
          text(account.spend.dayUSD, account.key.dailyBudgetUSD),
          text(account.spend.monthUSD, account.key.monthlyBudgetUSD),
          "\(NumberFormat.count(account.spend.unpricedRequests))",
        ]
      })
  }
}

extension PageRoute {
  static let alertsPage = page("/alerts") { call in
    let page = AlertsPage(
      alerts: call.shared.alerts.raised, accounts: await accounts(call),
      hasWebhook: call.runtime.configuration.alerts.webhook != nil, visitor: call.visitor, done: call.query["done"])
    return PageText(call: call, part: "/alerts", title: "Alerts and budgets").response(page.main)
  }

  static let alertData = data("/admin/api/alerts") { call in
    .json(
      JSONNode.object([
        ("alerts", .array(call.shared.alerts.raised.map(\.json))),
        ("webhook", .boolean(call.runtime.configuration.alerts.webhook != nil)),
      ]).jsonBytes)
  }

  static let budgetData = data("/admin/api/budgets") { call in
    let keys = await accounts(call).map { account -> JSONNode in
      .object([
        ("key", .string(account.key.name)), ("day_usd", .number(account.spend.dayUSD)),
        ("month_usd", .number(account.spend.monthUSD)),
        ("daily_budget_usd", account.key.dailyBudgetUSD.map(JSONNode.number) ?? .null),
        ("monthly_budget_usd", account.key.monthlyBudgetUSD.map(JSONNode.number) ?? .null),
        ("unpriced_requests", .integer(account.spend.unpricedRequests)),
      ])
    }
    return .json(JSONNode.object([("keys", .array(keys))]).jsonBytes)
  }

  /// The actions, for people and for programs.
  static let alertActions: [PageRoute] = [
    PageRoute(method: "POST", template: "/alerts/test", kind: .page, role: .administer) { call throws(GatewayError) in
      try testAlert(call)
      return OutgoingResponse(status: 303, headers: [("location", "/alerts?done=test")], body: .whole([]))
    },
    .action("/admin/api/alerts/test", role: .administer) { call throws(GatewayError) in
      try testAlert(call)
      return .json(JSONNode.object([("status", .string("told"))]).jsonBytes)
    },
    PageRoute(method: "POST", template: "/alerts/reload", kind: .page, role: .administer) {
      call throws(GatewayError) in
      try await reload(call)
      return OutgoingResponse(status: 303, headers: [("location", "/alerts?done=reload")], body: .whole([]))
    },
    .action("/admin/api/reload", role: .administer) { call throws(GatewayError) in
      try await reload(call)
      return .json(JSONNode.object([("status", .string("reloaded"))]).jsonBytes)
    },
  ]

  private static func testAlert(_ call: PageCall) throws(GatewayError) {
    try confirm(call)
    let alert = Alert(
      name: "test", cause: "somebody asked for a test on the operator's page", remedy: "none: it is cleared at once")
    call.shared.alerts.raise(alert)
    call.shared.alerts.clear(alert.name, cause: "the test is over")
  }

  private static func reload(_ call: PageCall) async throws(GatewayError) {
    try confirm(call)
    try await call.gateway.reload()
  }

  private static func confirm(_ call: PageCall) throws(GatewayError) {
    guard call.form["confirm"] == "yes" else {
      throw GatewayError(
        .missingParameter, message: "confirm: expected yes, found none; say that you mean it", param: "confirm")
    }
  }

  private static func accounts(_ call: PageCall) async -> [AlertsPage.Account] {
    var accounts: [AlertsPage.Account] = []
    for key in call.runtime.configuration.keys {
      let standing = await call.shared.ledger.standing(of: key, at: call.now)
      accounts.append(AlertsPage.Account(key: key, spend: standing.spend))
    }
    return accounts
  }
}
