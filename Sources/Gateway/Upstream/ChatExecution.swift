import AsyncAlgorithms
package import ChatProtocols
import NIOCore

/// Gets a chat request answered by one of several targets, and knows when to give up.
package struct ChatExecution: Sendable {
  package let failover: Failover
  /// Where calls are entered, so that somebody gives them up in time.
  package let deadlines: DeadlineTable
  /// The longest whole answer; a longer one is a failed attempt.
  package let maximumAnswerBytes: Int

  package init(failover: Failover, deadlines: DeadlineTable, maximumAnswerBytes: Int) {
    self.failover = failover
    self.deadlines = deadlines
    self.maximumAnswerBytes = maximumAnswerBytes
  }

  private var clock: GatewayClock { failover.clock }

  /// A whole answer from the first target that gives one.
  package func answer(
    _ request: ChatRequest, over targets: [UpstreamTarget], presence: ClientPresence
  ) async -> Failover.Outcome<BufferedCall.Answer> {
    return await failover.run(over: targets) { target, key in
      await attemptWhole(request, target, key, presence)
    }
  }

  /// A stream from the first target that gives content.
  package func stream(
    _ request: ChatRequest, dialect: any ClientDialect, over targets: [UpstreamTarget], presence: ClientPresence
  ) async -> Failover.Outcome<LiveStream> {
    await failover.run(over: targets) { target, key in
      await attemptStream(request, dialect, target, key, presence)
    }
  }

  /// Whatever `call` gets from the first target where it gets something.
  func exchange<Answer: Sendable>(
    over targets: [UpstreamTarget], presence: ClientPresence,
    _ call: @escaping @Sendable (UpstreamTarget, ProviderKeys.Key) async throws(UpstreamFailure) -> Answer
  ) async -> Failover.Outcome<Answer> {
    return await failover.run(over: targets) { target, key in
      await attempt(target, presence) { (_) throws(UpstreamFailure) in try await call(target, key) }
    }
  }

  private func attemptWhole(
    _ request: ChatRequest, _ target: UpstreamTarget, _ key: ProviderKeys.Key, _ presence: ClientPresence
  ) async -> (result: Failover.Result<BufferedCall.Answer>, record: Attempt) {
    let (maximumBytes, clock) = (maximumAnswerBytes, clock)
    var (result, record) = await attempt(target, presence) { (deadline) throws(UpstreamFailure) in
      try await BufferedCall(target: target, key: key, maximumBytes: maximumBytes, deadline: deadline, clock: clock)
        .run(request)
    }
    if case .answered(let answer) = result {
      record.usage = answer.answer.usage
      record.costUSD = answer.answer.usage.flatMap { target.price?.costUSD(of: $0) }
    }
    return (result, record)
  }

  /// One call, which ends when its time is over or the client leaves.
  private func attempt<Answer: Sendable>(
    _ target: UpstreamTarget, _ presence: ClientPresence,
    _ call: @escaping @Sendable (Deadline) async throws(UpstreamFailure) -> Answer
  ) async -> (result: Failover.Result<Answer>, record: Attempt) {
    // A provider sends a whole answer when it is whole: its first byte is no sign of life.
    let deadline = begin(target, firstToken: target.provider.configuration.timeouts.total)
    defer {
      deadlines.remove(deadline)
      presence.forget(deadline)
    }
    let task = Task { () async -> Result<Answer, UpstreamFailure> in
      do throws(UpstreamFailure) { return .success(try await call(deadline)) } catch { return .failure(error) }
    }
    watch(deadline, presence) { task.cancel() }
    let result = await task.value
    var record = record(of: target, since: deadline)
    switch result {
    case .success(let answer): return (.answered(answer), record)
    case .failure(let failure): return (ended(failure, deadline, &record), record)
    }
  }

  private func attemptStream(
    _ request: ChatRequest, _ dialect: any ClientDialect, _ target: UpstreamTarget, _ key: ProviderKeys.Key,
    _ presence: ClientPresence
  ) async -> (result: Failover.Result<LiveStream>, record: Attempt) {
    let deadline = begin(target, firstToken: target.provider.configuration.timeouts.firstToken)
    let channel = AsyncChannel<ByteBuffer>()
    let (deadlines, clock) = (deadlines, clock)
    let task = Task { () async -> StreamOutcome in
      var pump = StreamPump(
        target: target, request: request, dialect: dialect, deadline: deadline, clock: clock, channel: channel)
      let outcome = await pump.run(key: key)
      deadlines.remove(deadline)
      presence.forget(deadline)
      return outcome
    }
    watch(deadline, presence) { task.cancel() }
    var iterator = channel.makeAsyncIterator()
    guard let first = await iterator.next() else {
      let failure = await task.value.failure ?? UpstreamFailure(.malformed, reason: "an empty stream")
      var record = record(of: target, since: deadline)
      return (ended(failure, deadline, &record), record)
    }
    var record = record(of: target, since: deadline)
    record.firstTokenMilliseconds = record.latencyMilliseconds
    return (.answered(LiveStream(first: first, rest: channel, outcome: task, deadline: deadline)), record)
  }

  private func begin(_ target: UpstreamTarget, firstToken: Double) -> Deadline {
    let deadline = Deadline(
      now: clock.steadyNanoseconds, firstToken: firstToken, total: target.provider.configuration.timeouts.total)
    deadlines.insert(deadline)
    return deadline
  }

  private func watch(_ deadline: Deadline, _ presence: ClientPresence, _ cancel: @escaping @Sendable () -> Void) {
    deadline.onExpiry(cancel)
    presence.onLeave(cancel: deadline)
  }

  private func record(of target: UpstreamTarget, since deadline: Deadline) -> Attempt {
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
    return deadline.cause == .cancelled ? .abandoned : .failed(failure)
  }
}
