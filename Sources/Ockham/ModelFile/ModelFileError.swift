/// Why a model file was refused. Nothing is repaired or guessed: a file that differs from the format in any way is not
/// loaded.
public enum ModelFileError: Error, Sendable, Hashable {
  /// The file ends before the part that is named.
  case truncated(part: String, expectedBytes: Int, foundBytes: Int)
  /// The header's length is out of bounds.
  case headerLength(found: UInt64, maximum: Int)
  /// The header is not the JSON that the format allows, at this byte of the header.
  case headerSyntax(offset: Int, expected: String)
  /// A name or key occurs twice.
  case duplicateName(String)
  /// A tensor's entry lacks a field or has a wrong one.
  case tensorEntry(tensor: String, expected: String)
  /// A tensor's element type is unknown.
  case unknownElementType(tensor: String, found: String)
  /// A tensor's byte range does not fit its shape, or the tensors do not tile the data without gap or overlap.
  case tensorBytes(tensor: String, expected: String, found: String)
  /// The tensors are not those that the file's checksum was made of.
  case tensorsChecksum(expected: String, found: String)
  /// A tensor that the format needs is not there.
  case missingTensor(String)
  /// A tensor that the format does not know.
  case unexpectedTensor(String)
  /// A tensor has another element type or shape than the format needs.
  case tensorShape(tensor: String, expected: String, found: String)
  /// A tensor holds a value that is not allowed, such as a NaN.
  case tensorValue(tensor: String, index: Int, expected: String)
  /// A metadata entry is missing.
  case missingMetadata(String)
  /// A metadata entry has a value that is not allowed.
  case metadataValue(key: String, expected: String, found: String)
}

extension ModelFileError: CustomStringConvertible {
  /// What was expected, what was found, and what to do.
  public var description: String {
    switch self {
    case .truncated(let part, let expected, let found):
      "the model file is cut short in the \(part): expected \(expected) bytes, found \(found); copy it again"
    case .headerLength(let found, let maximum):
      "not a model file: its first 8 bytes give a header of \(found) bytes, expected 2 to \(maximum)"
    case .headerSyntax(let offset, let expected):
      "not a model file: header byte \(offset): expected \(expected)"
    case .duplicateName(let name): "the model file names \(quoted(name)) twice"
    case .tensorEntry(let tensor, let expected): "tensor \(quoted(tensor)): expected \(expected)"
    case .unknownElementType(let tensor, let found):
      "tensor \(quoted(tensor)): unknown element type \(quoted(found)); expected one of \(ElementType.names)"
    case .tensorBytes(let tensor, let expected, let found):
      "tensor \(quoted(tensor)): expected \(expected), found \(found)"
    case .tensorsChecksum(let expected, let found):
      "the model file's tensors are damaged: expected SHA-256 \(expected), found \(found); copy it again"
    case .missingTensor(let name): "the model file has no tensor \(quoted(name)); train it again with this version"
    case .unexpectedTensor(let name): "the model file has a tensor \(quoted(name)) that this version does not know"
    case .tensorShape(let tensor, let expected, let found):
      "tensor \(quoted(tensor)): expected \(expected), found \(found)"
    case .tensorValue(let tensor, let index, let expected):
      "tensor \(quoted(tensor)), element \(index): expected \(expected)"
    case .missingMetadata(let key): "the model file's metadata has no \(quoted(key)); train it again with this version"
    case .metadataValue(let key, let expected, let found):
      "the model file's metadata \(quoted(key)): expected \(expected), found \(quoted(found))"
    }
  }

  /// A name from a stranger's file, cut to a length that cannot flood a log.
  private func quoted(_ name: String) -> String {
    let shown = String(
      String.UnicodeScalarView(name.unicodeScalars.prefix(64).filter { $0.value >= 0x20 && $0.value != 0x7F }))
    return "\"\(shown)\(name.unicodeScalars.count > 64 ? "…" : "")\""
  }
}

extension ModelFileError {
  /// The same with another name of the tensor that it is about.
  func namingTensor(_ rename: (String) -> String) -> ModelFileError {
    switch self {
    case .missingTensor(let name): .missingTensor(rename(name))
    case .tensorShape(let name, let expected, let found):
      .tensorShape(tensor: rename(name), expected: expected, found: found)
    case .tensorValue(let name, let index, let expected):
      .tensorValue(tensor: rename(name), index: index, expected: expected)
    default: self
    }
  }
}
