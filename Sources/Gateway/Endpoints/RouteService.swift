import ChatProtocols
import GatewayCore
import TextKit

/// `POST /v1/route`: the decision for a chat request, without asking any model. The keys are those of `ockham route`.
struct RouteService: Sendable {
  let call: EndpointCall

  func response() throws(GatewayError) -> OutgoingResponse {
    let request = try ChatCompletionsDialect().request(from: call.incoming.body)
    let decision = try call.decide(request, remembers: false)
    return .json(
      json(decision, id: call.incoming.id).jsonBytes, headers: [("x-ockham-request-id", call.incoming.id)])
  }

  private func json(_ decision: RoutingDecision, id: String) -> JSONNode {
    let names = call.runtime.tierNames
    let targets = call.runtime.targets.inOrder(of: call.runtime.router.plan(for: decision))
    let probabilities = zip(names, decision.probabilities).map { JSONMember(key: $0, value: .float($1)) }
    let allowed = names.indices.filter { decision.allowedTiers >> UInt64($0) & 1 == 1 }.map { names[$0] }
    let model = decision.modelIdentifier?.hexadecimal
    let choice: KeyValuePairs<String, JSONNode?> = [
      "id": .string(id), "tier": Self.text(decision.tier.map { names[$0] }),
      "target": Self.text(targets.first?.name), "probability": .object(probabilities),
      "difficulty": decision.probabilities.first.map { .float(1 - $0) } ?? .null, "gain": .float(decision.gain),
      "threshold": .float(decision.threshold), "task": Self.text(decision.task?.name),
      "reason": .string(decision.reason.name), "nanoseconds": .integer(Int(decision.nanoseconds)),
    ]
    let background: KeyValuePairs<String, JSONNode?> = [
      "propensity": .number(decision.propensity), "policy": .string(decision.policy),
      "rules": .array(decision.rules.map(JSONNode.string)),
      "expected_cost_usd": decision.expectedCostUSD.map(JSONNode.number) ?? .null,
      "allowed": .array(allowed.map(JSONNode.string)),
      "fallbacks": .array(targets.dropFirst().map { JSONNode.string($0.name) }), "model": Self.text(model),
    ]
    return .object((JSONNode.object(choice).members ?? []) + (JSONNode.object(background).members ?? []))
  }

  private static func text(_ text: String?) -> JSONNode { text.map(JSONNode.string) ?? .null }
}

extension JSONNode {
  /// A number with the digits of a 32-bit one.
  fileprivate static func float(_ value: Float) -> JSONNode {
    JSONNode(content: value.isFinite ? .number("\(value)") : .null, range: 0..<0)
  }
}

extension EndpointRoute {
  static let route = EndpointRoute.post("/v1/route", "The decision alone: no model is asked", schema: "Chat") {
    call throws(GatewayError) in try RouteService(call: call).response()
  }
}
