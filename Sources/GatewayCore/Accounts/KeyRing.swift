package import ChatProtocols

/// The virtual keys, known by their hashes alone.
package struct KeyRing: Sendable {
  private let keys: [(digest: [UInt8], key: KeyConfiguration)]
  private let sha256: @Sendable (ArraySlice<UInt8>) -> String

  /// The longest key that is hashed: more is no key.
  private static let maximumBytes = 1024

  /// - Parameter sha256: the SHA-256 of some bytes, in lower-case hexadecimal.
  package init(keys: [KeyConfiguration], sha256: @escaping @Sendable (ArraySlice<UInt8>) -> String) {
    self.keys = keys.map { (Array($0.sha256.utf8), $0) }
    self.sha256 = sha256
  }

  /// Whether clients must name a key.
  package var isEmpty: Bool { keys.isEmpty }

  /// Finds the key that a client sent; `nil` where the gateway asks for none.
  ///
  /// - Parameters:
  ///   - authorization: the header of that name: `Bearer KEY`. It counts before the others.
  ///   - apiKeys: the headers `x-api-key`, as Anthropic's clients send it, and `api-key`, as Azure's do. Some clients send two
  ///     headers, one of them with a word that is no key: the first that is known counts.
  /// - Throws: ``GatewayError/Code/missingKey`` and ``GatewayError/Code/invalidKey``, both with status 401.
  /// - Complexity: one hash per header, and one comparison per key and header, all of the same length in time.
  package func key(authorization: String?, apiKeys: [String]) throws(GatewayError) -> KeyConfiguration? {
    if keys.isEmpty { return nil }
    let texts = ([Self.bearer(authorization)].compactMap(\.self) + apiKeys).filter { !$0.isEmpty }
    guard !texts.isEmpty else {
      throw GatewayError(
        .missingKey, message: "Expected a key, found none. Send it as Authorization: Bearer KEY, or as x-api-key.")
    }
    for text in texts where text.utf8.count <= Self.maximumBytes {
      if let key = find(text) { return key }
    }
    throw GatewayError(
      .invalidKey, message: "The key is not one of this gateway's. Check it, or ask its operator for one.")
  }

  /// The key in an `Authorization` header; an empty text for another scheme.
  private static func bearer(_ header: String?) -> String? {
    guard let header else { return nil }
    let parts = header.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return header.isEmpty ? nil : "" }
    return String(parts[1])
  }

  /// Compares with all keys, so that the time does not show which one was close.
  private func find(_ text: String) -> KeyConfiguration? {
    let digest = Array(sha256(Array(text.utf8)[...]).utf8)
    var found: KeyConfiguration?
    for (known, key) in keys where Self.areEqual(known, digest) { found = key }
    return found
  }

  /// Equality in a time that depends on the lengths alone.
  package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
  }
}

extension KeyConfiguration {
  /// Whether the key may ask for a model by one of its names. An entry that ends in `*` stands for all names that begin
  /// alike.
  package func allows(_ names: String...) -> Bool {
    guard let models else { return true }
    return names.contains(where: models.contains) || allowsByWildcard(names)
  }

  private func allowsByWildcard(_ names: [String]) -> Bool {
    models?.contains { entry in entry.hasSuffix("*") && names.contains { $0.hasPrefix(entry.dropLast()) } } ?? true
  }

  /// Whether the key may ask for a policy with a threshold of its own choice, as in `router-careful-0.2`: by that very name, or
  /// by one for all that begin alike, which opens no policy that the key may not ask for anyway.
  func allows(_ name: String, ofPolicy policy: String) -> Bool {
    guard let models, !models.contains(name) else { return true }
    let policies = policy == "default" ? ["auto:default", "auto"] : ["auto:" + policy]
    return allowsByWildcard([name]) && policies.contains { allows($0) }
  }
}
