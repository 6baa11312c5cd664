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

  /// A number in 0 ..< 1 that follows from the key alone, spread evenly over keys: a draw that a later run repeats.
  package static func share(of key: String) -> Double {
    var word = ContentHash(key).value
    // The finaliser of splitmix64: FNV alone leaves the upper bits of short texts close together.
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
  }
}
