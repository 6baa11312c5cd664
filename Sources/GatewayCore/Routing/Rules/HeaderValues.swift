/// What a header says, value by value: a header may be a list, stand several times, and have parameters.
///
/// `Private, "internal";level=2` says `private` and `internal`. Sources: RFC 9110, 5.6.1 (lists), 5.6.4 (quotes), 5.6.6
/// (parameters).
struct HeaderValues {
  /// In lower case, without quotes and parameters; then the whole text, for a rule that names one with commas in it.
  private let values: [String]

  /// Whether it says something, and its quotes end: what an open quote swallows no one knows.
  let isReadable: Bool

  /// - Parameter text: the header, its lines with commas between them.
  init(_ text: String) {
    var (values, value): ([String], [UInt8]) = ([], [])
    var (isQuoted, isParameter) = (false, false)
    var bytes = text.utf8.makeIterator()
    while let byte = bytes.next() {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "\\") where isQuoted: if let next = bytes.next(), !isParameter { value.append(next) }
      case UInt8(ascii: ",") where !isQuoted:
        values.append(Self.folded(value))
        value = []
        isParameter = false
      case UInt8(ascii: ";") where !isQuoted: isParameter = true
      default: if !isParameter { value.append(byte) }
      }
    }
    isReadable = !isQuoted && text.utf8.contains { $0 != 0x20 && $0 != 0x09 }
    self.values = values + [Self.folded(value), Self.folded(Array(text.utf8))]
  }

  /// Whether one of the values is meant, whatever the case.
  func contains(anyOf wanted: [String]) -> Bool {
    wanted.contains { values.contains(Self.folded(Array($0.utf8))) }
  }

  private static func folded(_ bytes: [UInt8]) -> String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let trimmed = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    return String(decoding: Array(trimmed), as: UTF8.self).lowercased()
  }
}
