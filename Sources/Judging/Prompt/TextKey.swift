import TextKit

/// A name for a list of texts.
package enum TextKey {
  /// 128 bits of the texts, in hexadecimal: two FNV-1a hashes that start apart. Lists that differ in where one text ends
  /// and the next begins have different keys.
  package static func of(_ texts: [String]) -> String {
    (0...1).map { seed in
      var hash = ContentHash("\(seed)")
      for text in texts {
        hash.append(text.utf8Span.span)
        // No UTF-8 text holds this byte: texts cannot run into each other.
        hash.append(0xFF)
      }
      return hash.value.hexadecimal
    }.joined()
  }
}
