import Foundation
import Synchronization
package import TextKit

/// A file of JSON lines that only grows, one run at a time: what is added is being written to the disk when the call returns, so
/// that a killed run goes on where it was. Safe to use from many tasks.
///
/// A last line that was cut is closed off and skipped, and so is every line that is no JSON.
package final class LineJournal: Sendable {
  private let path: String
  private let descriptor: Int32
  private let writing = Mutex(())
  private static let newline = UInt8(ascii: "\n")

  /// Opens or creates a journal and reads what is there.
  /// - Parameter body: called with each line and its place in the file, in bytes.
  /// - Throws: ``JudgeError/journal(path:reason:)``, also where another run holds it.
  package init(path: String, _ body: (JSONNode, Range<Int>) -> Void) throws(JudgeError) {
    self.path = path
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.fault(path, "cannot open the journal") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .journal(path: path, reason: "another run holds this journal")
    }
    try load(body)
  }

  deinit { close(descriptor) }

  /// Adds a line; returns its place.
  @discardableResult
  package func append(_ node: JSONNode) throws(JudgeError) -> Range<Int> { try append(node.jsonBytes + [Self.newline]) }

  private func append(_ bytes: [UInt8]) throws(JudgeError) -> Range<Int> {
    let end: Int? = writing.withLock { _ in
      let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      return count == bytes.count ? Int(lseek(descriptor, 0, SEEK_END)) : nil
    }
    guard let end, end >= bytes.count else { throw Self.fault(path, "cannot write the journal") }
    return end - bytes.count..<end - 1
  }

  /// The line at a place; `nil` where there is none.
  package func line(at place: Range<Int>) throws(JudgeError) -> JSONNode? {
    try? JSONParser.parse(try bytes(from: place.lowerBound, count: place.count))
  }

  private func bytes(from offset: Int, count: Int) throws(JudgeError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
    }
    guard found >= 0 else { throw Self.fault(path, "cannot read the journal") }
    return Array(bytes[..<found])
  }

  private func load(_ body: (JSONNode, Range<Int>) -> Void) throws(JudgeError) {
    func take(_ line: ArraySlice<UInt8>, at offset: Int) {
      guard let node = try? JSONParser.parse(Array(line)) else { return }
      body(node, offset..<offset + line.count)
    }
    var rest: [UInt8] = []
    var offset = 0
    while true {
      let chunk = try bytes(from: offset + rest.count, count: 1 << 16)
      if chunk.isEmpty { break }
      let isCut = !chunk.contains(Self.newline)
      rest += chunk
      if isCut { continue }
      var start = 0
      while let end = rest[start...].firstIndex(of: Self.newline) {
        take(rest[start..<end], at: offset + start)
        start = end + 1
      }
      offset += start
      rest.removeFirst(start)
    }
    guard !rest.isEmpty else { return }
    take(rest[...], at: offset)
    _ = try append([Self.newline])
  }

  private static func fault(_ path: String, _ what: String) -> JudgeError {
    .journal(path: path, reason: unsafe "\(what): \(String(cString: strerror(errno)))")
  }
}
