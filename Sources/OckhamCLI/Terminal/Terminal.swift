import Foundation
import Synchronization

/// What this process says to the person.
enum Terminal {
  private static let silent = Atomic<Bool>(false)

  /// Whether ``silence()`` was called.
  static var isSilent: Bool { silent.load(ordering: .relaxed) }

  /// Drops all results and progress from here on: of many processes one speaks. Errors are still written.
  static func silence() {
    silent.store(true, ordering: .relaxed)
    let null = unsafe open("/dev/null", O_WRONLY)
    guard null >= 0 else { return }
    dup2(null, STDOUT_FILENO)
    close(null)
  }
}
