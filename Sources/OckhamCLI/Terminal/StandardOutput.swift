import Foundation
import TextKit

/// Standard output. Results that cannot be written are an error, so that a script never takes a cut file for a whole one.
enum StandardOutput {
  static let isTerminal = isatty(1) == 1

  /// What reads a text, and so what must not be in it.
  enum Form {
    /// People, at a terminal or in the log of a build server.
    case text
    /// A program that reads JSON.
    case json
    /// A browser: the text has escaped its names itself.
    case page
  }

  /// Writes a text and a line end. Whatever names are in it, they command no terminal.
  ///
  /// - Throws: ``Failure`` when standard output takes no more, as on a full disk.
  static func write(_ text: String, as form: Form = .text) throws(Failure) {
    try write(Array((safe(text, as: form, coloured: isTerminal) + "\n").utf8))
  }

  /// A text in which no name can do anything to its reader.
  static func safe(_ text: String, as form: Form, coloured: Bool = false) -> String {
    switch form {
    case .text: TextStyle(isColoured: coloured).safe(text)
    case .json: SafeText.json(text)
    case .page: text
    }
  }

  /// Writes bytes that are safe already.
  static func write(_ bytes: [UInt8]) throws(Failure) {
    do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
      // The call that failed was the last one.
      let reason =
        errno == EPIPE
        ? "the program that reads it has ended" : "check the free space and the program that reads it"
      throw .inputOutput("standard output: cannot write; \(reason)")
    }
  }
}
