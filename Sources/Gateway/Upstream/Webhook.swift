import ChatProtocols
import DequeModule
import GatewayCore
import Logging
import Synchronization
import TextKit

/// Posts changes of alerts to a program of the operator's, signed, one after the other, and again until it takes them.
///
/// ``send(_:)`` takes a lock for a moment and never waits. What the program does not take for about a day, and what finds no room, is
/// counted and discarded; the alert itself stands in the log and the metrics all the same.
final class Webhook: Sendable {
  /// Messages that may wait.
  static let capacity = 256
  /// Attempts at one message: with pauses that double up to ``longestPauseSeconds``, about a day.
  static let attempts = 150
  static let longestPauseSeconds = 600.0
  /// How long the program may take for one message.
  static let timeoutSeconds = 10.0

  private struct State {
    var waiting = Deque<AlertChange>()
    var isWorking = false
    var isStopped = false
  }

  /// Where messages go.
  let url: String
  private let state = Mutex(State())
  private let secret: String
  private let transport: any UpstreamTransport
  private let clock: GatewayClock
  private let metrics: GatewayMetrics
  private let logger: Logger

  /// - Parameters:
  ///   - url: as configured.
  ///   - secret: what messages are signed with.
  ///   - transport: to the program's URL.
  init(
    url: String, secret: String, transport: any UpstreamTransport, clock: GatewayClock, metrics: GatewayMetrics,
    logger: Logger
  ) {
    self.url = url
    (self.secret, self.transport, self.clock) = (secret, transport, clock)
    (self.metrics, self.logger) = (metrics, logger)
  }

  /// Whether messages are signed with this.
  func hasSecret(_ text: String) -> Bool { text == secret }

  /// Takes a change. Never waits.
  func send(_ change: AlertChange) {
    let (isTaken, starts) = state.withLock { state -> (Bool, Bool) in
      guard !state.isStopped, state.waiting.count < Self.capacity else { return (false, false) }
      state.waiting.append(change)
      defer { state.isWorking = true }
      return (true, !state.isWorking)
    }
    if !isTaken { metrics.webhooks["dropped"].add() }
    if starts { Task.detached(priority: .background) { await self.work() } }
  }

  /// Takes no more, and cancels what waits.
  func stop() async {
    state.withLock { state in
      state.isStopped = true
      state.waiting = []
    }
    await transport.shutdown()
  }

  private func work() async {
    while let change = next() { await deliver(change) }
  }

  private func next() -> AlertChange? {
    state.withLock { state in
      let change = state.waiting.popFirst()
      if change == nil { state.isWorking = false }
      return change
    }
  }

  private func deliver(_ change: AlertChange) async {
    var pause = 1.0
    for attempt in 1...Self.attempts {
      if state.withLock(\.isStopped) { return }
      if await post(change) {
        metrics.webhooks["sent"].add()
        return
      }
      metrics.webhooks["failed"].add()
      if attempt == 1 {
        logger.warning("the webhook of alerts did not take a message; it is tried again")
      }
      guard attempt < Self.attempts, (try? await clock.sleep(pause)) != nil else { break }
      pause = min(2 * pause, Self.longestPauseSeconds)
    }
    metrics.webhooks["dropped"].add()
    logger.error("the webhook of alerts never accepted a message; it is discarded")
  }

  /// Whether the program took it: a status of 200 to 299 in time.
  private func post(_ change: AlertChange) async -> Bool {
    let body = change.json.jsonBytes
    let signature = MessageSignature.text(of: body, at: Int(clock.unixSeconds()), secret: secret)
    let request = UpstreamRequest(
      path: "", headers: [("content-type", "application/json"), (MessageSignature.header, signature)], body: body)
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask { [transport] in
        guard let response = try? await transport.send(request), (200..<300).contains(response.status) else {
          return false
        }
        return (try? await response.collect(upTo: 1 << 16) {}) != nil
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(Self.timeoutSeconds))
        return false
      }
      let isTaken = await group.next() ?? false
      group.cancelAll()
      return isTaken
    }
  }
}
