package import Foundation
import ModelFiles
import TextKit

/// Every decision of a registry, each bound to the one before by its hash.
package struct Journal: Sendable, Hashable {
  package private(set) var entries: [JournalEntry] = []
  /// Bytes of a last line that has no end: its writer was stopped.
  package private(set) var cutTail: [UInt8] = []

  /// Reads a journal; an absent one is empty.
  /// - Throws: ``RegistryError/damaged(path:line:expected:found:)`` for the first line that is not the next decision.
  package init(readingFrom file: URL) throws(RegistryError) {
    if let damage = try read(file) { throw damage }
  }

  /// Reads a journal as far as it holds.
  /// - Returns: what is wrong with the first line that is not the next decision; `nil` where all are.
  package static func prefix(of file: URL) throws(RegistryError) -> (journal: Journal, damage: RegistryError?) {
    var journal = Journal()
    let damage = try journal.read(file)
    return (journal, damage)
  }

  private init() {}

  private mutating func read(_ file: URL) throws(RegistryError) -> RegistryError? {
    guard let bytes = try RegistryFile.bytes(file) else { return nil }
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      do throws(RegistryError) {
        let entry = try JournalEntry(Array(bytes[start..<end]), path: file.path, line: entries.count + 1)
        try check(entry, file.path)
        entries.append(entry)
      } catch { return error }
      start = end + 1
    }
    cutTail = Array(bytes[start...])
    return nil
  }

  private func check(_ entry: JournalEntry, _ path: String) throws(RegistryError) {
    let line = entries.count + 1
    guard entry.sequence == line else {
      throw .damaged(path: path, line: line, expected: "sequence \(line)", found: "\(entry.sequence)")
    }
    guard entry.previous == lastHash else {
      throw .damaged(
        path: path, line: line, expected: "the hash of the line before under \"previous\"", found: "another")
    }
  }

  /// What the next entry is bound to.
  package var lastHash: String { entries.last?.hash ?? JournalEntry.noPrevious }

  /// What serves by the journal, and the decision that said so; `nil` before the first promotion.
  package var pointerFile: RegistryPointerFile? {
    entries.last { $0.pointer != nil }.flatMap { entry in
      entry.pointer.map { RegistryPointerFile(pointer: $0, sequence: entry.sequence) }
    }
  }

  /// The number that the next candidate has among all whose decisions spend error.
  package var nextCandidateNumber: Int { (entries.compactMap(\.candidateNumber).max() ?? 0) + 1 }

  /// The versions that came to serve one after the other, up to the present one; what was rolled back is not among them.
  package var incumbents: [String] {
    var found: [String] = []
    for entry in entries {
      switch entry.action {
      case .promote, .complete: if let incumbent = entry.pointer?.incumbent { found.append(incumbent) }
      case .rollback: found.removeLast(min(1, found.count))
      case .add, .canary, .abort: continue
      }
    }
    return found
  }

  mutating func append(_ entry: JournalEntry) { entries.append(entry) }
  mutating func dropTail() { cutTail = [] }
}

/// Reading and adding to single files.
enum RegistryFile {
  /// The bytes of a file; `nil` where there is none.
  static func bytes(_ file: URL) throws(RegistryError) -> [UInt8]? {
    let descriptor = unsafe open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .unreadable(path: file.path, code: errno)
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do { return try handle.readToEnd().map { [UInt8]($0) } ?? [] } catch {
      throw .unreadable(path: file.path, code: EIO)
    }
  }

  /// Adds bytes to the end of a file and flushes them to the disk; a part that went wrong is taken away again.
  static func append(_ bytes: [UInt8], to file: URL) throws(RegistryError) {
    let descriptor = unsafe open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(FileWriteError(file.path, "opening", errno)) }
    defer { close(descriptor) }
    let end = lseek(descriptor, 0, SEEK_END)
    var offset = 0
    while offset < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(descriptor, buffer.baseAddress! + offset, bytes.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        ftruncate(descriptor, end)
        throw .unwritable(FileWriteError(file.path, "writing", code))
      }
      offset += count
    }
    guard fsync(descriptor) == 0 else {
      let code = errno
      ftruncate(descriptor, end)
      throw .unwritable(FileWriteError(file.path, "flushing", code))
    }
  }

  /// Flushes the names in a folder to the disk.
  static func flush(folder: URL) throws(RegistryError) {
    let descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(FileWriteError(folder.path, "opening", errno)) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw .unwritable(FileWriteError(folder.path, "flushing", errno))
    }
  }
}
