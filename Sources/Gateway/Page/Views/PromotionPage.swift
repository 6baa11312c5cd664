import ChatProtocols
import Foundation
import GatewayCore
import Registry
import TextKit

/// What serves, the status of the canary, and the decisions about versions.
struct PromotionPage {
  /// What is known of the registry, or why nothing is.
  let status: Result<JSONNode, GatewayError>
  let canary: JSONNode
  let experiments: JSONNode
  let visitor: PageVisitor?
  /// What was just done.
  let done: PromotionAction?

  private var mayAct: Bool { visitor?.role ?? .read >= .administer }

  var main: PageMarkup {
    let notice: PageMarkup =
      done.map {
        "<p class=\"notice\" role=\"status\">Written down: \($0.rawValue). The gateway follows within a second.</p>"
      }
      ?? .empty
    return """
      <h1>Promotion</h1>
      \(notice)
      \(versions)
      \(arms)
      """
  }

  private var versions: PageMarkup {
    switch status {
    case .failure(let error): return PageMarkup.missing(error.message)
    case .success(let node):
      let candidate = node["candidate"]?.string
      let facts = PageMarkup.facts([
        ("Serves", "<code>\(Self.short(node["incumbent"]?.string))</code>"),
        ("Candidate", candidate.map { "<code>\(Self.short($0))</code>" } ?? "none"),
        ("Its share", "\(NumberFormat.percent(node["share"]?.number, places: 1))"),
      ])
      return PageMarkup([facts, evidence(candidate), mayAct ? actions(node, candidate) : readOnly, journal(node)])
    }
  }

  private var readOnly: PageMarkup {
    .missing("Your key may look. Canaries are started and ended with one whose role is administer.")
  }

  private func evidence(_ candidate: String?) -> PageMarkup {
    guard candidate != nil else { return .empty }
    if let reason = canary["refused"]?.string { return .missing(reason) }
    guard canary.members != nil else { return .missing("Nothing is known of the canary yet.") }
    let asGood = canary["evidence"]?["as_good"]
    let worse = canary["evidence"]?["worse"]
    func progress(_ node: JSONNode?) -> PageMarkup {
      "\(NumberFormat.short(node?["value"]?.number ?? 0)) of \(NumberFormat.short(node?["needed"]?.number ?? 0))"
    }
    let rows = ["quality", "cost_usd", "latency_ms", "failures"].compactMap { name -> [PageMarkup]? in
      guard let figure = canary["difference"]?[name], figure.members != nil else { return nil }
      func text(_ key: String) -> PageMarkup { "\(NumberFormat.signed(figure[key]?.number, places: 4))" }
      return ["\(name)", text("value"), text("low"), text("high")]
    }
    return """
      <h2>How the canary fares</h2>
      \(PageMarkup.facts([
        ("Conversations, incumbent", "\(canary["conversations"]?["incumbent"]?.integer ?? 0)"),
        ("Conversations, candidate", "\(canary["conversations"]?["candidate"]?.integer ?? 0)"),
        ("Labels", "\(canary["labels"]?["drawn"]?.integer ?? 0) drawn, \(canary["labels"]?["missing"]?.integer ?? 0) missing"),
        ("Labels until it decides", "\(LabelForecast(canary)?.sentence ?? "not known yet: more labels will show")"),
        ("Evidence that it is as good", progress(asGood)), ("Evidence that it is worse", progress(worse)),
        ("Verdict", "\(canary["verdict"]?.string ?? "undecided")"),
      ]))
      \(rows.isEmpty ? .empty : .table("Candidate less incumbent", titles: ["figure", "difference", "low", "high"], rows: rows))
      """
  }

  /// A form behind a heading that must be opened, with a box that must be ticked: nothing happens by accident.
  private func form(
    _ action: PromotionAction, _ title: String, _ what: String, _ fields: PageMarkup = .empty
  ) -> PageMarkup {
    """
    <details class="action"><summary>\(title)…</summary>
    <form method="post" action="/promotion/\(action.rawValue)" class="stack">
    \(PageText.token(visitor))
    <p>\(what)</p>
    \(fields)
    <label>Why, for the journal <input name="reason" maxlength="200"></label>
    <label class="tick"><input type="checkbox" name="confirm" value="yes" required> I mean it</label>
    <button>\(title)</button>
    </form></details>
    """
  }

  private func actions(_ node: JSONNode, _ candidate: String?) -> PageMarkup {
    var forms: [PageMarkup] = []
    if let candidate {
      let field: PageMarkup = "<input type=\"hidden\" name=\"version\" value=\"\(candidate)\">"
      forms.append(
        form(.abort, "Abort the canary", "The candidate \(Self.short(candidate)) serves no one from then on.", field))
      forms.append(
        form(
          .complete, "Complete the canary", "The candidate \(Self.short(candidate)) serves everybody from then on.",
          field))
    } else {
      let versions = Self.versions(node).filter { $0 != node["incumbent"]?.string }
      if !versions.isEmpty {
        forms.append(
          form(.start, "Start a canary", "A share of the conversations goes to another version.", startFields(versions))
        )
      }
    }
    let incumbents = (node["decisions"]?.elements ?? []).filter {
      ["promote", "complete", "rollback"].contains($0["action"]?.string ?? "")
    }
    if incumbents.count > 1 {
      forms.append(
        form(.rollback, "Roll back", "The version that served before serves again, and a candidate is taken out."))
    }
    return forms.isEmpty ? .empty : "<h2>Decide</h2><div class=\"actions\">\(forms)</div>"
  }

  private func startFields(_ versions: [String]) -> PageMarkup {
    let usual = CanaryConditions()
    let options = versions.map { "<option value=\"\($0)\">\(Self.short($0))</option>" as PageMarkup }
    return """
      <label>Version <select name="version" required>\(options)</select></label>
      <label>Share of the conversations <input name="share" type="number" min="0.001" max="0.999" step="any" value="\(NumberFormat.short(PromotionAction.usualShare))" required></label>
      <label>Quality that it may be short of <input name="margin" type="number" min="0" max="1" step="any" value="\(NumberFormat.short(usual.margin))" required></label>
      <label>Confidence <input name="confidence" type="number" min="0.5" max="0.999" step="any" value="\(NumberFormat.short(usual.confidence))" required></label>
      <label class="tick"><input type="checkbox" name="auto" value="yes"> Completes by itself where it has proven itself</label>
      """
  }

  /// Versions that the journal names, the newest first.
  private static func versions(_ node: JSONNode) -> [String] {
    var seen: Set<String> = []
    return (node["decisions"]?.elements ?? []).reversed().compactMap { $0["version"]?.string }.filter {
      seen.insert($0).inserted
    }
  }

  private func journal(_ node: JSONNode) -> PageMarkup {
    let entries = (node["decisions"]?.elements ?? []).suffix(50).reversed()
    guard !entries.isEmpty else { return .missing("Nothing was decided yet.") }
    let rows = entries.map { entry -> [PageMarkup] in
      [
        "\(entry["sequence"]?.integer ?? 0)", "\(FigureText.shortTime(entry["at"]?.string ?? ""))",
        "\(entry["action"]?.string ?? "")", "<code>\(Self.short(entry["version"]?.string))</code>",
        "\(entry["by"]?.string ?? "")", "\(entry["reason"]?.string ?? "")",
      ]
    }
    return """
      <h2>Decisions</h2>
      \(PageMarkup.table("Decisions, the newest first", titles: ["no.", "when", "decision", "version", "by", "reason"], rows: rows))
      """
  }

  private var arms: PageMarkup {
    if let reason = experiments["refused"]?.string { return "<h2>Experiments</h2>\(PageMarkup.missing(reason))" }
    guard let all = experiments.elements, !all.isEmpty else {
      return "<h2>Experiments</h2>\(PageMarkup.missing("No experiment is configured (experiments)."))"
    }
    let parts = all.map { experiment -> PageMarkup in
      "<details><summary>\(experiment["name"]?.string ?? experiment["experiment"]?.string ?? "experiment")</summary><pre tabindex=\"0\">\(experiment.jsonText)</pre></details>"
    }
    return "<h2>Experiments</h2>\(parts)"
  }

  private static func short(_ hash: String?) -> String { hash.map { String($0.prefix(12)) } ?? "none" }
}

/// How many labels a canary still needs, were evidence to grow as it has: each label multiplies it by a like factor.
struct LabelForecast {
  let labels: Int

  init?(_ canary: JSONNode) {
    guard let drawn = canary["labels"]?["drawn"]?.integer, let missing = canary["labels"]?["missing"]?.integer,
      drawn - missing >= 10
    else { return nil }
    let forecasts = ["as_good", "worse"].compactMap { name -> Double? in
      guard let value = canary["evidence"]?[name]?["value"]?.number, value > 1,
        let needed = canary["evidence"]?[name]?["needed"]?.number, needed > value
      else { return nil }
      return log(needed / value) / log(value) * Double(drawn - missing)
    }
    guard let least = forecasts.min(), least < 1e7 else { return nil }
    labels = Int(least.rounded(.up))
  }

  var sentence: String { "about \(NumberFormat.count(labels)) more, were they like those so far" }
}

extension PageRoute {
  static let promotionPage = page("/promotion") { call in
    let page = PromotionPage(
      status: promotionStatus(call), canary: call.shared.canary.json, experiments: call.shared.experiments.json,
      visitor: call.visitor, done: call.query["done"].flatMap(PromotionAction.init))
    return PageText(call: call, part: "/promotion", title: "Promotion").response(page.main)
  }

  static let promotionData = data("/admin/api/promotion") { call throws(GatewayError) in
    let status = try promotionStatus(call).get()
    let forecast = LabelForecast(call.shared.canary.json).map { JSONNode.integer($0.labels) } ?? .null
    return .json(
      JSONNode.object(
        (status.members ?? []) + [
          JSONMember(key: "canary", value: call.shared.canary.json), JSONMember(key: "labels_needed", value: forecast),
        ]
      ).jsonBytes)
  }

  static let experimentData = data("/admin/api/experiments") { call in
    .json(JSONNode.object([("experiments", call.shared.experiments.json)]).jsonBytes)
  }

  /// The actions, for people and for programs.
  static let promotionActions: [PageRoute] = PromotionAction.allCases.flatMap { action in
    [
      PageRoute(method: "POST", template: "/promotion/\(action.rawValue)", kind: .page, role: .administer) {
        call throws(GatewayError) in
        _ = try action.carryOut(call)
        return OutgoingResponse(
          status: 303, headers: [("location", "/promotion?done=\(action.rawValue)")], body: .whole([]))
      },
      PageRoute.action("/admin/api/promotion/\(action.rawValue)", role: .administer) { call throws(GatewayError) in
        let entry = try action.carryOut(call)
        return .json(
          JSONNode.object([
            ("sequence", .integer(entry.sequence)), ("action", .string(entry.action.rawValue)),
            ("version", .string(entry.version)),
          ]).jsonBytes)
      },
    ]
  }

  private static func promotionStatus(_ call: PageCall) -> Result<JSONNode, GatewayError> {
    Result { () throws(GatewayError) in
      let path = try PromotionAction.path(call)
      do throws(RegistryError) { return try RegistryStatus(Registry(opening: URL(filePath: path))).json } catch {
        throw GatewayError(.notConfigured, message: "The registry cannot be read: \(error)")
      }
    }
  }
}
