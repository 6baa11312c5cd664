import ChatProtocols
import GatewayCore
import RequestLog
import TextKit

/// `POST /v1/route`: the decision for a chat request, without asking any model. What `ockham route` prints comes first:
/// the same members, of the same types, in the same order.
struct RouteService: Sendable {
  let call: EndpointCall

  func response() throws(GatewayError) -> OutgoingResponse {
    let request = try ChatCompletionsFormat().request(from: call.incoming.body, reading: LogRequestReader.read)
    let decision = try call.decide(request, remembers: false)
    return .json(
      json(decision, id: call.incoming.id).jsonBytes, headers: OutgoingResponse.identity(call.incoming.id))
  }

  /// What `ockham route` prints, and behind it what only the gateway knows.
  private func json(_ decision: RoutingDecision, id: String) -> JSONNode {
    let names = call.runtime.tierNames
    let shared = DecisionJSON(
      tierNames: names, tier: decision.tier.map { names[$0] }, probabilities: decision.probabilities,
      gain: decision.gain, threshold: decision.threshold, expectedCostUSD: decision.expectedCostsUSD,
      task: decision.task, reason: decision.reason.name, isUnfamiliar: decision.isUnfamiliar,
      nanoseconds: Int(decision.nanoseconds))
    let targets = call.runtime.targets.inOrder(of: call.runtime.router.plan(for: decision)).map(\.name)
    let allowed = names.indices.filter(decision.allowedTiers.contains).map { names[$0] }
    let own: KeyValuePairs<String, JSONNode> = [
      "target": Self.text(targets.first), "propensity": .number(decision.propensity),
      "policy": .string(decision.policy), "rules": Self.texts(decision.rules), "allowed": Self.texts(allowed),
      "fallbacks": Self.texts(targets.dropFirst()), "model": Self.text(decision.modelIdentifier?.hexadecimal),
      "eligible": .boolean(decision.isEligible), "observed": Self.object(decision.observed, names),
    ]
    return .object(shared.members(id: id) + own.map { JSONMember(key: $0.key, value: $0.value) })
  }

  /// What would be decided, were decisions followed.
  private static func object(_ observed: ObservedDecision?, _ names: [String]) -> JSONNode {
    guard let observed else { return .null }
    let allowed = names.indices.filter(observed.allowedTiers.contains).map { names[$0] }
    return .object([
      "tier": .string(names[observed.tier]), "reason": .string(observed.reason.name),
      "propensity": .number(observed.propensity), "allowed": texts(allowed),
    ])
  }

  private static func text(_ text: String?) -> JSONNode { text.map(JSONNode.string) ?? .null }

  private static func texts(_ texts: some Sequence<String>) -> JSONNode { .array(texts.map(JSONNode.string)) }
}

extension EndpointRoute {
  static let route = EndpointRoute.post(
    "/v1/route", "The decision alone: no model is asked", schema: "Chat",
    handle: drawing { call throws(GatewayError) in try RouteService(call: call).response() })
}
