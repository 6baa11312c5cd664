extension Model {
  /// The version of the layout of tensors and metadata.
  public static let formatName = "ockham/1"

  /// Loads a model from the bytes of a file.
  ///
  /// Every name, type, shape, value and version is checked; a file that passes cannot make scoring fail.
  ///
  /// - Throws: a ``ModelFileError`` that says what was expected and found.
  /// - Complexity: O(bytes).
  public init(_ bytes: [UInt8]) throws(ModelFileError) {
    try self.init(TensorFile(bytes), identifier: WordHash.absorb(content: bytes.span, into: WordHash.wordSeed))
  }

  private init(_ file: TensorFile, identifier: UInt64) throws(ModelFileError) {
    var reader = ModelReader(file)
    try reader.checkVersions()
    let options = try reader.readOptions()
    let names = try reader.readTierNames()
    let table = try reader.readTable(bucketCount: options.bucketCount, tiers: names.count)
    self.tierNames = names
    self.metadata = file.metadata
    self.identifier = identifier
    extractor = FeatureExtractor(options: options)
    standardizer = try reader.readStandardizer()
    linear = try reader.readLayer("dense.weight", "bias", inputs: DenseFeatures.names.count, outputs: names.count)
    hiddenLayers = try reader.readHiddenLayers(tiers: names.count, bagWidth: table.columns - 1 - names.count)
    self.table = table
    taskHead = try reader.readTaskHead(bucketCount: options.bucketCount)
    calibrations = try reader.readCalibrations(tiers: names.count)
    thresholds = Thresholds(steps: try reader.readBounded("thresholds", [names.count - 1]))
    tierCosts = try reader.readTierCosts(tiers: names.count)
    costHead = try reader.readCostHead(tiers: names.count)
    try reader.checkNothingLeft()
  }
}
