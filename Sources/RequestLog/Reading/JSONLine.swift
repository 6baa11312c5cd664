import TextKit

/// One line of a log before it is parsed: its bytes without line end, byte-order mark and carriage return.
///
/// A view: valid as long as the line of the ``LineScanner`` it was made from.
@safe struct JSONLine {
  let bytes: UnsafeBufferPointer<UInt8>
  let isTerminated: Bool

  /// Trims a line. Only the first line of a file may start with a byte-order mark.
  init(_ line: UnsafeBufferPointer<UInt8>, isFirst: Bool, isTerminated: Bool) {
    self.isTerminated = isTerminated
    var range = 0..<line.count
    if unsafe isFirst && line.starts(with: [0xEF, 0xBB, 0xBF]) { range = 3..<range.upperBound }
    if unsafe !range.isEmpty && line[range.upperBound - 1] == 0x0D { range = range.lowerBound..<range.upperBound - 1 }
    unsafe bytes = UnsafeBufferPointer(rebasing: line[range])
  }

  /// Whether there is nothing but white space.
  var isBlank: Bool { unsafe bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } }

  /// The format that a first line gives away as not being JSON lines; `nil` for what may be a record.
  var foreignFormat: (found: String, remedy: String)? {
    let head = unsafe Array(bytes.prefix(64))
    switch LogFormat(head: head) {
    case .sqlite: return ("a SQLite database inside a stream", "unpack it to a file and name that")
    case .gzip: return ("gzip data inside gzip data", "unpack it once")
    case .other(let found, let remedy): return (found, remedy)
    case .jsonLines: break
    }
    if head.contains(0) { return ("binary data", "write the log as JSON lines in UTF-8") }
    let first = head.filter { $0 != 0x20 && $0 != 0x09 }
    if first == [0x5B] || first.starts(with: [0x5B, 0x7B]) {
      return ("a JSON array", "write one record a line, as `jq -c '.[]'` does")
    }
    return first == [0x7B] ? ("JSON over several lines", "write one record a line, as `jq -c .` does") : nil
  }
}

extension JSONLine {
  /// What a parser's fault means for this line.
  func violation(for fault: JSONFault) -> RecordViolation {
    if !isTerminated, fault != .tooDeep, fault != .outOfMemory { return .truncated(found: size) }
    switch fault {
    case .invalidUTF8: return .invalidUTF8(firstBadByte: firstBadByte)
    case .tooDeep: return .tooDeep
    case .tooLong, .outOfMemory: return unsafe .tooLong(byteCount: bytes.count, limit: bytes.count)
    case .invalidString: return .invalidString(found: size)
    case .invalidNumber: return nonFiniteLiteral.map(RecordViolation.literal) ?? .invalidNumber(found: size)
    case .empty, .syntax: return nonFiniteLiteral.map(RecordViolation.literal) ?? .invalidJSON(found: size)
    }
  }

  /// The line by length and hash.
  private var size: String {
    var hash = ContentHash()
    unsafe hash.append(bytes.span)
    return unsafe "a line of \(NumberFormat.count(bytes.count)) bytes, hash \(hash.short)"
  }

  /// Where UTF-8 breaks, counted from 0.
  private var firstBadByte: Int? {
    do throws(UTF8.ValidationError) {
      _ = try unsafe UTF8Span(validating: bytes.span)
      return nil
    } catch { return error.byteOffsets.lowerBound }
  }

  /// The first NaN or infinity outside of strings, as programs write them that do not write JSON.
  private var nonFiniteLiteral: String? {
    var isInString = false
    var index = 0
    while index < (unsafe bytes.count) {
      let byte = unsafe bytes[index]
      if byte == UInt8(ascii: "\\"), isInString { index += 1 }
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      if !isInString, let literal = literal(at: index) { return literal }
      index += 1
    }
    return nil
  }

  private func literal(at index: Int) -> String? {
    let rest = unsafe bytes[index...].prefix(8)
    return ["NaN", "nan", "Infinity", "inf"].first { unsafe rest.starts(with: $0.utf8) }
  }
}
