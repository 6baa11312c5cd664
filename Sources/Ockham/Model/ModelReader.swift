/// Takes the parts of a model out of a tensor file one by one, checking each.
struct ModelReader {
  let file: TensorFile
  private var used: Set<String> = []

  init(_ file: TensorFile) { self.file = file }

  // MARK: Tensors

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

  mutating func readInt16s(_ name: String, _ shape: [Int]) throws(ModelFileError) -> [Int16] {
    try tensor(name, .int16, shape).int16s ?? []
  }

  mutating func tensor(
    _ name: String, _ type: ElementType, _ shape: [Int]
  ) throws(ModelFileError) -> Tensor {
    guard let tensor = file[name] else { throw .missingTensor(name) }
    used.insert(name)
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

  private func text(_ key: String) throws(ModelFileError) -> String {
    guard let value = file.metadata[key] else { throw .missingMetadata(key) }
    return value
  }

  private func require(_ key: String, _ expected: String) throws(ModelFileError) {
    let found = try text(key)
    guard found == expected else { throw .metadataValue(key: key, expected: expected, found: found) }
  }

  func checkVersions() throws(ModelFileError) {
    try require("format", Model.formatName)
    try require("feature_schema", FeatureSchema.fingerprint)
  }

  func readOptions() throws(ModelFileError) -> FeatureOptions {
    let fields = try object("features", of: ["bucket_bits", "word_pairs", "character_grams"])
    guard FeatureOptions.bucketBitsRange.contains(fields[0]), fields[1] <= 1, fields[2] <= 1 else {
      throw .metadataValue(
        key: "features",
        expected: "bucket_bits in \(FeatureOptions.bucketBitsRange), word_pairs and character_grams 0 or 1",
        found: try text("features"))
    }
    return FeatureOptions(bucketBits: fields[0], wordPairs: fields[1] == 1, characterGrams: fields[2] == 1)
  }

  private func object(_ key: String, of names: [String]) throws(ModelFileError) -> [Int] {
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

  private func strings(_ key: String) throws(ModelFileError) -> [String] {
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

  /// The most tiers that a model may have.
  static let maximumTiers = 64

  func readTierNames() throws(ModelFileError) -> [String] {
    let names = try strings("tiers")
    guard (2...Self.maximumTiers).contains(names.count), Set(names).count == names.count, !names.contains("") else {
      throw .metadataValue(
        key: "tiers", expected: "2 to \(Self.maximumTiers) different names", found: try text("tiers"))
    }
    return names
  }

  // MARK: Parts

  mutating func readTable(bucketCount: Int, tiers: Int) throws(ModelFileError) -> GramTable {
    let name = "gram.weight"
    guard let tensor = file[name] else { throw .missingTensor(name) }
    let columns = tensor.shape.count == 2 ? tensor.shape[1] : 0
    guard (1 + tiers...1 + tiers + HiddenShape.maximumWidth).contains(columns) else {
      throw .tensorShape(
        tensor: name, expected: "I16 [\(bucketCount), at least \(1 + tiers)]",
        found: "\(tensor.elementType.rawValue) \(tensor.shape)")
    }
    return try readTable(name, "gram.scale", rows: bucketCount, columns: columns)
  }

  private mutating func readTable(
    _ weights: String, _ scales: String, rows: Int, columns: Int
  ) throws(ModelFileError) -> GramTable {
    GramTable(
      values: try readInt16s(weights, [rows, columns]), columns: columns, scales: try readFloats(scales, [columns]))
  }

  mutating func readStandardizer() throws(ModelFileError) -> DenseStandardizer {
    let shape = [DenseFeatures.names.count]
    return DenseStandardizer(
      means: try readFloats("dense.mean", shape), inverseDeviations: try readFloats("dense.inverse_deviation", shape),
      limit: try readDenseLimit())
  }

  private mutating func readDenseLimit() throws(ModelFileError) -> Float {
    let name = "dense.limit"
    guard file[name] != nil else { return DenseStandardizer.usualLimit }
    let limit = try readFloats(name, [1])[0]
    guard limit > 0, limit <= DenseStandardizer.largestLimit else {
      throw .tensorValue(tensor: name, index: 0, expected: "a number above 0, at most 64")
    }
    return limit
  }

  mutating func readLayer(
    _ weights: String, _ bias: String, inputs: Int, outputs: Int
  ) throws(ModelFileError) -> DenseLayer {
    DenseLayer(weights: try readFloats(weights, [inputs, outputs]), bias: try readFloats(bias, [outputs]))
  }

  mutating func readHiddenLayers(tiers: Int, bagWidth: Int) throws(ModelFileError) -> HiddenLayers? {
    guard let shape = file["hidden.weight"]?.shape else {
      if bagWidth > 0 { throw .missingTensor("hidden.weight") }
      return nil
    }
    let inputs = bagWidth + DenseFeatures.names.count
    guard shape.count == 2, (1...HiddenShape.maximumWidth).contains(shape[1]) else {
      throw .tensorShape(
        tensor: "hidden.weight", expected: "F32 [\(inputs), 1 to \(HiddenShape.maximumWidth)]", found: "\(shape)")
    }
    return HiddenLayers(
      bagWidth: bagWidth,
      hidden: try readLayer("hidden.weight", "hidden.bias", inputs: inputs, outputs: shape[1]),
      output: try readLayer("output.weight", "output.bias", inputs: shape[1], outputs: tiers))
  }

  mutating func readTaskHead(bucketCount: Int) throws(ModelFileError) -> TaskHead? {
    let name = "task.gram.weight"
    guard let shape = file[name]?.shape else { return nil }
    let kinds = TaskKind.allCases.count
    let rows = shape.first ?? 0
    guard rows > 0, rows & (rows - 1) == 0, rows <= bucketCount else {
      throw .tensorShape(
        tensor: name, expected: "I16 [a power of two up to \(bucketCount), \(kinds)]", found: "\(shape)")
    }
    return TaskHead(
      table: try readTable(name, "task.gram.scale", rows: rows, columns: kinds),
      dense: try readLayer("task.dense.weight", "task.bias", inputs: DenseFeatures.names.count, outputs: kinds))
  }

  mutating func readCalibrations(tiers: Int) throws(ModelFileError) -> [Calibration] {
    let kinds = try strings("calibration")
    guard kinds.count == tiers else {
      throw .metadataValue(key: "calibration", expected: "\(tiers) names", found: try text("calibration"))
    }
    var result: [Calibration] = []
    for (tier, kind) in kinds.enumerated() { result.append(try readCalibration(kind, tier: tier)) }
    return result
  }

  mutating func readJointCalibration(_ calibrations: [Calibration]) throws(ModelFileError) -> JointCalibration? {
    let (name, tiers) = ("calibration.joint", calibrations.count)
    guard file[name] != nil else { return nil }
    for calibration in calibrations {
      guard case .platt = calibration else {
        throw .metadataValue(
          key: "calibration", expected: "\"platt\" for every tier beside the tensor \(name)",
          found: try text("calibration"))
      }
    }
    return JointCalibration(
      tierCount: tiers, weights: try readFloats(name, [tiers, JointCalibration.width(tierCount: tiers)]))
  }

  private mutating func readCalibration(_ kind: String, tier: Int) throws(ModelFileError) -> Calibration {
    switch kind {
    case "platt":
      let values = try readFloats("calibration.\(tier).platt", [2])
      return .platt(slope: values[0], intercept: values[1])
    case "isotonic": return try readIsotonic(tier: tier)
    default: throw .metadataValue(key: "calibration", expected: "\"platt\" or \"isotonic\"", found: kind)
    }
  }

  private mutating func readIsotonic(tier: Int) throws(ModelFileError) -> Calibration {
    let name = "calibration.\(tier).isotonic"
    guard let shape = file[name]?.shape, shape.count == 2, shape[0] == 2, shape[1] >= 1 else {
      if file[name] == nil { throw .missingTensor(name) }
      throw .tensorShape(tensor: name, expected: "F32 [2, knots]", found: "\(file[name]?.shape ?? [])")
    }
    let values = try readBounded(name, shape)
    let (x, y) = (Array(values[..<shape[1]]), Array(values[shape[1]...]))
    for knot in x.indices {
      let rises = knot == 0 || (x[knot] > x[knot - 1] && y[knot] >= y[knot - 1])
      guard rises, (0...1).contains(y[knot]) else {
        throw .tensorValue(tensor: name, index: knot, expected: "rising logits and rising probabilities from 0 to 1")
      }
    }
    return .isotonic(x: x, y: y)
  }
}

/// Bounds of the MLP's layers.
enum HiddenShape {
  static let maximumWidth = 1_024
}
