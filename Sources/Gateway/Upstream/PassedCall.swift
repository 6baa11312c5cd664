import AsyncAlgorithms
import ChatProtocols
import NIOCore

/// One request that is sent as it came, and its answer as it comes: nothing of either is read.
struct PassedCall: Sendable {
  let target: UpstreamTarget
  let key: ProviderKeys.Key
  let presence: ConnectionMonitor
  /// Who asks, for a fair turn.
  let party: Party
  let deadlines: CallTokenTable
  let clock: GatewayClock

  /// The head of an answer, and the rest.
  struct Answer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: LiveStream
  }

  /// Sends a request. Until there is a head `total_s` bounds it, then `idle_s` between two parts as well.
  func run(_ request: UpstreamRequest) async throws(UpstreamFailure) -> Answer {
    let timeouts = target.provider.configuration.timeouts
    let queue = target.provider.queue
    guard let turn = try await queue.turn(for: party, presence: presence, deadlines: deadlines, clock) else {
      throw UpstreamFailure(.timeout, reason: "cancelled")
    }
    let deadline = CallToken(now: clock.steadyNanoseconds, firstToken: timeouts.total, total: timeouts.total)
    let channel = AsyncChannel<ByteBuffer>()
    let ending = StreamEnding()
    let (heads, head) = AsyncStream.makeStream(of: Result<UpstreamResponse, UpstreamFailure>.self)
    deadlines.insert(deadline)
    let task = Task { [self] in
      var outcome = StreamOutcome()
      do throws(UpstreamFailure) {
        let response = try await target.pass(request, key: key, at: clock.unixSeconds())
        head.yield(.success(response))
        try await pass(response, deadline, channel, &outcome)
      } catch {
        outcome.failure = deadline.failure ?? error
        head.yield(.failure(deadline.failure ?? error))
      }
      head.finish()
      deadlines.remove(deadline)
      presence.forget(deadline)
      ending.fulfil(outcome)
      channel.finish()
      turn.end()
    }
    deadline.onExpiry { task.cancel() }
    presence.onDisconnect(cancel: deadline)
    for await result in heads {
      let response = try result.get()
      return Answer(
        status: response.status, headers: response.headers,
        body: LiveStream(first: ByteBuffer(), rest: channel, ending: ending, deadline: deadline, breaksOff: true))
    }
    throw UpstreamFailure(.timeout, reason: "cancelled")
  }

  /// Passes the body on as it comes. An error is read first, as far as one is read anywhere: it may quote the key.
  private func pass(
    _ response: UpstreamResponse, _ deadline: CallToken, _ channel: AsyncChannel<ByteBuffer>,
    _ outcome: inout StreamOutcome
  ) async throws(UpstreamFailure) {
    var iterator = response.body.makeIterator()
    var held: [UInt8] = []
    while let part = try await iterator.next() {
      outcome.byteCount += part.readableBytes
      if response.status >= 400 {
        held += part.readableBytesView
        if held.count > UpstreamTarget.failureBytes { break }
      } else {
        deadline.suspend()
        await channel.send(part)
      }
      deadline.advance(now: clock.steadyNanoseconds, idle: target.provider.configuration.timeouts.idle)
    }
    guard !held.isEmpty else { return }
    let clean = SentSecrets(of: key, in: target.provider).removed(from: Array(held.prefix(UpstreamTarget.failureBytes)))
    await channel.send(ByteBuffer(bytes: clean))
  }
}
