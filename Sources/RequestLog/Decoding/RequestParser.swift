import TextKit
package import Ockham

/// Reads requests from JSON: the object that the `request` column of a log holds, which is also what a client sends
/// (`messages`, `tools`, `response_format`, `max_tokens`). Reuse one parser for many requests; it keeps its buffers.
package struct RequestParser {
  private let document: JSONDocument
  private let maximumBytes: Int

  /// - Parameter maximumBytes: the longest text, below 4 GiB.
  /// - Returns: `nil` when there is no memory for the parser.
  package init?(maximumBytes: Int = 64 << 20) {
    guard let document = JSONDocument(maximumBytes: maximumBytes) else { return nil }
    self.document = document
    self.maximumBytes = maximumBytes
  }

  /// The request in a JSON text. Values are checked as in a log, except that a user must say something: see
  /// ``LogRecord/validate()``.
  /// - Parameter isFromClient: whether a client sent the text, not a log: keys that only logs know are skipped.
  /// - Throws: a violation; its field is a path inside the text.
  /// - Complexity: O(bytes), with one copy of the text.
  package func request(
    fromJSON text: some Collection<UInt8>, isFromClient: Bool = false
  ) throws(RecordViolation) -> Request {
    try RequestDecoder(
      fields: JSONFields(value(fromJSON: text), role: "prompt or messages"), isFromClient: isFromClient
    ).decode()
  }

  /// The value of a JSON text, for the columns beside the request too. It is good until the next text is parsed.
  func value(
    fromJSON text: some Collection<UInt8>, expected: String = "a JSON object"
  ) throws(RecordViolation) -> JSONValue {
    guard text.count <= maximumBytes else { throw .tooLong(byteCount: text.count, limit: maximumBytes) }
    do throws(JSONFault) { try document.parse(copying: text) } catch {
      throw Self.violation(for: error, text: text, expected: expected)
    }
    return document.root
  }

  private static func violation(
    for fault: JSONFault, text: some Collection<UInt8>, expected: String
  ) -> RecordViolation {
    let found = "a string of " + SafeText.describe(String(decoding: text, as: UTF8.self))
    switch fault {
    case .tooDeep: return .tooDeep
    case .invalidUTF8: return .invalidUTF8(firstBadByte: nil)
    case .invalidNumber: return .invalidNumber(found: found)
    case .invalidString: return .invalidString(found: found)
    default: return .invalidJSON(expected: expected, found: found)
    }
  }
}
