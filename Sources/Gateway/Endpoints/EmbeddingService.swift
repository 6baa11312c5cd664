import NIOCore
import RequestLog

/// `POST /v1/embeddings`: passed through to the target that `model` names; nothing is routed.
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
    if let key {
      _ = try shared.limiter.take(tokens: incoming.body.count / 4, for: key, at: shared.clock.unixSeconds())
    }
    return try await ask(target, root.node, incoming)
  }

  private func ask(
    _ target: UpstreamTarget, _ root: JSONNode, _ incoming: IncomingRequest
  ) async throws(GatewayError) -> OutgoingResponse {
    let edit = BodyEdit.forUpstream(root, model: target.configuration.model, asksForUsage: false)
    let body = edit.applied(to: incoming.body)
    let limit = runtime.configuration.limits.answerBytes
    let outcome = await runtime.execution.exchange(over: [target], presence: incoming.presence) {
      (target, key) throws(UpstreamFailure) in
      var headers = [(name: "content-type", value: "application/json")]
      if let secret = key.secret { headers.append((name: "authorization", value: "Bearer \(secret)")) }
      let response = try await target.open(UpstreamRequest(path: "/embeddings", headers: headers, body: body))
      return try await response.collect(upTo: limit) {}
    }
    guard let answer = outcome.answer else { throw outcome.error ?? .noAnswer }
    return .json(
      answer,
      headers: [
        ("x-ockham-request-id", incoming.id), ("x-ockham-model", target.configuration.model),
        ("x-ockham-attempts", String(outcome.attempts.count)),
      ])
  }
}
