import Synchronization

/// Hints in memory: they outlive a reload, and are forgotten with the process.
package final class MemoryHints: HintStore {
  private let learnt = Mutex<[LearntHint]>([])

  package init() {}

  package func hints(of place: HintPlace, at time: Double) -> [String: Double] {
    learnt.withLock { hints in
      hints.removeAll { !$0.holds(for: place, at: time) }
      return Dictionary(hints.filter { $0.place == place }.map { ($0.name, $0.time) }) { max($0, $1) }
    }
  }

  package func add(_ name: String, of place: HintPlace, at time: Double) {
    add([LearntHint(place: place, name: name, time: time)])
  }

  /// Takes hints over, in the order in which they were learnt.
  func add(_ hints: [LearntHint]) {
    learnt.withLock { known in
      for hint in hints { known.removeAll { $0.place == hint.place && $0.name == hint.name } }
      known += hints
      known.removeFirst(max(0, known.count - Self.capacity))
    }
  }

  package func close() async {}
}

extension LearntHint {
  /// Whether it may still be believed, now that a target is configured as it is.
  func holds(for place: HintPlace, at time: Double) -> Bool {
    time - self.time < MemoryHints.lifetimeSeconds && (self.place.target != place.target || self.place == place)
  }
}
