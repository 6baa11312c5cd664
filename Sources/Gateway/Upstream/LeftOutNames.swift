import Synchronization

/// What one call left out of its request because the provider refused it: for this client to know, and no lesson for others.
package final class LeftOutNames: Sendable {
  private let held = Mutex<[String]>([])

  package init() {}

  func add(_ name: String) { held.withLock { $0.append(name) } }

  /// In the order in which they were refused.
  var names: [String] { held.withLock { $0 } }
}
