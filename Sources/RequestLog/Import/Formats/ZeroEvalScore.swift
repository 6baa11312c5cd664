/// Whether an output holds the right answer, by ZeroEval's rules for its maths and code tasks.
///
/// The answer is the `answer` of the first whole JSON object in the output, else what follows the first `"answer":` as
/// far as it can be read, else the content of the last `\boxed{…}`.
struct ZeroEvalScore {
  /// What the model wrote.
  let output: String
  /// What is right.
  let answer: String

  /// Maths: 1 where the first numbers in both answers are equal, after `$` and commas are removed and a plain fraction
  /// is worked out.
  var mathematics: Double {
    guard let found = AnswerField.answer(in: output) else { return 0 }
    let reference = answer.replacing("#", with: "")
    guard let left = Self.firstNumber(Self.plain(found)), let right = Self.firstNumber(Self.plain(reference)) else {
      return 0
    }
    return left == right ? 1 : 0
  }

  /// Code output: 1 where both answers are the same text, but for quotes around them.
  var crux: Double {
    guard let found = AnswerField.answer(in: output) else { return 0 }
    return Self.unquoted(Self.unquoted(found).replacing("\n", with: "\\n")) == Self.unquoted(answer) ? 1 : 0
  }

  private static func plain(_ text: String) -> String {
    let bare = text.replacing("$", with: "").trimmingSpaces.replacing(",", with: "")
    let parts = bare.split(separator: "/", omittingEmptySubsequences: false).map { String($0).trimmingSpaces }
    guard parts.count == 2, let top = CellValue.decimal(parts[0]), let bottom = CellValue.decimal(parts[1]), bottom != 0
    else { return bare }
    return (top / bottom).description
  }

  /// The first number of the form `-?digits(.digits)?`.
  static func firstNumber(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    guard let first = bytes.firstIndex(where: isDigit) else { return nil }
    var end = first
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "."), isDigit(bytes[end + 1]) {
      end += 1
      while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    }
    let isNegative = first > 0 && bytes[first - 1] == UInt8(ascii: "-")
    return Double((isNegative ? "-" : "") + String(decoding: bytes[first..<end], as: UTF8.self))
  }

  private static func unquoted(_ text: String) -> String {
    var text = text[...]
    while let first = text.first, first == "'" || first == "\"" { text.removeFirst() }
    while let last = text.last, last == "'" || last == "\"" { text.removeLast() }
    return String(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
