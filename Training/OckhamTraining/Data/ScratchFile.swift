import ModelFiles
import Foundation

/// A file without a name that is written front to back, then mapped and read in place.
///
/// The name is removed as soon as the file is open, so that nothing is left behind whatever ends the process.
struct ScratchFile: ~Copyable {
  private let folder: String
  private let descriptor: Int32

  /// - Throws: ``FileWriteError`` when the folder takes no files.
  init(in folder: URL) throws(FileWriteError) {
    self.folder = folder.path
    let path = folder.appending(path: ".ockham-\(UUID().uuidString).scratch").path
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileWriteError(self.folder, "making a scratch file", errno) }
    _ = unsafe unlink(path)
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FileWriteError) {
    var offset = 0
    while offset < bytes.count {
      let count = unsafe Foundation.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileWriteError(folder, "writing a scratch file", errno) }
      offset += count
    }
  }

  /// Maps the first `byteCount` bytes, which were written. What is mapped outlives the file.
  consuming func map(byteCount: Int) throws(FileWriteError) -> ScratchMapping {
    guard byteCount > 0 else { return unsafe ScratchMapping(UnsafeRawBufferPointer(start: nil, count: 0)) }
    let found = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let found = unsafe found, unsafe found != MAP_FAILED else {
      throw FileWriteError(folder, "mapping a scratch file", errno)
    }
    return unsafe ScratchMapping(UnsafeRawBufferPointer(start: found, count: byteCount))
  }
}

/// The bytes of a scratch file in place. The kernel keeps in memory what it has room for, and takes it away when others need
/// it.
@safe final class ScratchMapping {
  let bytes: UnsafeRawBufferPointer

  fileprivate init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  deinit {
    guard let start = unsafe bytes.baseAddress else { return }
    unsafe munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
  }
}
