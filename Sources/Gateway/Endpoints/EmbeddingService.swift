import ChatProtocols
import GatewayCore
import Ockham
import TextKit

/// `POST /v1/embeddings`: passed through to the target that `model` names; nothing is routed. Budgets and limits count it.
struct EmbeddingService: Sendable {
  let runtime: GatewayRuntime
  let shared: GatewayServices

  func response(to incoming: IncomingRequest, _ key: KeyConfiguration?) async throws(GatewayError) -> OutgoingResponse {
    let root = try RequestBody.root(of: incoming.body)
    let model = try RequestBody.model(of: root)
    let named = try runtime.router.target(named: model, key: key).target.name
    guard let target = runtime.targets[named] else { throw .noAnswer }
    guard let codec = target.provider.codec.embeddings else {
      throw GatewayError(
        .unsupportedFeature,
        message: "model: expected a target of an OpenAI provider for embeddings, found another kind; name one",
        param: "model")
    }
    let tokens = TokenEstimate.tokens(bytes: incoming.body.count)
    guard let key else { return try await ask(target, codec, root.node, incoming).response }
    let reservation = try await shared.ledger.reserve(
      Claim(key: key, tokens: tokens, estimateUSD: costUSD(target, tokens)), at: shared.clock.unixSeconds())
    do throws(GatewayError) {
      let (response, used) = try await ask(target, codec, root.node, incoming)
      settle(reservation, Settlement(costUSD: used.flatMap { costUSD(target, $0) }, tokens: used))
      return response
    } catch {
      settle(reservation, .nothing)
      throw error
    }
  }

  private func costUSD(_ target: UpstreamTarget, _ inputTokens: Int) -> Double? {
    target.price?.costUSD(of: TokenUsage(inputTokens: inputTokens, outputTokens: 0))
  }

  private func settle(_ reservation: Reservation, _ settlement: Settlement) {
    shared.ledger.settle(reservation, settlement, at: shared.clock.unixSeconds())
  }

  private func ask(
    _ target: UpstreamTarget, _ codec: any EmbeddingsCodec, _ root: JSONNode, _ incoming: IncomingRequest
  ) async throws(GatewayError) -> (response: OutgoingResponse, usedTokens: Int?) {
    let estimate = TokenEstimate.tokens(bytes: incoming.body.count)
    let outcome = await runtime.execution.exchange(over: [target], presence: incoming.presence) { target in
      codec.upstreamRequest(for: incoming.body, root, model: target.configuration.model)
    }
    guard let answer = outcome.answer else { throw outcome.error ?? .noAnswer }
    let response = OutgoingResponse.json(
      answer,
      headers: OutgoingResponse.identity(incoming.id) + [
        ("x-ockham-model", target.configuration.model), ("x-ockham-attempts", String(outcome.attempts.count)),
      ])
    // No text has more tokens than bytes: such a count, like none, gives way to the estimate.
    let counted = codec.inputTokens(in: answer).map { (1...max(1, incoming.body.count)).contains($0) ? $0 : estimate }
    return (response, counted)
  }
}

extension EndpointRoute {
  static let embeddings = EndpointRoute.post("/v1/embeddings", "OpenAI embeddings, by target") {
    call throws(GatewayError) in
    try await EmbeddingService(runtime: call.runtime, shared: call.shared).response(to: call.incoming, call.key)
  }
}
