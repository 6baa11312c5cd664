import Synchronization

/// Eight tasks count together: behind a mutex, or with the argument `race` without one.
@main enum Race {
  static func main() async {
    let counter = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<100_000 {
            if CommandLine.arguments.contains("race") {
              counter.open += 1
            } else {
              counter.guarded.withLock { $0 += 1 }
            }
          }
        }
      }
    }
  }

  private final class Counter: @unchecked Sendable {
    var open = 0
    let guarded = Mutex(0)
  }
}
