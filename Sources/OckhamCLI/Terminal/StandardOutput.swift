import Foundation

/// Standard output. Results that cannot be written are an error, so that a script never takes a cut file for a whole one.
enum StandardOutput {
  static let isTerminal = isatty(1) == 1

  /// Writes a text and a line end.
  ///
  /// - Throws: ``Failure`` when standard output takes no more, as on a full disk.
  static func write(_ text: String) throws(Failure) { try write(Array((text + "\n").utf8)) }

  /// Writes bytes.
  static func write(_ bytes: [UInt8]) throws(Failure) {
    do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
      throw .inputOutput("standard output: cannot write; check the free space and the program that reads it")
    }
  }
}
