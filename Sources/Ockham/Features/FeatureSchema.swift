/// Names the exact features that a model was trained on.
///
/// The fingerprint covers everything that changes a feature's value: the version of the tokenisation and the hash, the
/// window, the lexicon, and the names of the dense features. A model with another fingerprint is refused.
public enum FeatureSchema {
  /// Raised whenever the same text would make other features.
  public static let version = 2

  /// Sixteen hexadecimal digits.
  public static let fingerprint: String = {
    var hash = WordHash.hash(
      word: Array("schema \(version) window \(TextWindow.headBytes) \(TextWindow.tailBytes)".utf8))
    for name in DenseFeatures.names { hash = WordHash.pair(hash, WordHash.hash(word: Array(name.utf8))) }
    for lexicalClass in LexicalClass.allCases {
      hash = WordHash.pair(hash, WordHash.hash(word: Array(lexicalClass.words.description.utf8)))
    }
    return hexadecimal(hash)
  }()
}

/// Sixteen lower-case hexadecimal digits.
func hexadecimal(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
