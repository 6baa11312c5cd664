import AsyncAlgorithms
import ChatProtocols
import NIOCore

/// One attempt at a target, which ends when its time is over or the client leaves.
struct TimedCall {
  let target: UpstreamTarget
  let key: ProviderKeys.Key
  let presence: ClientPresence
  let deadlines: DeadlineTable
  let clock: GatewayClock

  /// For a whole answer.
  func answer(
    _ request: ChatRequest, maximumBytes: Int
  ) async -> (result: Failover.Result<BufferedCall.Answer>, record: Attempt) {
    var (result, record) = await run { [target, key, clock] (deadline) throws(UpstreamFailure) in
      try await BufferedCall(target: target, key: key, maximumBytes: maximumBytes, deadline: deadline, clock: clock)
        .run(request)
    }
    if case .answered(let answer) = result {
      record.usage = UsageCheck(request: request).checked(answer.answer.usage, of: AnswerExtent(answer.answer))
      record.costUSD = record.usage.flatMap { target.price?.costUSD(of: $0) }
    }
    return (result, record)
  }

  /// For the bytes of an answer.
  func body(
    _ request: UpstreamRequest, maximumBytes: Int
  ) async -> (result: Failover.Result<[UInt8]>, record: Attempt) {
    await run { [target, key, clock] (_) throws(UpstreamFailure) in
      let response = try await target.send(request, key: key, at: clock.unixSeconds())
      return try await response.collect(upTo: maximumBytes) {}
    }
  }

  /// For a stream, up to its first content.
  func stream(
    _ request: ChatRequest, _ dialect: any ClientDialect, maximumBytes: Int
  ) async -> (result: Failover.Result<LiveStream>, record: Attempt) {
    let deadline = begin(firstToken: target.firstTokenSeconds)
    let channel = AsyncChannel<ByteBuffer>()
    let ending = StreamEnding()
    let task = Task { [self] in
      var pump = StreamPump(
        target: target, request: request, dialect: dialect, deadline: deadline, clock: clock, channel: channel,
        ending: ending, maximumBytes: maximumBytes, onEnd: { presence.forget(deadline) })
      await pump.run(key: key)
      end(deadline)
    }
    watch(deadline) { task.cancel() }
    var iterator = channel.makeAsyncIterator()
    guard let first = await iterator.next() else {
      let failure = await ending.outcome.failure ?? UpstreamFailure(.malformed, reason: "an empty stream")
      var record = record(since: deadline)
      return (ended(failure, deadline, &record), record)
    }
    var record = record(since: deadline)
    record.firstTokenMilliseconds = record.latencyMilliseconds
    return (.answered(LiveStream(first: first, rest: channel, ending: ending, deadline: deadline)), record)
  }

  private func run<Answer: Sendable>(
    _ call: @escaping @Sendable (Deadline) async throws(UpstreamFailure) -> Answer
  ) async -> (result: Failover.Result<Answer>, record: Attempt) {
    // A provider sends a whole answer when it is whole: its first byte is no sign of life.
    let deadline = begin(firstToken: target.provider.configuration.timeouts.total)
    defer { end(deadline) }
    let task = Task { () async -> Result<Answer, UpstreamFailure> in
      do throws(UpstreamFailure) { return .success(try await call(deadline)) } catch { return .failure(error) }
    }
    watch(deadline) { task.cancel() }
    let result = await task.value
    var record = record(since: deadline)
    switch result {
    case .success(let answer): return (.answered(answer), record)
    case .failure(let failure): return (ended(failure, deadline, &record), record)
    }
  }
}

extension TimedCall {
  private func begin(firstToken: Double) -> Deadline {
    let deadline = Deadline(
      now: clock.steadyNanoseconds, firstToken: firstToken, total: target.provider.configuration.timeouts.total)
    deadlines.insert(deadline)
    return deadline
  }

  private func watch(_ deadline: Deadline, _ cancel: @escaping @Sendable () -> Void) {
    deadline.onExpiry(cancel)
    presence.onLeave(cancel: deadline)
  }

  private func end(_ deadline: Deadline) {
    deadlines.remove(deadline)
    presence.forget(deadline)
  }

  private func record(since deadline: Deadline) -> Attempt {
    Attempt(
      target: target.name, tier: target.tier,
      latencyMilliseconds: Double(clock.steadyNanoseconds - min(deadline.start, clock.steadyNanoseconds)) / 1e6)
  }

  /// A failure, as its deadline sees it.
  private func ended<Answer: Sendable>(
    _ failure: UpstreamFailure, _ deadline: Deadline, _ record: inout Attempt
  ) -> Failover.Result<Answer> {
    let failure = deadline.failure ?? failure
    record.failure = failure.kind
    record.status = failure.status
    record.reason = failure.reason
    record.providerRequestID = failure.providerRequestID
    return deadline.cause == .cancelled ? .abandoned : .failed(failure)
  }
}
