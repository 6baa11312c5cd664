import Synchronization

/// Shows when the client of a connection goes away, so that no one pays for an answer that no one reads.
///
/// A client that closes its sending half counts as gone: HTTP clients keep both halves open while they wait.
package final class ConnectionMonitor: Sendable {
  private struct State {
    var isGone = false
    var calls: [ObjectIdentifier: CallToken] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// Has a call cancelled when the client goes away; at once where it is gone.
  package func onDisconnect(cancel call: CallToken) {
    let isGone = state.withLock { state in
      if !state.isGone { state.calls[ObjectIdentifier(call)] = call }
      return state.isGone
    }
    if isGone { call.cancel() }
  }

  /// A call is over.
  package func forget(_ call: CallToken) {
    _ = state.withLock { $0.calls.removeValue(forKey: ObjectIdentifier(call)) }
  }

  func leave() {
    let calls = state.withLock { state in
      state.isGone = true
      defer { state.calls = [:] }
      return Array(state.calls.values)
    }
    for call in calls { call.cancel() }
  }
}
