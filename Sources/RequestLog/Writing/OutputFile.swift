import Foundation

/// A file that is being written: either in place at its end, or aside until it is renamed over its path.
@safe final class OutputFile {
  /// Whether an existing file ends without a line feed.
  let endsInsideLine: Bool

  private let path: String
  /// Where the bytes go until the end; `nil` when appending.
  private let partialPath: String?
  private let descriptor: Int32
  private var isFinished = false

  /// Opens a new file that will take the place of `path`.
  /// - Throws: ``LogError/writeFailed(path:reason:)``.
  init(replacing path: String) throws(LogError) {
    self.path = path
    let partialPath = Self.partialPath(for: path)
    self.partialPath = partialPath
    endsInsideLine = false
    descriptor = try Self.open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, for: path)
  }

  /// Opens a file to add to it, and creates it if need be.
  /// - Throws: ``LogError/writeFailed(path:reason:)``.
  init(appendingTo path: String) throws(LogError) {
    self.path = path
    partialPath = nil
    descriptor = try Self.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, for: path)
    var last: UInt8 = 0x0A
    let end = lseek(descriptor, 0, SEEK_END)
    if end > 0 { _ = unsafe pread(descriptor, &last, 1, end - 1) }
    endsInsideLine = last != 0x0A
  }

  deinit {
    close(descriptor)
    if let partialPath, !isFinished { unsafe unlink(partialPath) }
  }

  /// Writes all bytes.
  func write(_ bytes: [UInt8]) throws(LogError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes[written...].withUnsafeBytes {
        unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .writeFailed(path: path, reason: SystemError.current) }
      written += count
    }
  }

  /// Brings the bytes to the disk, and a new file to its place.
  func finish() throws(LogError) {
    try check(fsync(descriptor) == 0 || errno == EINVAL)
    if let partialPath {
      try check(unsafe rename(partialPath, path) == 0)
      Self.syncFolder(of: path)
    }
    isFinished = true
  }

  /// A name in the same folder, since only there a rename is one step.
  static func partialPath(for path: String) -> String { "\(path).\(getpid()).partial" }

  /// Brings a rename in the file's folder to the disk; some file systems cannot, and lose no data by it.
  static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = unsafe Foundation.open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private func check(_ succeeded: Bool) throws(LogError) {
    guard succeeded else { throw .writeFailed(path: path, reason: SystemError.current) }
  }

  private static func open(_ path: String, _ flags: Int32, for finalPath: String) throws(LogError) -> Int32 {
    let descriptor = unsafe Foundation.open(path, flags, 0o644)
    guard descriptor >= 0 else { throw .writeFailed(path: finalPath, reason: SystemError.current) }
    return descriptor
  }
}

extension OutputFile {
  /// Brings a closed file to the disk and renames it to `path`.
  static func move(_ partialPath: String, to path: String) throws(LogError) {
    let descriptor = try open(partialPath, O_RDWR | O_CLOEXEC, for: path)
    fsync(descriptor)
    close(descriptor)
    guard unsafe rename(partialPath, path) == 0 else { throw .writeFailed(path: path, reason: SystemError.current) }
    syncFolder(of: path)
  }
}
