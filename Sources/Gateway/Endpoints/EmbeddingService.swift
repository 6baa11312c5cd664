import ChatProtocols
import GatewayCore
import NIOCore
import TextKit

/// `POST /v1/embeddings`: passed through to the target that `model` names; nothing is routed. Budgets and limits count it.
struct EmbeddingService: Sendable {
  let runtime: GatewayRuntime
  let shared: GatewayServices

  func response(to incoming: IncomingRequest, _ key: KeyConfiguration?) async throws(GatewayError) -> OutgoingResponse {
    let root = try RequestBody.root(of: incoming.body)
    let model = try RequestBody.model(of: root)
    let target = try runtime.target(forModel: model, key)
    guard target.provider.codec.dialect == .chatCompletions else {
      throw GatewayError(
        .unsupportedFeature, status: 400,
        message: "model: expected a target of an OpenAI provider for embeddings, "
          + "found another kind; name one", param: "model")
    }
    let tokens = incoming.body.count / 4
    guard let key else { return try await ask(target, root.node, incoming).response }
    let time = shared.clock.unixSeconds()
    _ = try shared.limiter.take(tokens: tokens, for: key, at: time)
    let estimate = target.price?.costUSD(of: TokenUsage(inputTokens: tokens, outputTokens: 0))
    let reservation = try shared.budgets.reserve(estimate, for: key, at: time)
    do throws(GatewayError) {
      let (response, used) = try await ask(target, root.node, incoming)
      let cost = used.flatMap { target.price?.costUSD(of: TokenUsage(inputTokens: $0, outputTokens: 0)) }
      settle(reservation, costUSD: cost, estimated: tokens, used: used ?? tokens, key)
      return response
    } catch {
      settle(reservation, costUSD: 0, estimated: tokens, used: 0, key)
      throw error
    }
  }

  private func settle(
    _ reservation: Budgets.Reservation, costUSD: Double?, estimated: Int, used: Int, _ key: KeyConfiguration
  ) {
    let time = shared.clock.unixSeconds()
    shared.budgets.settle(reservation, costUSD: costUSD, at: time)
    shared.limiter.settle(estimated: estimated, used: used, for: key, at: time)
  }

  private func ask(
    _ target: UpstreamTarget, _ root: JSONNode, _ incoming: IncomingRequest
  ) async throws(GatewayError) -> (response: OutgoingResponse, usedTokens: Int?) {
    let edit = BodyEdit.forUpstream(root, model: target.configuration.model, asksForUsage: false)
    let body = edit.applied(to: incoming.body)
    let limit = runtime.configuration.limits.answerBytes
    let outcome = await runtime.execution.exchange(over: [target], presence: incoming.presence) {
      (target, key) throws(UpstreamFailure) in
      var headers = [(name: "content-type", value: "application/json")]
      if let secret = key.secret { headers.append((name: "authorization", value: "Bearer \(secret)")) }
      let response = try await target.open(UpstreamRequest(path: "/embeddings", headers: headers, body: body), key: key)
      return try await response.collect(upTo: limit) {}
    }
    guard let answer = outcome.answer else { throw outcome.error ?? .noAnswer }
    let used = (try? JSONParser.parse(answer))?["usage"]?["prompt_tokens"]?.integer
    let response = OutgoingResponse.json(
      answer,
      headers: [
        ("x-ockham-request-id", incoming.id), ("x-ockham-model", target.configuration.model),
        ("x-ockham-attempts", String(outcome.attempts.count)),
      ])
    return (response, used)
  }
}
