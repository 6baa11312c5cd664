import AsyncAlgorithms
import ChatProtocols
import NIOCore

/// One attempt at a target, which ends when its time is over or the client leaves.
struct TimedCall {
  let target: UpstreamTarget
  let key: ProviderKeys.Key
  let presence: ConnectionMonitor
  /// Who asks, for a fair turn.
  let party: Party
  let deadlines: CallTokenTable
  let clock: GatewayClock

  /// For a whole answer.
  func answer(
    _ request: ChatRequest, maximumBytes: Int
  ) async -> (result: Failover.Result<BufferedCall.Answer>, record: Attempt) {
    let (sent, leftOut) = (SentMark(), LeftOutNames())
    // An answer that no one waits for may be written to its end all the same.
    var (result, record) = await run(assuming: { sent.wasSent ? target.bounds(of: request).most : nil }) {
      [target, key, clock] (deadline) throws(UpstreamFailure) in
      try await BufferedCall(
        target: target, key: key, maximumBytes: maximumBytes, deadline: deadline, clock: clock, sent: sent,
        leftOut: leftOut
      ).run(request)
    }
    record.leftOut = leftOut.names
    if case .answered(let answer) = result {
      let extent = AnswerExtent(answer.answer)
      record.usage = UsageCheck(request: request, price: target.price).checked(answer.answer.usage, of: extent)
      record.costUSD = record.usage.flatMap { target.price?.costUSD(of: $0) }
      if record.usage == nil {
        target.assume(
          target.bounds(of: request).seen(of: extent, after: record.latencyMilliseconds / 1000), of: &record)
      }
    }
    return (result, record)
  }

  /// For the bytes of an answer.
  /// - Parameter most: what the request may use; `nil` for one that costs nothing.
  func body(
    _ request: UpstreamRequest, maximumBytes: Int, most: TokenUsage? = nil
  ) async -> (result: Failover.Result<[UInt8]>, record: Attempt) {
    let sent = SentMark()
    var outgoing = request
    outgoing.onSent = { sent.set() }
    return await run(assuming: { sent.wasSent ? most : nil }) {
      [outgoing, target, key, clock] (_) throws(UpstreamFailure) in
      let response = try await target.send(outgoing, key: key, at: clock.unixSeconds())
      return try await response.collect(upTo: maximumBytes) {}
    }
  }

  /// For a stream, up to its first content.
  func stream(
    _ request: ChatRequest, _ apiFormat: any ClientFormat, maximumBytes: Int, collects: Bool
  ) async -> (result: Failover.Result<LiveStream>, record: Attempt) {
    let turn: CallQueue.Turn
    switch await queue() {
    case .success(let own): turn = own
    case .failure(let left): return (left.result(), left.record)
    }
    let deadline = begin(firstToken: target.firstTokenSeconds)
    let channel = AsyncChannel<ByteBuffer>()
    let (ending, leftOut) = (StreamEnding(), LeftOutNames())
    let task = Task { [self] in
      var pump = StreamPump(
        target: target, request: request, apiFormat: apiFormat, deadline: deadline, clock: clock, channel: channel,
        ending: ending, maximumBytes: maximumBytes, collects: collects, leftOut: leftOut,
        onEnd: { presence.forget(deadline) })
      await pump.run(key: key)
      end(deadline)
      turn.end()
    }
    watch(deadline) { task.cancel() }
    var iterator = channel.makeAsyncIterator()
    guard let first = await iterator.next() else {
      let outcome = await ending.outcome
      let failure = outcome.failure ?? UpstreamFailure(.malformed, reason: "an empty stream")
      var record = record(since: deadline, turn)
      target.assume(outcome.assumedUsage, of: &record)
      return (ended(failure, deadline, &record), record)
    }
    var record = record(since: deadline, turn)
    record.firstTokenMilliseconds = record.latencyMilliseconds
    record.leftOut = leftOut.names
    return (.answered(LiveStream(first: first, rest: channel, ending: ending, deadline: deadline)), record)
  }

  /// - Parameter assuming: what a call is taken to have used that was cancelled.
  private func run<Answer: Sendable>(
    assuming: () -> TokenUsage?, _ call: @escaping @Sendable (CallToken) async throws(UpstreamFailure) -> Answer
  ) async -> (result: Failover.Result<Answer>, record: Attempt) {
    let turn: CallQueue.Turn
    switch await queue() {
    case .success(let own): turn = own
    case .failure(let left): return (left.result(), left.record)
    }
    defer { turn.end() }
    // A provider sends a whole answer when it is whole: its first byte is no sign of life.
    let deadline = begin(firstToken: target.provider.configuration.timeouts.total)
    defer { end(deadline) }
    let task = Task { () async -> Result<Answer, UpstreamFailure> in
      do throws(UpstreamFailure) { return .success(try await call(deadline)) } catch { return .failure(error) }
    }
    watch(deadline) { task.cancel() }
    let result = await task.value
    var record = record(since: deadline, turn)
    switch result {
    case .success(let answer): return (.answered(answer), record)
    case .failure(let failure):
      if deadline.cause != .none { target.assume(assuming(), of: &record) }
      return (ended(failure, deadline, &record), record)
    }
  }
}

extension TimedCall {
  /// A call that ended before its turn.
  private struct Left: Error {
    var failure: UpstreamFailure?
    var record: Attempt

    func result<Answer: Sendable>() -> Failover.Result<Answer> { failure.map { .failed($0) } ?? .abandoned }
  }

  private func queue() async -> Result<CallQueue.Turn, Left> {
    let start = clock.steadyNanoseconds
    var failure: UpstreamFailure?
    do throws(UpstreamFailure) {
      let turn = try await target.provider.queue.turn(for: party, presence: presence, deadlines: deadlines, clock)
      if let turn { return .success(turn) }
    } catch { failure = error }
    var record = Attempt(target: target.name, tier: target.tier, latencyMilliseconds: 0)
    record.queuedMilliseconds = Double(clock.steadyNanoseconds - min(start, clock.steadyNanoseconds)) / 1e6
    record.fail(failure ?? UpstreamFailure(.timeout, reason: "cancelled"))
    return .failure(Left(failure: failure, record: record))
  }

  private func begin(firstToken: Double) -> CallToken {
    let deadline = CallToken(
      now: clock.steadyNanoseconds, firstToken: firstToken, total: target.provider.configuration.timeouts.total)
    deadlines.insert(deadline)
    return deadline
  }

  private func watch(_ deadline: CallToken, _ cancel: @escaping @Sendable () -> Void) {
    deadline.onExpiry(cancel)
    presence.onDisconnect(cancel: deadline)
  }

  private func end(_ deadline: CallToken) {
    deadlines.remove(deadline)
    presence.forget(deadline)
  }

  private func record(since deadline: CallToken, _ turn: CallQueue.Turn) -> Attempt {
    var record = Attempt(
      target: target.name, tier: target.tier,
      latencyMilliseconds: Double(clock.steadyNanoseconds - min(deadline.start, clock.steadyNanoseconds)) / 1e6)
    record.queuedMilliseconds = turn.queuedMilliseconds
    return record
  }

  /// A failure, as its deadline sees it.
  private func ended<Answer: Sendable>(
    _ failure: UpstreamFailure, _ deadline: CallToken, _ record: inout Attempt
  ) -> Failover.Result<Answer> {
    let failure = deadline.failure ?? failure
    record.fail(failure)
    return deadline.cause == .cancelled ? .abandoned : .failed(failure)
  }
}
