import ChatProtocols
import GatewayCore

/// The time and the dollars that looking at a request's answers may take.
struct Allowance: Sendable {
  /// Goes when the time is over, and when the client goes.
  let presence = ConnectionMonitor()
  private let maximumUSD: Double?
  private let deadline: CallToken
  private let exchange: ChatExchange

  /// Begins now; ends with ``end()``.
  init(_ bounds: MultiCallLimits, of exchange: ChatExchange) {
    self.exchange = exchange
    maximumUSD = bounds.costUSD
    let deadline = CallToken(
      now: exchange.shared.clock.steadyNanoseconds, firstToken: bounds.seconds, total: bounds.seconds)
    self.deadline = deadline
    exchange.shared.deadlines.insert(deadline)
    deadline.onExpiry { [presence] in presence.leave() }
    exchange.incoming.presence.onDisconnect(cancel: deadline)
  }

  func end() {
    exchange.shared.deadlines.remove(deadline)
    exchange.incoming.presence.forget(deadline)
  }

  /// Whether the dollars allow for another answer, whatever it takes. What has no known price costs nothing here.
  func affords(_ request: ChatRequest, _ targets: [UpstreamTarget], beside attempts: [Attempt]) -> Bool {
    guard let maximumUSD else { return true }
    return (attempts.settlement.costUSD ?? 0) + mostUSD(request, targets) <= maximumUSD
  }

  /// How many answers of several the dollars allow for; one at least.
  func count(_ count: Int, of request: ChatRequest, from targets: [UpstreamTarget]) -> Int {
    let most = mostUSD(request, targets)
    guard let maximumUSD, most > 0 else { return count }
    return max(1, Int(min(Double(count), maximumUSD / most)))
  }

  private func mostUSD(_ request: ChatRequest, _ targets: [UpstreamTarget]) -> Double {
    targets.compactMap { $0.price?.costUSD(of: $0.bounds(of: request).most) }.max() ?? 0
  }
}
