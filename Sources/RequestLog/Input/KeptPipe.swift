import Foundation
import Synchronization

/// A pipe's bytes in a file without a name in the folder for temporary files, so that they can be read again.
///
/// Standard input that is a plain file is read in place.
final class KeptPipe: Sendable {
  private static let chunkBytes = 1 << 20

  /// Where the bytes are.
  let descriptor: Int32
  private let start: off_t

  /// Reads a pipe to its end; `-` is standard input.
  /// - Returns: `nil` where there is no room for a file.
  /// - Throws: ``LogError`` of the pipe; ``LogError/notALog(path:found:remedy:)`` where its first bytes are of another kind of
  ///   file, before the rest is read.
  init?(path: String) throws(LogError) {
    let input = try FileInput(path: path)
    if path == "-", input.totalBytes != nil {
      (descriptor, start) = (dup(STDIN_FILENO), lseek(STDIN_FILENO, 0, SEEK_CUR) - off_t(input.head.count))
      return
    }
    try LogFormat(head: input.head).check(path: path)
    start = 0
    guard let file = Self.makeFile() else { return nil }
    descriptor = file
    do throws(LogError) { try copy(input) } catch {
      close(file)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// The bytes from the first on. Only one reading at a time: they share the position in the file.
  func open(path: String) throws(LogError) -> FileInput {
    lseek(descriptor, start, SEEK_SET)
    return try FileInput(path: path, reading: descriptor)
  }

  private func copy(_ input: FileInput) throws(LogError) {
    var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
    while true {
      let count = try unsafe chunk.withUnsafeMutableBufferPointer { (buffer) throws(LogError) in
        try unsafe input.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if count == 0 { return }
      var written = 0
      while written < count {
        let step = unsafe chunk[written..<count].withUnsafeBytes {
          unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
        }
        if step < 0, errno == EINTR { continue }
        guard step > 0 else { throw .writeFailed(path: Self.folder, reason: SystemError.current) }
        written += step
      }
    }
  }

  private static var folder: String { FileManager.default.temporaryDirectory.path }

  private static func makeFile() -> Int32? {
    let path = "\(folder)/ockham-\(UUID().uuidString).pipe"
    let descriptor = unsafe Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    unsafe unlink(path)
    return descriptor
  }
}

/// The pipes among the logs of a source, each read once and kept for all of its passes.
final class KeptPipes: Sendable {
  private let pipes = Mutex<[String: KeptPipe]>([:])

  /// The pipe at a path; `nil` where it cannot be kept.
  func pipe(_ path: String) throws(LogError) -> KeptPipe? {
    if let kept = pipes.withLock({ $0[path] }) { return kept }
    guard let new = try KeptPipe(path: path) else { return nil }
    pipes.withLock { $0[path] = new }
    return new
  }

  /// Opens a file, or a pipe that is kept from its start.
  func open(_ path: String) throws(LogError) -> FileInput {
    if let kept = pipes.withLock({ $0[path] }) { return try kept.open(path: path) }
    return try FileInput(path: path)
  }
}
