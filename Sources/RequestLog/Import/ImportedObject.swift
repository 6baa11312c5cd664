/// Reads fields of JSON objects that follow no schema of ours.
struct ImportedObject {
  let value: JSONValue

  /// - Throws: a violation for anything but an object.
  init(_ value: JSONValue) throws(RecordViolation) {
    guard value.kind == .object else {
      throw .wrongType(expected: "an object", found: value, remedy: "check that the format is the right one")
    }
    self.value = value
  }

  /// The value of a key; `nil` where it is absent or null. The first counts where a key stands twice.
  subscript(key: String) -> JSONValue? {
    for (name, value) in JSONMembers(of: value) where name.hasBytes(of: key) { return value.isNull ? nil : value }
    return nil
  }

  /// The value at a path of keys with dots between: `feedback.score`. A key that holds dots itself is found as well.
  func value(at path: String) -> JSONValue? {
    if let direct = self[path] { return direct }
    var cut = path.firstIndex(of: ".")
    while let dot = cut {
      if let outer = self[String(path[..<dot])], outer.kind == .object, let inner = try? ImportedObject(outer),
        let found = inner.value(at: String(path[path.index(after: dot)...]))
      {
        return found
      }
      cut = path[path.index(after: dot)...].firstIndex(of: ".")
    }
    return nil
  }

  /// A text.
  func string(_ key: String) throws(RecordViolation) -> String {
    let value = try required(key)
    return try at(key) { () throws(RecordViolation) in try value.string() }
  }

  /// A number's or a text's text: what ids are.
  func label(_ key: String) throws(RecordViolation) -> String {
    let value = try required(key)
    if let number = value.numberText { return number }
    return try at(key) { () throws(RecordViolation) in try value.string("a string or a number") }
  }

  /// A value that must be there.
  func required(_ key: String) throws(RecordViolation) -> JSONValue {
    guard let value = self[key] else {
      throw RecordViolation(
        .missingField, field: key, expected: "the field", found: "none",
        remedy: "check that the format is the right one")
    }
    return value
  }
}

extension ImportedObject {
  /// Parses the bytes of an object and reads it by `body`.
  static func read<Result>(
    _ bytes: some Sequence<UInt8>, with document: JSONDocument,
    _ body: (ImportedObject) throws(RecordViolation) -> Result
  ) throws(RecordViolation) -> Result {
    let bytes = Array(bytes)
    do throws(JSONFault) { try document.parse(copying: bytes) } catch {
      throw unsafe bytes.withUnsafeBufferPointer {
        unsafe JSONLine($0, isFirst: false, isTerminated: true).violation(for: error)
      }
    }
    return try body(ImportedObject(document.root))
  }

  /// A document for ``read(_:with:_:)``.
  static func document(path: String) throws(ImportError) -> JSONDocument {
    guard let document = JSONDocument(maximumBytes: 64 << 20) else {
      throw .log(.outOfMemory(path: path, byteCount: 1 << 16))
    }
    return document
  }
}
