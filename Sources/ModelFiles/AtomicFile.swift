package import Foundation

/// Writes whole files so that a reader sees the old content or the new, never a part: write beside, flush to the disk,
/// rename over.
package enum AtomicFile {
  /// Replaces the file at `url`.
  package static func write(_ bytes: [UInt8], to url: URL) throws(FileWriteError) {
    let pending = try prepare(bytes, for: url)
    do throws(FileWriteError) { try pending.commit() } catch {
      pending.discard()
      throw error
    }
  }

  /// A file that is on the disk, but not yet in its place.
  struct Pending {
    fileprivate let temporary: URL
    fileprivate let url: URL

    /// Puts the file into its place.
    func commit() throws(FileWriteError) {
      guard unsafe rename(temporary.path, url.path) == 0 else { throw FileWriteError(url.path, "renaming", errno) }
    }

    /// Removes the file where it was not put into its place.
    func discard() { _ = unsafe unlink(temporary.path) }
  }

  /// Writes a file beside its place.
  static func prepare(_ bytes: [UInt8], for url: URL) throws(FileWriteError) -> Pending {
    let temporary = url.deletingLastPathComponent()
      .appending(path: ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial")
    let pending = Pending(temporary: temporary, url: url)
    do throws(FileWriteError) { try writeFlushed(bytes, to: temporary.path, for: url.path) } catch {
      pending.discard()
      throw error
    }
    return pending
  }

  /// - Parameter target: the path that errors name: the one that the caller knows.
  static func writeFlushed(
    _ bytes: [UInt8], to path: String, for target: String
  ) throws(FileWriteError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw FileWriteError(target, "opening", errno) }
    defer { close(descriptor) }
    var offset = 0
    while offset < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Foundation.write(descriptor, buffer.baseAddress! + offset, bytes.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileWriteError(target, "writing", errno) }
      offset += count
    }
    guard fsync(descriptor) == 0 else { throw FileWriteError(target, "flushing", errno) }
  }
}

/// A file that could not be written.
package struct FileWriteError: Error, Equatable, CustomStringConvertible {
  package let path: String
  package let action: String
  package let code: Int32

  package init(_ path: String, _ action: String, _ code: Int32) {
    (self.path, self.action, self.code) = (path, action, code)
  }

  package var description: String {
    "\(path): \(action) failed: \(unsafe String(cString: strerror(code))); check the folder, its permissions and free space"
  }
}
