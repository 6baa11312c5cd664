import Foundation

/// Lines of standard input as they come, one in memory at a time.
struct StandardInputLines {
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// The bytes of the next line without its end, or `nil` at the end of input. A carriage return before the line feed
  /// belongs to the end.
  ///
  /// - Parameter beforeWaiting: called when no whole line is left and more must be read, which may take as long as the writer
  ///   likes.
  mutating func next(beforeWaiting: () throws -> Void) rethrows -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return trimmed(start..<end)
      }
      searched = buffer.count
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return trimmed(start..<buffer.count)
      }
      searched -= discardRead()
      try beforeWaiting()
      read()
    }
  }

  private func trimmed(_ range: Range<Int>) -> ArraySlice<UInt8> {
    let line = buffer[range]
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }

  /// Drops the lines that were handed out; returns how many bytes that were.
  private mutating func discardRead() -> Int {
    let count = start
    buffer.removeSubrange(0..<start)
    start = 0
    return count
  }

  private mutating func read() {
    let chunk = FileHandle.standardInput.availableData
    if chunk.isEmpty { isAtEnd = true } else { buffer.append(contentsOf: chunk) }
  }
}
