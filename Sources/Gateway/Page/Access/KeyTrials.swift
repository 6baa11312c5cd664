import Synchronization

/// Counts keys that were wrong, so that no one guesses for long.
final class KeyTrials: Sendable {
  /// Wrong keys of one address within a minute; further ones are not looked at.
  private static let most = 20
  /// Addresses that are remembered at most: with more, all are counted together.
  private static let capacity = 1024

  private let state = Mutex<(minute: Int, wrong: [Party: Int], total: Int)>((0, [:], 0))

  /// Whether a key of an address is looked at.
  func allows(_ party: Party, at time: Double) -> Bool {
    state.withLock { state in
      Self.turn(&state, time)
      let isCrowded = state.wrong.count >= Self.capacity
      return (isCrowded ? state.total / Self.capacity : state.wrong[party, default: 0]) < Self.most
    }
  }

  func noteWrong(_ party: Party, at time: Double) {
    state.withLock { state in
      Self.turn(&state, time)
      state.total += 1
      if state.wrong[party] != nil || state.wrong.count < Self.capacity { state.wrong[party, default: 0] += 1 }
    }
  }

  private static func turn(_ state: inout (minute: Int, wrong: [Party: Int], total: Int), _ time: Double) {
    let minute = Int(exactly: (time / 60).rounded(.down)) ?? 0
    if minute != state.minute { state = (minute, [:], 0) }
  }
}
