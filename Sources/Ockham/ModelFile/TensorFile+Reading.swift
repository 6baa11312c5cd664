extension TensorFile {
  /// The longest header that is read; real ones have a few kilobytes.
  static let maximumHeaderBytes = 1 << 20

  /// Reads a file.
  ///
  /// - Throws: a ``ModelFileError`` for the first thing that is wrong.
  /// - Complexity: O(bytes); copies every tensor.
  public init(_ file: [UInt8]) throws(ModelFileError) {
    let dataStart = try Self.dataStart(in: file)
    let header = try JSONHeader(parsing: file.span.extracting(8..<dataStart))
    guard case .object(let members) = header else {
      throw .headerSyntax(offset: 0, expected: "an object")
    }
    self.init()
    var entries: [Entry] = []
    for member in members {
      if member.name == "__metadata__" {
        metadata = try Self.metadata(member.value)
      } else {
        entries.append(try Entry(member))
      }
    }
    try Self.checkTiling(entries, dataBytes: file.count - dataStart)
    tensors = entries.map { $0.tensor(in: file, dataStart: dataStart) }
  }

  /// Where a file's data begins: behind its header.
  static func dataStart(in file: [UInt8]) throws(ModelFileError) -> Int { 8 + (try headerLength(file)) }

  private static func headerLength(_ file: [UInt8]) throws(ModelFileError) -> Int {
    guard file.count >= 8 else {
      throw .truncated(part: "header length", expectedBytes: 8, foundBytes: file.count)
    }
    var length: UInt64 = 0
    for index in 0..<8 { length |= UInt64(file[index]) << UInt64(8 * index) }
    guard length >= 2, length <= UInt64(maximumHeaderBytes) else {
      throw .headerLength(found: length, maximum: maximumHeaderBytes)
    }
    guard file.count - 8 >= Int(length) else {
      throw .truncated(part: "header", expectedBytes: Int(length), foundBytes: file.count - 8)
    }
    return Int(length)
  }

  private static func metadata(_ value: JSONHeader) throws(ModelFileError) -> [String: String] {
    guard case .object(let members) = value else {
      throw .tensorEntry(tensor: "__metadata__", expected: "an object of strings")
    }
    var result: [String: String] = [:]
    for member in members {
      guard case .string(let text) = member.value else {
        throw .tensorEntry(tensor: "__metadata__", expected: "only strings as values")
      }
      result[member.name] = text
    }
    return result
  }

  /// The tensors, in the order of their offsets, must cover the data exactly.
  private static func checkTiling(_ entries: [Entry], dataBytes: Int) throws(ModelFileError) {
    var end = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin == end else {
        throw .tensorBytes(tensor: entry.name, expected: "data from byte \(end)", found: "from byte \(entry.begin)")
      }
      end = entry.end
    }
    guard end <= dataBytes else { throw .truncated(part: "tensor data", expectedBytes: end, foundBytes: dataBytes) }
    guard end == dataBytes else {
      throw .tensorBytes(tensor: "", expected: "\(end) bytes of data", found: "\(dataBytes)")
    }
  }
}

/// A tensor's checked entry in the header.
private struct Entry {
  let name: String
  let elementType: ElementType
  let shape: [Int]
  let begin: Int
  let end: Int

  init(_ member: JSONHeader.Member) throws(ModelFileError) {
    name = member.name
    guard case .object(let fields) = member.value, fields.count == 3 else {
      throw .tensorEntry(tensor: name, expected: "an object with dtype, shape and data_offsets")
    }
    guard case .string(let type)? = fields.first(where: { $0.name == "dtype" })?.value else {
      throw .tensorEntry(tensor: name, expected: "a string \"dtype\"")
    }
    guard let elementType = ElementType(rawValue: type) else {
      throw .unknownElementType(tensor: name, found: type)
    }
    self.elementType = elementType
    shape = try Self.integers(fields, "shape", tensor: name)
    let offsets = try Self.integers(fields, "data_offsets", tensor: name)
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .tensorEntry(tensor: name, expected: "\"data_offsets\" of a begin and an end that is not before it")
    }
    (begin, end) = (offsets[0], offsets[1])
    try checkSize()
  }

  private static func integers(
    _ fields: [JSONHeader.Member], _ key: String, tensor: String
  ) throws(ModelFileError) -> [Int] {
    guard case .array(let elements)? = fields.first(where: { $0.name == key })?.value else {
      throw .tensorEntry(tensor: tensor, expected: "an array \"\(key)\"")
    }
    var result: [Int] = []
    for element in elements {
      guard case .integer(let value) = element else {
        throw .tensorEntry(tensor: tensor, expected: "non-negative integers in \"\(key)\"")
      }
      result.append(value)
    }
    return result
  }

  private func checkSize() throws(ModelFileError) {
    var bytes = elementType.byteCount
    for extent in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .tensorEntry(tensor: name, expected: "a shape below 2^63 bytes") }
      bytes = product
    }
    guard end - begin == bytes else {
      throw .tensorBytes(tensor: name, expected: "\(bytes) bytes for its shape", found: "\(end - begin)")
    }
  }

  func tensor(in file: [UInt8], dataStart: Int) -> Tensor {
    Tensor(
      name: name, elementType: elementType, shape: shape, bytes: Array(file[(dataStart + begin)..<(dataStart + end)]))
  }
}
