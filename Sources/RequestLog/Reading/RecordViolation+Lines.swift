import TextKit

extension RecordViolation {
  static func truncated(found: String) -> RecordViolation {
    RecordViolation(
      .truncated, field: nil, expected: "a whole JSON object and a line feed",
      found: found + ", cut off at the end of the file", remedy: "the file may be cut: copy or write it again")
  }

  static func invalidUTF8(firstBadByte: Int?) -> RecordViolation {
    let place = firstBadByte.map { "another byte at column \($0 + 1)" } ?? "other bytes"
    return RecordViolation(
      .invalidUTF8, field: nil, expected: "UTF-8", found: place, remedy: "convert the file, as `iconv -t UTF-8` does")
  }

  static func tooLong(byteCount: Int, limit: Int) -> RecordViolation {
    RecordViolation(
      .tooLong, field: nil, expected: "at most \(NumberFormat.count(limit)) bytes",
      found: "\(NumberFormat.count(byteCount)) bytes", remedy: "shorten the record or raise the limit")
  }

  static func invalidString(found: String) -> RecordViolation {
    RecordViolation(
      .invalidJSON, field: nil, expected: "strings with whole escapes", found: "a bad escape in " + found,
      remedy: "write \\n, \\\" or \\uXXXX, and surrogates in pairs")
  }

  static func invalidNumber(found: String) -> RecordViolation {
    RecordViolation(
      .invalidNumber, field: nil, expected: "JSON numbers that fit 64 bits",
      found: "one that is too large or badly written in " + found, remedy: "fix it, or quote an id that is so long")
  }

  static func invalidJSON(expected: String = "a JSON object", found: String) -> RecordViolation {
    RecordViolation(.invalidJSON, field: nil, expected: expected, found: found, remedy: "fix or drop the line")
  }

  static func literal(_ literal: String) -> RecordViolation {
    RecordViolation(
      .notFinite, field: nil, expected: "finite numbers", found: literal, remedy: "write null for what is unknown")
  }

  static let tooDeep = RecordViolation(
    .tooDeep, field: nil, expected: "at most \(JSONDocument.maximumDepth) levels of nesting", found: "more",
    remedy: "flatten the record")
}
