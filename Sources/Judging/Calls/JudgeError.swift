import TextKit

/// What ends paid calls: no further call could mend it.
package enum JudgeError: Error, Sendable, Hashable {
  /// The endpoint refused for good.
  case endpointRefused(status: Int, calls: Int)
  /// The endpoint failed again and again.
  case endpointFailed(reason: String, attempts: Int)
  /// The next call could cost more than is left.
  case budgetSpent(capUSD: Double, spentUSD: Double)
  /// The journal cannot be read or written, or another run holds it.
  case journal(path: String, reason: String)
  /// Someone asked to stop.
  case cancelled
}

extension JudgeError: CustomStringConvertible {
  /// One line: what was expected and found. What to do depends on who asked.
  package var description: String {
    switch self {
    case .endpointRefused(let status, let calls):
      "the endpoint answered with status \(status) after \(NumberFormat.count(calls)) calls, expected 200"
    case .endpointFailed(let reason, let attempts):
      "the endpoint failed \(attempts) times in a row, last with \(reason)"
    case .budgetSpent(let cap, let spent):
      "stopped: the next call could exceed the cap of \(Self.usd(cap)) USD (\(Self.usd(spent)) spent, journal included)"
    case .journal(let path, let reason): "\(path): \(reason)"
    case .cancelled: "stopped"
    }
  }

  private static func usd(_ value: Double) -> String { "\((value * 1e4).rounded() / 1e4)" }
}
