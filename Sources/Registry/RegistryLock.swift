import Foundation

/// Keeps a registry for one writer at a time, by the system's lock on the file `lock`; it ends with the process, however that ends.
final class RegistryLock {
  private let descriptor: Int32

  /// Takes the lock, or waits for it.
  /// - Throws: ``RegistryError/held(path:process:)`` where another has it for all that time.
  init(_ file: URL, seconds: Double) throws(RegistryError) {
    descriptor = unsafe open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unreadable(path: file.path, code: errno) }
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        let code = errno
        close(descriptor)
        throw .unreadable(path: file.path, code: code)
      }
      guard ContinuousClock.now < end else {
        let process = Self.holder(of: file)
        close(descriptor)
        throw .held(path: file.path, process: process)
      }
      usleep(20_000)
    }
  }

  deinit { close(descriptor) }

  /// The process that holds a lock on a file, where the system shows (Linux does).
  private static func holder(of file: URL) -> Int32? {
    var status = stat()
    guard unsafe stat(file.path, &status) == 0,
      let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
    else { return nil }
    for line in locks.split(separator: "\n") where line.contains(":\(status.st_ino) ") && line.contains("FLOCK") {
      let words = line.split(separator: " ")
      if words.count > 4, let process = Int32(words[4]), process > 0 { return process }
    }
    return nil
  }
}
