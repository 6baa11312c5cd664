import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and `kill` into a request to stop: the first lets work end in good order, the second ends the process.
struct Interruption: Sendable {
  private final class Flag: Sendable { let isRaised = Atomic<Bool>(false) }

  private let flag = Flag()

  /// Whether someone asked to stop.
  var isRequested: Bool { flag.isRaised.load(ordering: .relaxed) }

  /// Listens until the process ends.
  init() {
    let flag = flag
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if flag.isRaised.exchange(true, ordering: .relaxed) { exit(130) }
        StandardError.write("\nstopping; once more to stop at once\n")
        // The handler keeps its source alive.
        _ = source
      }
      source.resume()
    }
  }
}
