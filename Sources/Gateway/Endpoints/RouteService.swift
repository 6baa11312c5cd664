import Ockham
import RequestLog

/// `POST /v1/route`: the decision for a chat request, without asking any model. The keys are those of `ockham route`.
struct RouteService: Sendable {
  let runtime: GatewayRuntime
  let shared: GatewayServices

  func response(to incoming: IncomingRequest, _ key: KeyConfiguration?) throws(GatewayError) -> OutgoingResponse {
    let request = try ChatCompletionsDialect().request(from: incoming.body)
    let decision = try runtime.decide(request, incoming, key, at: shared.clock.unixSeconds())
    return .json(json(decision, id: incoming.id).jsonBytes, headers: [("x-ockham-request-id", incoming.id)])
  }

  private func json(_ decision: RoutingDecision, id: String) -> JSONNode {
    let names = runtime.tierNames
    let targets = runtime.targets(for: decision)
    return .object([
      "id": .string(id), "tier": decision.tier.map { .string(names[$0]) } ?? .null,
      "target": targets.first.map { .string($0.name) } ?? .null,
      "probability": .object(zip(names, decision.probabilities).map { JSONMember(key: $0, value: .float($1)) }),
      "difficulty": decision.probabilities.first.map { .float(1 - $0) } ?? .null, "gain": .float(decision.gain),
      "threshold": .float(decision.threshold), "task": decision.task.map { .string($0.name) } ?? .null,
      "reason": .string(decision.reason.name), "propensity": .number(decision.propensity),
      "policy": .string(decision.policy), "rules": .array(decision.rules.map(JSONNode.string)),
      "expected_cost_usd": decision.expectedCostUSD.map(JSONNode.number) ?? .null,
      "allowed": .array(names.indices.filter { decision.allowedTiers >> UInt64($0) & 1 == 1 }.map { .string(names[$0]) }),
      "fallbacks": .array(targets.dropFirst().map { .string($0.name) }),
      "model": decision.modelIdentifier.map { .string(String($0, radix: 16)) } ?? .null,
      "nanoseconds": .integer(Int(decision.nanoseconds)),
    ])
  }
}

extension JSONNode {
  /// A number with the digits of a 32-bit one.
  fileprivate static func float(_ value: Float) -> JSONNode {
    JSONNode(content: value.isFinite ? .number("\(value)") : .null, range: 0..<0)
  }
}
