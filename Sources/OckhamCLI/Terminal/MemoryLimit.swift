import Foundation
import OckhamTraining

/// What a limit on address space (`ulimit -v`) asks of this program: to end with a message where memory runs out.
enum MemoryLimit {
  /// Starts the program again without OpenBLAS's own threads where there is a limit.
  ///
  /// Each of them takes 128 MiB as the library is loaded, tries for ever where there is no room, and lets no process end
  /// that waits for it. Nothing here uses them: products are held to one thread.
  static func dropUnusedThreads() {
    let variable = "OPENBLAS_NUM_THREADS"
    guard AddressSpace.limit != nil, ProcessInfo.processInfo.environment[variable] != "1" else { return }
    guard unsafe setenv(variable, "1", 1) == 0, let program = Bundle.main.executablePath else { return }
    let arguments = unsafe CommandLine.arguments.map { unsafe strdup($0) } + [nil]
    // Returns only where it fails: then things are as they were.
    unsafe execv(program, arguments)
  }

  /// From here on an allocation that fails ends the process with a message, not with a report of a crash.
  static func endInGoodOrder() {
    guard AddressSpace.limit != nil else { return }
    signal(SIGABRT) { _ in
      let text: StaticString = """

        ockham: error: memory ran out under the limit of this process (ulimit -v); nothing was written over. Raise the limit, \
        keep features on disk with --stream, or use fewer --threads

        """
      _ = unsafe write(2, text.utf8Start, text.utf8CodeUnitCount)
      _exit(1)
    }
  }
}
