import Foundation

/// The bytes of a file or of standard input.
@safe final class FileInput: ByteInput {
  let path: String
  let totalBytes: Int?
  private(set) var bytesRead = 0

  /// The first bytes, at most 16, read when the input was opened: enough to show the format.
  let head: [UInt8]

  private let descriptor: Int32
  private let closes: Bool
  private var replayed = 0

  /// Opens a file; `-` is standard input.
  /// - Throws: ``LogError/missing(path:)``, ``LogError/isDirectory(path:)``, ``LogError/cannotOpen(path:reason:)``,
  ///   ``LogError/readFailed(path:byteCount:reason:)``.
  convenience init(path: String) throws(LogError) {
    try self.init(path: path, path == "-" ? STDIN_FILENO : try Self.open(path), closes: path != "-")
  }

  /// Reads an open file from where it stands. It stays open.
  convenience init(path: String, reading descriptor: Int32) throws(LogError) {
    try self.init(path: path, descriptor, closes: false)
  }

  private init(path: String, _ descriptor: Int32, closes: Bool) throws(LogError) {
    self.path = path
    self.descriptor = descriptor
    self.closes = closes
    do throws(LogError) {
      totalBytes = try Self.size(of: descriptor, path: path)
      head = try Self.readHead(from: descriptor, path: path)
    } catch {
      if closes { close(descriptor) }
      throw error
    }
  }

  deinit { if closes { close(descriptor) } }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    let count =
      replayed < head.count
      ? unsafe replayHead(into: buffer)
      : try unsafe Self.read(descriptor, into: buffer, path: path, offset: bytesRead)
    bytesRead += count
    return count
  }

  private func replayHead(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let rest = head[replayed...].prefix(buffer.count)
    unsafe buffer.copyBytes(from: rest)
    replayed += rest.count
    return rest.count
  }

  private static func open(_ path: String) throws(LogError) -> Int32 {
    let descriptor = unsafe Foundation.open(path, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 { return descriptor }
    if errno == ENOENT { throw .missing(path: path) }
    throw .cannotOpen(path: path, reason: SystemError.current)
  }

  /// The size of a plain file, `nil` for a pipe, without taking a byte from it.
  /// - Throws: what opening it would throw.
  static func checkedSize(path: String) throws(LogError) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      throw errno == ENOENT ? .missing(path: path) : .cannotOpen(path: path, reason: SystemError.current)
    }
    guard unsafe access(path, R_OK) == 0 else { throw .cannotOpen(path: path, reason: SystemError.current) }
    return try size(status, path: path)
  }

  private static func size(_ status: stat, path: String) throws(LogError) -> Int? {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .isDirectory(path: path)
    case S_IFREG: return Int(status.st_size)
    default: return nil
    }
  }

  private static func size(of descriptor: Int32, path: String) throws(LogError) -> Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(path: path, reason: SystemError.current)
    }
    return try size(status, path: path)
  }

  private static func readHead(from descriptor: Int32, path: String) throws(LogError) -> [UInt8] {
    var head: [UInt8] = []
    while head.count < 16 {
      var bytes = [UInt8](repeating: 0, count: 16 - head.count)
      let count = try unsafe bytes.withUnsafeMutableBufferPointer { (buffer) throws(LogError) in
        try unsafe read(descriptor, into: UnsafeMutableRawBufferPointer(buffer), path: path, offset: 0)
      }
      if count == 0 { break }
      head += bytes[..<count]
    }
    return head
  }

  private static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, path: String, offset: Int
  ) throws(LogError) -> Int {
    while true {
      let count = unsafe Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw .readFailed(path: path, byteCount: offset, reason: SystemError.current)
      }
    }
  }
}
