import ChatProtocols
import GatewayCore
import TextKit

/// What each policy would decide for a prompt. No model is asked, and nothing is remembered.
struct PlaygroundPage {
  /// The longest prompt, in bytes.
  static let maximumBytes = 256 << 10

  /// A policy, and its decision or why there is none.
  struct Row: Sendable {
    var policy: String
    var decision: Result<JSONNode, GatewayError>
  }

  let prompt: String
  let rows: [Row]
  let tierNames: [String]
  let visitor: PageVisitor?

  var main: PageMarkup {
    """
    <h1>Playground</h1>
    <p>Where would this prompt go? Every policy decides; no model is asked, and it costs nothing.</p>
    <form method="post" action="/playground" class="stack">
    \(PageText.token(visitor))
    <label for="prompt">Prompt</label>
    <textarea id="prompt" name="prompt" rows="6" required>\(prompt)</textarea>
    <button>Decide</button>
    </form>
    \(rows.isEmpty ? .empty : table)
    """
  }

  private var table: PageMarkup {
    let titles =
      ["policy", "tier", "reason", "gain", "threshold"] + tierNames.map { "P(\($0) is good)" }
      + tierNames.map { "cost at \($0)" }
    return .table(
      "The decision of every policy", titles: titles,
      rows: rows.map { row in
        switch row.decision {
        case .failure(let error):
          ["\(row.policy)", "<span class=\"bad\">\(error.message)</span>"] + titles.dropFirst(2).map { _ in "–" }
        case .success(let node):
          [
            "\(row.policy)", "\(node["tier"]?.string ?? "–")", "\(node["reason"]?.string ?? "–")",
            "\(NumberFormat.decimal(node["gain"]?.number, places: 3))",
            "\(NumberFormat.decimal(node["threshold"]?.number, places: 3))",
          ]
            + tierNames.map { "\(NumberFormat.percent(node["probability"]?[$0]?.number, places: 1))" }
            + tierNames.map { "\(NumberFormat.usd(node["expected_cost_usd"]?[$0]?.number))" }
        }
      })
  }

  var json: JSONNode {
    .object([
      (
        "policies",
        .array(
          rows.map { row in
            switch row.decision {
            case .success(let node): .object([("policy", .string(row.policy)), ("decision", node), ("error", .null)])
            case .failure(let error):
              .object([("policy", .string(row.policy)), ("decision", .null), ("error", .string(error.message))])
            }
          })
      )
    ])
  }

  /// Asks every policy.
  static func rows(of prompt: String, in call: PageCall) throws(GatewayError) -> [Row] {
    guard prompt.utf8.count <= maximumBytes else {
      throw GatewayError(
        .bodyTooLarge, message: "prompt: expected at most \(maximumBytes) bytes, found more; shorten it",
        param: "prompt")
    }
    return call.runtime.configuration.policies.keys.sorted().map { policy in
      let body = JSONNode.object([
        ("model", .string(policy == "default" ? "auto" : "auto:" + policy)),
        ("messages", .array([.object([("role", .string("user")), ("content", .string(prompt))])])),
      ])
      // The browser's headers are none of a client's.
      let incoming = IncomingRequest(
        id: call.incoming.id, method: "POST", path: "/v1/route", headers: [:], body: body.jsonBytes,
        isLoopback: call.incoming.isLoopback, startNanoseconds: call.shared.clock.steadyNanoseconds)
      let asked = EndpointCall(
        incoming: incoming, parameter: "", key: nil, gateway: call.gateway, runtime: call.runtime)
      do throws(GatewayError) {
        let response = try RouteService(call: asked).response()
        guard case .whole(let bytes) = response.body, let node = try? JSONParser.parse(bytes) else {
          return Row(policy: policy, decision: .success(.null))
        }
        return Row(policy: policy, decision: .success(node))
      } catch { return Row(policy: policy, decision: .failure(error)) }
    }
  }
}

extension PageRoute {
  static let playground = page("/playground") { call in
    let page = PlaygroundPage(prompt: "", rows: [], tierNames: call.runtime.tierNames, visitor: call.visitor)
    return PageText(call: call, part: "/playground", title: "Playground").response(page.main, isLive: false)
  }

  static let play = PageRoute(method: "POST", template: "/playground", kind: .page) { call throws(GatewayError) in
    let prompt = call.form["prompt"] ?? ""
    let page = PlaygroundPage(
      prompt: prompt, rows: try PlaygroundPage.rows(of: prompt, in: call), tierNames: call.runtime.tierNames,
      visitor: call.visitor)
    return PageText(call: call, part: "/playground", title: "Playground").response(page.main, isLive: false)
  }

  static let playData = action("/admin/api/playground", role: .read) { call throws(GatewayError) in
    let rows = try PlaygroundPage.rows(of: call.form["prompt"] ?? "", in: call)
    let page = PlaygroundPage(prompt: "", rows: rows, tierNames: call.runtime.tierNames, visitor: nil)
    return .json(page.json.jsonBytes)
  }
}
