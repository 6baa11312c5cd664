import Synchronization

/// The bytes of requests that are in memory at a time, shared by all: no one holds more of them than ``FairShare`` allows.
package final class ByteBudget: Sendable {
  private struct State {
    var taken = 0
    var held: [Party: Int] = [:]
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: bytes in all; at least 1.
  package init(_ capacity: Int) { self.capacity = max(1, capacity) }

  /// Bytes that are held.
  package var taken: Int { state.withLock(\.taken) }

  /// Takes bytes; `false` where that would be more than there are, or than the party's share.
  func take(_ count: Int, for party: Party) -> Bool {
    guard count > 0 else { return true }
    return state.withLock { state in
      let held = state.held[party, default: 0]
      guard FairShare.allows(count, held: held, free: capacity - state.taken) else { return false }
      state.taken += count
      state.held[party] = held + count
      return true
    }
  }

  /// Gives bytes back.
  func giveBack(_ count: Int, of party: Party) {
    guard count > 0 else { return }
    state.withLock { state in
      state.taken -= count
      let held = state.held[party, default: 0] - count
      state.held[party] = held > 0 ? held : nil
    }
  }
}
