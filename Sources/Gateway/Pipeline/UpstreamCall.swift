import NIOCore

/// One attempt at a target for a whole answer.
package struct BufferedCall: Sendable {
  /// What a provider answered.
  package struct Answer: Sendable {
    package var answer: ChatAnswer
    /// The body as it came.
    package var body: [UInt8]
  }

  let target: UpstreamTarget
  let key: ProviderKeys.Key
  let maximumBytes: Int
  let deadline: Deadline
  let clock: GatewayClock

  /// - Parameters:
  ///   - maximumBytes: the longest body; a longer one is malformed.
  ///   - deadline: moved on with every part of the body.
  package init(
    target: UpstreamTarget, key: ProviderKeys.Key, maximumBytes: Int, deadline: Deadline, clock: GatewayClock
  ) {
    self.target = target
    self.key = key
    self.maximumBytes = maximumBytes
    self.deadline = deadline
    self.clock = clock
  }

  /// Sends the request and reads the answer.
  package func run(_ request: ChatRequest) async throws(UpstreamFailure) -> Answer {
    let codec = target.provider.codec
    let response = try await target.open(request, key: key)
    let body = try await response.collect(upTo: maximumBytes) { touch() }
    do { return Answer(answer: try codec.answer(from: body), body: body) } catch { throw UpstreamFailure(error) }
  }

  private func touch() {
    deadline.advance(now: clock.steadyNanoseconds, idle: target.provider.configuration.timeouts.idle)
  }
}

extension UpstreamTarget {
  /// The longest body of a failure that is read.
  static let failureBytes = 64 << 10

  /// Sends a request and checks the status.
  func open(_ request: ChatRequest, key: ProviderKeys.Key) async throws(UpstreamFailure) -> UpstreamResponse {
    let outgoing: UpstreamRequest
    do {
      outgoing = try provider.codec.upstreamRequest(for: request, model: configuration.model, key: key.secret)
    } catch {
      throw UpstreamFailure(
        .unsupported, reason: error.code.rawValue, clientMessage: error.message, param: error.param)
    }
    return try await open(outgoing, key: key)
  }

  /// Sends a request and checks the status. The key goes where the configuration says, if it does.
  func open(_ request: UpstreamRequest, key: ProviderKeys.Key) async throws(UpstreamFailure) -> UpstreamResponse {
    var outgoing = request
    if let name = provider.configuration.keyHeader?.lowercased(), let secret = key.secret {
      outgoing.headers.removeAll { ["authorization", "x-api-key", "x-goog-api-key", name].contains($0.name) }
      outgoing.headers.append((name, secret))
    }
    let response = try await provider.transport.send(outgoing)
    guard (200..<300).contains(response.status) else {
      let body = (try? await response.collect(upTo: Self.failureBytes) {}) ?? []
      throw provider.codec.failure(status: response.status, headers: response.headers, body: body)
    }
    return response
  }
}

extension UpstreamResponse {
  /// All bytes of the body.
  /// - Parameter onProgress: called for every part.
  func collect(upTo maximum: Int, onProgress: () -> Void) async throws(UpstreamFailure) -> [UInt8] {
    var iterator = body.makeIterator()
    var bytes: [UInt8] = []
    do {
      while let part = try await iterator.next() {
        onProgress()
        guard bytes.count + part.readableBytes <= maximum else {
          throw UpstreamFailure(.malformed, reason: "the answer is longer than \(maximum) bytes")
        }
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch let failure as UpstreamFailure { throw failure } catch { throw HTTPTransport.failure(error) }
    return bytes
  }
}

extension UpstreamFailure {
  /// What a fault in an answer means for the attempt.
  init(_ fault: ProviderFault) {
    switch fault {
    case .malformed(let expected): self.init(.malformed, reason: "expected \(expected)")
    case .failed(let failure): self = failure
    }
  }
}
