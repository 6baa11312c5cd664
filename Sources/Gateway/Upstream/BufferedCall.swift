package import ChatProtocols
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
    let outgoing = try target.upstreamRequest(for: request)
    let response = try await target.send(outgoing, key: key, at: clock.unixSeconds())
    let body = try await response.collect(upTo: maximumBytes) { touch() }
    do { return Answer(answer: try codec.answer(from: body), body: body) } catch { throw UpstreamFailure(error) }
  }

  private func touch() {
    deadline.advance(now: clock.steadyNanoseconds, idle: target.provider.configuration.timeouts.idle)
  }
}
