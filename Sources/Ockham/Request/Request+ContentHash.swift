extension Request {
  /// A 64-bit hash of everything that routing reads: roles, texts and attributes.
  ///
  /// Equal requests have equal hashes on every platform and in every run. It names requests in logs without showing
  /// them, and keeps copies of one question in the same fold of a cross-validation. It is no defence against chosen
  /// collisions.
  ///
  /// - Complexity: O(bytes), no allocation.
  public var contentHash: UInt64 {
    var hash = WordHash.characterSeed
    for segment in segments {
      hash = WordHash.pair(hash, UInt64(segment.role.rawValue))
      hash = Self.absorb(segment.text, into: hash)
    }
    for name in attributes.toolNames { hash = Self.absorb(name, into: hash) }
    let counts = [
      attributes.toolSchemaBytes, Int(attributes.responseFormat.rawValue), attributes.responseSchemaBytes,
      attributes.imageCount, attributes.maximumOutputTokens ?? -1,
    ]
    for count in counts { hash = WordHash.pair(hash, UInt64(bitPattern: Int64(count))) }
    return hash
  }

  private static func absorb(_ text: String, into start: UInt64) -> UInt64 {
    WordHash.absorb(content: text.utf8.span, into: start)
  }
}
