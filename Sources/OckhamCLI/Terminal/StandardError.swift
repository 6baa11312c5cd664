import Foundation
import TextKit

/// Standard error.
enum StandardError {
  static let isTerminal = isatty(2) == 1

  /// Writes a text of which no name can command a terminal; other than an error it is dropped once ``Terminal/silence()`` was
  /// called.
  static func write(_ text: String, isError: Bool = false) { write(Array(SafeText.lines(text).utf8), isError: isError) }

  /// Writes bytes that are safe already. Nothing can be said where even this fails.
  static func write(_ bytes: [UInt8], isError: Bool = false) {
    if Terminal.isSilent, !isError { return }
    try? FileHandle.standardError.write(contentsOf: Data(bytes))
  }
}
