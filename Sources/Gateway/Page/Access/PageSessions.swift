import GatewayCore
import Synchronization
import TextKit

/// Browsers that logged in: in memory alone, so that a restart ends all of them.
///
/// A token is kept as its hash. A session is worth what its key is worth now: with the key it ends, and it follows the key's role.
final class PageSessions: Sendable {
  /// How long a browser stays logged in after it did.
  static let lifetimeSeconds = 12 * 3600.0
  /// Sessions at most; the oldest ends first.
  private static let capacity = 256

  private struct Session {
    var holder: AdminConfiguration.Holder
    var actionToken: String
    var start: Double
  }

  private let open = Mutex<[String: Session]>([:])

  /// Begins a session and returns the token that the browser keeps.
  func begin(_ holder: AdminConfiguration.Holder, at time: Double) -> String {
    let token = Self.makeToken()
    open.withLock { open in
      open = open.filter { $0.value.start + Self.lifetimeSeconds > time }
      if open.count >= Self.capacity, let oldest = open.min(by: { $0.value.start < $1.value.start }) {
        open[oldest.key] = nil
      }
      open[VirtualKey.sha256(token.utf8)] = Session(holder: holder, actionToken: Self.makeToken(), start: time)
    }
    return token
  }

  /// Who has a token; `nil` where no one has, the session is over, or its key is gone.
  func visitor(of token: String, among holders: [AdminConfiguration.Holder], at time: Double) -> PageVisitor? {
    guard let session = open.withLock({ $0[VirtualKey.sha256(token.utf8)] }),
      session.start + Self.lifetimeSeconds > time,
      let holder = holders.first(where: { $0.name == session.holder.name && $0.key == session.holder.key })
    else { return nil }
    return PageVisitor(
      name: holder.name, role: holder.role, means: .session, actionToken: session.actionToken)
  }

  func end(_ token: String) { open.withLock { $0[VirtualKey.sha256(token.utf8)] = nil } }

  /// 256 bits of the system's random numbers in hexadecimal.
  static func makeToken() -> String {
    (0..<4).map { _ in UInt64.random(in: .min ... .max).hexadecimal }.joined()
  }
}
