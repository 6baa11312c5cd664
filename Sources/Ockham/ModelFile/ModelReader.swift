/// Takes a model's tensors and metadata out of a tensor file one by one, checking each. What they mean is known to the parts
/// that are made of them.
struct ModelReader {
  let file: TensorFile
  private var used: Set<String> = []
  /// What stands before the names of the part that is read.
  private var prefix = ""

  init(_ file: TensorFile) { self.file = file }

  /// Reads a part whose tensors have names of their own: `prefix` and those of the whole. Errors name them in full.
  mutating func reading<Part>(
    _ prefix: String, _ read: (inout ModelReader) throws(ModelFileError) -> Part
  ) throws(ModelFileError) -> Part {
    self.prefix = prefix
    defer { self.prefix = "" }
    do { return try read(&self) } catch { throw error.namingTensor { prefix + $0 } }
  }

  // MARK: Tensors

  /// A tensor as the file has it; `nil` where it has none.
  subscript(_ name: String) -> Tensor? { file[prefix + name] }

  /// A tensor of finite single-precision numbers with exactly this shape.
  mutating func readFloats(_ name: String, _ shape: [Int]) throws(ModelFileError) -> [Float] {
    let floats = try tensor(name, .float32, shape).floats ?? []
    if let index = floats.firstIndex(where: { !$0.isFinite }) {
      throw .tensorValue(tensor: name, index: index, expected: "a finite number")
    }
    return floats
  }

  /// The same for numbers whose differences and sums must be finite too.
  mutating func readBounded(_ name: String, _ shape: [Int]) throws(ModelFileError) -> [Float] {
    let floats = try readFloats(name, shape)
    if let index = floats.firstIndex(where: { abs($0) > 1e30 }) {
      throw .tensorValue(tensor: name, index: index, expected: "a number from -1e30 to 1e30")
    }
    return floats
  }

  /// A tensor of double-precision numbers that are all allowed.
  mutating func readDoubles(
    _ name: String, _ shape: [Int], _ expected: String, _ isAllowed: (Double) -> Bool
  ) throws(ModelFileError) -> [Double] {
    let values = try tensor(name, .float64, shape).doubles ?? []
    if let index = values.firstIndex(where: { !isAllowed($0) }) {
      throw .tensorValue(tensor: name, index: index, expected: expected)
    }
    return values
  }

  mutating func readInt16s(_ name: String, _ shape: [Int]) throws(ModelFileError) -> [Int16] {
    try tensor(name, .int16, shape).int16s ?? []
  }

  mutating func readIntegers(_ name: String, _ shape: [Int]) throws(ModelFileError) -> [Int] {
    (try tensor(name, .int64, shape).int64s ?? []).map { Int(clamping: $0) }
  }

  mutating func readUInt64s(_ name: String, _ shape: [Int]) throws(ModelFileError) -> [UInt64] {
    try tensor(name, .uint64, shape).uint64s ?? []
  }

  private mutating func tensor(
    _ name: String, _ type: ElementType, _ shape: [Int]
  ) throws(ModelFileError) -> Tensor {
    guard let tensor = self[name] else { throw .missingTensor(name) }
    used.insert(tensor.name)
    guard tensor.elementType == type, tensor.shape == shape else {
      throw .tensorShape(
        tensor: name, expected: "\(type.rawValue) \(shape)", found: "\(tensor.elementType.rawValue) \(tensor.shape)")
    }
    return tensor
  }

  func checkNothingLeft() throws(ModelFileError) {
    if let tensor = file.tensors.first(where: { !used.contains($0.name) }) { throw .unexpectedTensor(tensor.name) }
  }

  // MARK: Metadata

  /// A metadata entry.
  func text(_ key: String) throws(ModelFileError) -> String {
    guard let value = file.metadata[key] else { throw .missingMetadata(key) }
    return value
  }

  /// Checks that a metadata entry is exactly this.
  func require(_ key: String, _ expected: String) throws(ModelFileError) {
    let found = try text(key)
    guard found == expected else { throw .metadataValue(key: key, expected: expected, found: found) }
  }

  /// A metadata entry that is an object of integers with exactly these names, in this order.
  func integers(_ key: String, of names: [String]) throws(ModelFileError) -> [Int] {
    let found = try text(key)
    let error = ModelFileError.metadataValue(key: key, expected: "an object of integers \(names)", found: found)
    guard case .object(let members)? = try? JSONHeader(parsing: found.utf8.span),
      members.map({ $0.name }) == names
    else { throw error }
    var values: [Int] = []
    for member in members {
      guard case .integer(let value) = member.value else { throw error }
      values.append(value)
    }
    return values
  }

  /// A metadata entry that is an array of strings.
  func strings(_ key: String) throws(ModelFileError) -> [String] {
    let found = try text(key)
    let error = ModelFileError.metadataValue(key: key, expected: "an array of strings", found: found)
    guard case .array(let elements)? = try? JSONHeader(parsing: found.utf8.span) else { throw error }
    var values: [String] = []
    for element in elements {
      guard case .string(let value) = element else { throw error }
      values.append(value)
    }
    return values
  }
}
