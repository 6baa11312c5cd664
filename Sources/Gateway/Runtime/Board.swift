import Synchronization
import TextKit

/// What a service found out last, for anyone who asks.
final class Board: Sendable {
  private let shown = Mutex<JSONNode>(.null)

  /// `null` where nothing is watched.
  var json: JSONNode { shown.withLock { $0 } }

  func show(_ json: JSONNode) { shown.withLock { $0 = json } }

  func clear() { show(.null) }

  /// Says why nothing is known.
  func say(_ reason: String) { show(.object(["refused": .string(reason)])) }
}
