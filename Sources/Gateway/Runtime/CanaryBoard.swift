import Synchronization
import TextKit

/// What is known of the canary under way, for whoever asks.
final class CanaryBoard: Sendable {
  private let shown = Mutex<JSONNode>(.null)

  /// `null` without a canary.
  var json: JSONNode { shown.withLock { $0 } }

  func show(_ json: JSONNode) { shown.withLock { $0 = json } }

  func clear() { show(.null) }

  /// Says why nothing is known.
  func say(_ reason: String) { show(.object(["refused": .string(reason)])) }
}
