extension DriftReference {
  /// The format of a reference in a file of its own, beside the model that served.
  package static let fileFormat = "ockham-drift/1"

  /// A file of its own: for live traffic, which comes after the model is frozen.
  ///
  /// - Precondition: the reference is of this model's statistics and tiers.
  package func file(for model: Model) -> TensorFile {
    var file = TensorFile(
      metadata: [
        MetadataKey.format: Self.fileFormat, MetadataKey.featureSchema: FeatureSchema.fingerprint,
        Self.modelKey: Self.name(of: model), Self.part: description,
      ], tensors: tensors)
    file.metadata[MetadataKey.tiers] = model.tierListText
    file.sortTensors()
    return file.sealed()
  }

  /// Reads a file of its own.
  ///
  /// - Parameters:
  ///   - model: the one that served.
  ///   - leastSeconds: what the period covers at least: a week for a reference.
  /// - Throws: ``ModelFileError`` for a file that is damaged, or of another model.
  package init(
    _ bytes: [UInt8], for model: Model, leastSeconds: Int = leastLiveSeconds
  ) throws(ModelFileError) {
    var reader = ModelReader(try TensorFile(bytes))
    try reader.require(MetadataKey.format, Self.fileFormat)
    try reader.require(MetadataKey.featureSchema, FeatureSchema.fingerprint)
    try reader.checkTensors(of: bytes, isRequired: true)
    try reader.require(Self.modelKey, Self.name(of: model))
    guard try reader.strings(MetadataKey.tiers) == model.tierNames else {
      throw .metadataValue(
        key: MetadataKey.tiers, expected: "the model's tiers", found: try reader.text(MetadataKey.tiers))
    }
    try self.init(
      from: &reader, tiers: model.tierNames.count, hasTaskHead: model.hasTaskHead, leastSeconds: leastSeconds)
    try reader.checkNothingLeft()
  }

  private static let modelKey = "model"

  private static func name(of model: Model) -> String {
    let digits = String(model.identifier, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

extension Model {
  /// The tiers' names as the model's own file has them.
  fileprivate var tierListText: String { contents.tierListText }
}
