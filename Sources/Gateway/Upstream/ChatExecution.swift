package import ChatProtocols

/// Gets a chat request answered by one of several targets, and knows when to stop trying.
package struct ChatExecution: Sendable {
  package let failover: Failover
  /// Where calls are entered, so that somebody gives them up in time.
  package let deadlines: CallTokenTable
  /// The longest whole answer; a longer one is a failed attempt.
  package let maximumAnswerBytes: Int

  package init(failover: Failover, deadlines: CallTokenTable, maximumAnswerBytes: Int) {
    self.failover = failover
    self.deadlines = deadlines
    self.maximumAnswerBytes = maximumAnswerBytes
  }

  /// A whole answer from the first target that gives one.
  /// - Parameter origin: who asks, for the breakers.
  package func answer(
    _ request: ChatRequest, over targets: [UpstreamTarget], presence: ConnectionMonitor, origin: UInt64? = nil
  ) async -> Failover.Outcome<BufferedCall.Answer> {
    await failover.run(over: targets, origin: origin) { target, key in
      await call(target, key, presence, origin).answer(request, maximumBytes: maximumAnswerBytes)
    }
  }

  /// A stream from the first target that gives content.
  /// - Parameter collects: whether its outcome shall have the whole answer.
  package func stream(
    _ request: ChatRequest, apiFormat: any ClientFormat, over targets: [UpstreamTarget], presence: ConnectionMonitor,
    origin: UInt64? = nil, collects: Bool = false
  ) async -> Failover.Outcome<LiveStream> {
    await failover.run(over: targets, origin: origin) { target, key in
      await call(target, key, presence, origin).stream(
        request, apiFormat, maximumBytes: maximumAnswerBytes, collects: collects)
    }
  }

  /// The body of the first answer to a request that is no chat.
  /// - Parameter most: what the request may use; `nil` for one that costs nothing.
  func exchange(
    over targets: [UpstreamTarget], presence: ConnectionMonitor, origin: UInt64? = nil, most: TokenUsage? = nil,
    _ request: @escaping @Sendable (UpstreamTarget) -> UpstreamRequest
  ) async -> Failover.Outcome<[UInt8]> {
    await failover.run(over: targets) { target, key in
      await call(target, key, presence, origin).body(request(target), maximumBytes: maximumAnswerBytes, most: most)
    }
  }

  private func call(
    _ target: UpstreamTarget, _ key: ProviderKeys.Key, _ presence: ConnectionMonitor, _ origin: UInt64?
  ) -> TimedCall {
    TimedCall(
      target: target, key: key, presence: presence, party: Party(origin ?? 0), deadlines: deadlines,
      clock: failover.clock)
  }
}
