import ChatProtocols

/// An answer that is waited for while its client is told now and then that it is.
package struct AwaitedAnswer: Sendable {
  /// What is sent while nothing has come: a comment, or a ping, as the client's format has it.
  let sign: [UInt8]
  /// An error as an event of a stream that has begun.
  let failure: @Sendable (GatewayError) -> [UInt8]
  private let moments: AsyncStream<Moment>
  private let work: Task<OutgoingResponse, Never>

  private enum Moment: Sendable {
    case tick
    case answer(OutgoingResponse)
  }

  /// Begins the work, which goes on however long it is waited for.
  /// - Parameter seconds: between two signs.
  init(
    every seconds: Double, _ clock: GatewayClock, sign: [UInt8], failure: @escaping @Sendable (GatewayError) -> [UInt8],
    _ work: @escaping @Sendable () async -> OutgoingResponse
  ) {
    self.sign = sign
    self.failure = failure
    let (moments, continuation) = AsyncStream.makeStream(of: Moment.self)
    self.moments = moments
    let ticker = Task {
      while !Task.isCancelled {
        do { try await clock.sleep(seconds) } catch { return }
        continuation.yield(.tick)
      }
    }
    self.work = Task {
      let response = await work()
      ticker.cancel()
      continuation.yield(.answer(response))
      continuation.finish()
      return response
    }
  }

  /// Waits for the answer, or until it is time for a sign: then `nil`. Where the waiting is cancelled so is the work, and its
  /// answer comes.
  func next() async -> OutgoingResponse? {
    var iterator = moments.makeAsyncIterator()
    switch await iterator.next() {
    case .tick: return nil
    case .answer(let response): return response
    case nil:
      work.cancel()
      return await work.value
    }
  }

  /// The answer, without signs.
  var answer: OutgoingResponse { get async { await work.value } }
}
