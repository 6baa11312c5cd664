import AsyncAlgorithms
import ChatProtocols
import NIOCore

/// One request that is sent as it came, and its answer as it comes: nothing of either is read.
struct PassedCall: Sendable {
  let target: UpstreamTarget
  let key: ProviderKeys.Key
  let presence: ClientPresence
  let deadlines: DeadlineTable
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
    let deadline = Deadline(now: clock.steadyNanoseconds, firstToken: timeouts.total, total: timeouts.total)
    let channel = AsyncChannel<ByteBuffer>()
    let ending = StreamEnding()
    let (heads, head) = AsyncStream.makeStream(of: Result<UpstreamResponse, UpstreamFailure>.self)
    deadlines.insert(deadline)
    let task = Task { [self] in
      var outcome = StreamOutcome()
      do throws(UpstreamFailure) {
        let response = try await target.pass(request, key: key, at: clock.unixSeconds())
        head.yield(.success(response))
        var iterator = response.body.makeIterator()
        while let part = try await iterator.next() {
          deadline.suspend()
          await channel.send(part)
          deadline.advance(now: clock.steadyNanoseconds, idle: timeouts.idle)
        }
      } catch {
        outcome.failure = deadline.failure ?? error
        head.yield(.failure(deadline.failure ?? error))
      }
      head.finish()
      deadlines.remove(deadline)
      presence.forget(deadline)
      ending.fulfil(outcome)
      channel.finish()
    }
    deadline.onExpiry { task.cancel() }
    presence.onLeave(cancel: deadline)
    for await result in heads {
      let response = try result.get()
      return Answer(
        status: response.status, headers: response.headers,
        body: LiveStream(first: ByteBuffer(), rest: channel, ending: ending, deadline: deadline, breaksOff: true))
    }
    throw UpstreamFailure(.connection, reason: "given up")
  }
}
