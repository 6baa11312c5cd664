import TextKit
package import Ockham

extension LogRecord {
  /// The record with every text of its request replaced by length and hash: `[1,234 bytes, hash 3f9a12cd]`.
  ///
  /// Labels stay: id, dataset, model, tier and tool names, and all numbers. Equal texts stay equal, so a redacted log
  /// still shows repeats; empty texts stay empty.
  package func redacted() -> LogRecord {
    var copy = self
    copy.request = request.redacted()
    return copy
  }
}

extension Request {
  /// The request with the text of every segment replaced by its length and hash.
  package func redacted() -> Request {
    var copy = self
    copy.segments = segments.map { Segment(role: $0.role, text: Self.marker(for: $0.text)) }
    return copy
  }

  private static func marker(for text: String) -> String {
    text.isEmpty ? "" : "[" + SafeText.describe(text) + "]"
  }
}
