import ChatProtocols
import GatewayCore
import Ockham
import TextKit

/// `POST /v1/embeddings`: passed through to the target that `model` names; nothing is routed. Budgets, limits and the books
/// count it.
struct EmbeddingService: Sendable {
  let runtime: ConfiguredGateway
  let shared: SharedResources

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
    let books = UnroutedBooks(kind: .embeddings, target: target, key: key, incoming: incoming, shared: shared)
    // No text has more tokens than bytes; most have half as many at most.
    let estimate = TokenEstimate.tokens(bytes: incoming.body.count)
    let usual = TokenUsage(inputTokens: estimate, outputTokens: 0)
    let most = TokenUsage(inputTokens: 2 * estimate, outputTokens: 0)
    let reservation = try await books.reserve(expected: usual, most: most)
    let outcome = await runtime.execution.exchange(
      over: [target], presence: incoming.presence, origin: (key.map { Party.key($0.name) } ?? incoming.address).value,
      most: most
    ) { target in
      codec.upstreamRequest(for: incoming.body, root.node, model: target.configuration.model)
    }
    var attempts = outcome.attempts
    guard let answer = outcome.answer else {
      let error = outcome.error ?? .noAnswer
      books.close(reservation, attempts, status: error.status, error: error.code)
      throw error
    }
    if let last = attempts.indices.last {
      books.record(codec.inputTokens(in: answer), orElse: usual, bytes: incoming.body.count, in: &attempts[last])
    }
    books.close(reservation, attempts, status: 200, error: nil)
    return OutgoingResponse.json(
      answer,
      headers: OutgoingResponse.identity(incoming.id) + [
        ("x-ockham-model", target.configuration.model), ("x-ockham-attempts", String(outcome.attempts.count)),
      ])
  }
}

extension UnroutedBooks {
  /// What an answer's provider counted, or in its place an estimate: no text has more tokens than bytes.
  fileprivate func record(_ counted: Int?, orElse usual: TokenUsage, bytes: Int, in attempt: inout Attempt) {
    guard let counted else { return target.assume(usual, of: &attempt) }
    var usage = TokenUsage(inputTokens: counted, outputTokens: 0)
    if !(1...max(1, bytes)).contains(counted) {
      usage = usual
      usage.isFlagged = true
    }
    attempt.usage = usage
    attempt.costUSD = target.price?.costUSD(of: usage)
  }
}

extension EndpointRoute {
  static let embeddings = EndpointRoute.post("/v1/embeddings", "OpenAI embeddings, by target") {
    call throws(GatewayError) in
    try await EmbeddingService(runtime: call.runtime, shared: call.shared).response(to: call.incoming, call.key)
  }
}
