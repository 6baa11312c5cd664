extension TensorFile {
  /// SHA-256 over the bytes of all tensors in the order in which they are written, 64 lower-case hexadecimal digits: that
  /// of all that follows the header in the file's bytes.
  ///
  /// - Complexity: O(bytes).
  public var tensorsSHA256: String {
    var hash = SHA256()
    for tensor in tensors { hash.absorb(tensor.bytes.span) }
    return hash.hexadecimal
  }

  /// The same file with ``tensorsSHA256`` in its metadata, so that loading it as a model finds damage to its tensors.
  ///
  /// Call it last: a model whose tensors change afterwards is refused.
  public func sealed() -> TensorFile {
    var file = self
    file.metadata[MetadataKey.tensorsSHA256] = tensorsSHA256
    return file
  }
}

extension ModelReader {
  /// Compares a file's tensors with the checksum in its metadata; older files have none.
  ///
  /// - Parameters:
  ///   - bytes: the whole file that ``file`` was read from.
  ///   - isRequired: whether there must be one.
  func checkTensors(of bytes: [UInt8], isRequired: Bool) throws(ModelFileError) {
    let key = MetadataKey.tensorsSHA256
    guard let expected = file.metadata[key] else {
      if isRequired { throw .missingMetadata(key) }
      return
    }
    guard Self.isDigest(expected) else {
      throw .metadataValue(key: key, expected: "64 lower-case hexadecimal digits", found: expected)
    }
    var hash = SHA256()
    hash.absorb(bytes.span.extracting((try TensorFile.dataStart(in: bytes))...))
    let found = hash.hexadecimal
    guard found == expected else { throw .tensorsChecksum(expected: expected, found: found) }
  }

  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
