package import ChatProtocols
package import GatewayCore
package import TextKit

/// A provider with its connections and keys: what stays when a request is over.
package final class ProviderConnection: Sendable {
  package let configuration: ProviderConfiguration
  /// The provider's protocol.
  package let codec: any ProviderCodec
  package let keys: ProviderKeys
  package let transport: any UpstreamTransport
  package let queue: CallQueue

  /// Puts the key where the configuration says, if it does; else where the kind has it.
  var signer: any RequestSigner {
    configuration.keyHeader.map { KeyHeader.chosen($0.lowercased()) } ?? configuration.kind.signer
  }

  package init(
    configuration: ProviderConfiguration, codec: any ProviderCodec, keys: ProviderKeys, transport: any UpstreamTransport
  ) {
    self.configuration = configuration
    self.codec = codec
    self.keys = keys
    self.transport = transport
    queue = CallQueue(configuration)
  }

  /// Connections end with the last request that uses them, also after a reload.
  deinit {
    let transport = transport
    Task { await transport.shutdown() }
  }
}

/// A target that requests can be sent to.
package final class UpstreamTarget: Sendable {
  package let configuration: TargetConfiguration

  /// The tier's name; empty for a target outside the tiers.
  package let tier: String
  /// Shared by all targets of the provider.
  package let provider: ProviderConnection
  package let breaker: CircuitBreaker

  /// What the model was found to refuse.
  package let refusedHints: RefusedHints

  /// `nil` where the catalogue does not know the model.
  package let price: Price?

  /// What the model takes, as far as it is known.
  let support: ModelSupport

  /// What becomes of parameters: by the configuration, and by what the model does not take.
  let parameters: ParameterRules

  /// Whether a request that would have to be changed is refused instead.
  let isStrict: Bool

  package init(
    configuration: TargetConfiguration, tier: String, provider: ProviderConnection, breaker: CircuitBreaker,
    price: Price?, isStrict: Bool = false, refusedHints: RefusedHints = RefusedHints()
  ) {
    self.configuration = configuration
    self.tier = tier
    self.provider = provider
    self.breaker = breaker
    self.price = price
    self.refusedHints = refusedHints
    self.isStrict = configuration.isStrict ?? isStrict
    support = configuration.support(by: price)
    var rules = configuration.parameters
    if support.reasoning == false { rules.drop += ["reasoning_effort", "thinking"] }
    if support.parallelTools == false { rules.drop.append("parallel_tool_calls") }
    if support.toolChoice == false { rules.drop.append("tool_choice") }
    parameters = rules
  }

  /// What a request may use here.
  func bounds(of request: ChatRequest) -> TokenBounds {
    TokenBounds(request, price: price, reasons: support.reasoning)
  }

  /// Notes what an attempt at the target is taken to have used, where its provider does not say it; `nil` for nothing.
  func assume(_ usage: TokenUsage?, of attempt: inout Attempt) {
    attempt.assumedUsage = usage
    attempt.assumedCostUSD = usage.flatMap { price?.costUSD(of: $0) }
  }

  /// Seconds until the first content of a stream.
  var firstTokenSeconds: Double {
    configuration.firstTokenSeconds ?? provider.configuration.timeouts.firstToken
  }

  /// The target's name: `provider/model` unless the configuration names it.
  package var name: String { configuration.name }
}

extension UpstreamTarget {
  /// The longest body of a failure that is read.
  static let failureBytes = 64 << 10

  /// How often a refused request is sent again: a model may refuse several hints, and servers name them one by one.
  static let maximumMends = 6

  /// Signs a request, sends it and checks the status; again without each hint that the model refuses, unless the target is
  /// strict.
  /// - Parameter time: now, in seconds since 1970.
  func send(
    _ request: UpstreamRequest, key: ProviderKeys.Key, at time: Double
  ) async throws(UpstreamFailure) -> UpstreamResponse {
    if isStrict { return try await sendOnce(request, key: key, at: time) }
    var outgoing = request
    outgoing.body = refusedHints.applied(to: request.body, own: request.ownFields, at: time)
    var refused: Set<[UInt8]> = []
    while true {
      do { return try await sendOnce(outgoing, key: key, at: time) } catch {
        refused.insert(outgoing.body)
        // A server that minds both ways would get the same bodies for ever.
        guard refused.count <= Self.maximumMends, let next = mended(outgoing, after: error, at: time),
          !refused.contains(next)
        else { throw error }
        outgoing.body = next
      }
    }
  }

  /// What to send in the place of a request that was refused; `nil` where nothing helps.
  private func mended(_ request: UpstreamRequest, after failure: UpstreamFailure, at time: Double) -> [UInt8]? {
    if let mended = provider.codec.mended(request.body, after: failure) { return mended }
    let own = request.ownFields
    guard let mended = refusedHints.mended(request.body, after: failure, own: own, at: time) else { return nil }
    if !own.contains(mended.leftOut) { request.onLeftOut?(mended.leftOut) }
    return mended.body
  }

  private func sendOnce(
    _ request: UpstreamRequest, key: ProviderKeys.Key, at time: Double
  ) async throws(UpstreamFailure) -> UpstreamResponse {
    let response = try await pass(request, key: key, at: time)
    guard (200..<300).contains(response.status) else {
      let body = Self.unframed((try? await response.collect(upTo: Self.failureBytes) {}) ?? [])
      var failure = provider.codec.failure(status: response.status, headers: response.headers, body: body)
      failure.providerRequestID = response.requestID
      throw SentSecrets(of: key, in: provider).removed(from: failure)
    }
    return response
  }

  /// Signs a request and sends it, whatever the answer.
  func pass(
    _ request: UpstreamRequest, key: ProviderKeys.Key, at time: Double
  ) async throws(UpstreamFailure) -> UpstreamResponse {
    var outgoing = request
    if let query = provider.configuration.query { outgoing.append(query: query) }
    if let credentials = key.credentials {
      provider.signer.sign(&outgoing, credentials, baseURL: provider.configuration.baseURL, at: time)
    }
    return try await provider.transport.send(outgoing)
  }

  /// An error that came as an event of a stream, which some servers send with a status.
  private static func unframed(_ body: [UInt8]) -> [UInt8] {
    guard AnswerShape(body) == .events else { return body }
    var parser = ServerSentEventParser()
    guard let events = try? parser.parse(body) else { return body }
    return (events.first ?? parser.finish())?.data ?? body
  }
}
