/// Detects when the arguments of a tool call, which come piece by piece, are a whole JSON object.
struct ArgumentsProgress: Sendable {
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  /// Whether an object that began has ended. Never for a text that is no object.
  private(set) var isComplete = false

  /// Takes the next piece.
  /// - Complexity: O(bytes).
  mutating func append(_ text: String) {
    for byte in text.utf8 {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { isComplete = true }
      default: break
      }
    }
  }
}
