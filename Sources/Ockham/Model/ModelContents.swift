/// What a model consists of: kept behind one reference, so that handing a model on copies one pointer and counts once.
final class ModelContents: Sendable {
  let tierNames: [String]
  let thresholds: Thresholds
  let tierCosts: [Double]
  let calibrations: [Calibration]
  let jointCalibration: JointCalibration?
  let identifier: UInt64
  let metadata: [String: String]
  /// The tiers' names as JSON, as the file has them.
  let tierListText: String
  let extractor: FeatureExtractor
  let table: NGramTable
  let standardizer: DenseStandardizer
  let heads: Heads
  let taskHead: TaskHead?
  let costHead: CostHead?
  let responses: ResponseHeads?
  let cascade: CascadePolicy?
  let driftReference: DriftReference?
  let unfamiliarity: Unfamiliarity?

  init(_ bytes: [UInt8]) throws(ModelFileError) {
    let file = try TensorFile(bytes)
    var reader = ModelReader(file)
    let hasParts = try reader.readFormat()
    try reader.require(MetadataKey.featureSchema, FeatureSchema.fingerprint)
    try reader.checkTensors(of: bytes, isRequired: hasParts)
    let parts = hasParts ? try reader.readParts() : []
    let options = try FeatureOptions(from: reader)
    let names = try reader.readTierNames()
    let tiers = names.count
    table = try NGramTable(from: &reader, bucketCount: options.bucketCount, tiers: tiers)
    tierNames = names
    tierListText = try reader.text(MetadataKey.tiers)
    metadata = file.metadata
    identifier = WordHash.absorb(content: bytes.span, into: WordHash.wordSeed)
    extractor = FeatureExtractor(options: options)
    standardizer = try DenseStandardizer(from: &reader, width: DenseFeatures.names.count)
    let tierHeads = try Heads(
      from: &reader, dense: DenseFeatures.names.count, tiers: tiers, bagWidth: table.columns - 1 - tiers)
    taskHead = try TaskHead(from: &reader, bucketCount: options.bucketCount)
    calibrations = try Calibration.readAll(from: &reader, tiers: tiers)
    jointCalibration = try JointCalibration(from: &reader, beside: calibrations)
    thresholds = Thresholds(increments: try reader.readBounded(TensorName.thresholds, [tiers - 1]))
    tierCosts = try reader.readTierCosts(tiers: tiers)
    costHead = try CostHead(from: &reader, tiers: tiers)
    driftReference =
      parts.contains(DriftReference.part)
      ? try DriftReference(from: &reader, tiers: tiers, hasTaskHead: taskHead != nil) : nil
    let responses =
      parts.contains(ResponseHeads.part) ? try ResponseHeads(from: &reader, tiers: tiers, options: options) : nil
    let answering = (0..<tiers).filter { responses?.heads[$0] != nil }
    self.responses = responses
    cascade =
      parts.contains(MetadataKey.cascade)
      ? try CascadePolicy(from: &reader, tiers: tiers, answering: answering) : nil
    let measure =
      parts.contains(Unfamiliarity.part)
      ? try Unfamiliarity(from: &reader, tiers: tiers) : nil
    unfamiliarity = measure
    heads = measure.map { tierHeads.adding(weights: $0.weights, bias: $0.bias) } ?? tierHeads
    try reader.checkNothingLeft()
  }
}

extension FeatureOptions {
  fileprivate init(from reader: ModelReader) throws(ModelFileError) {
    let key = MetadataKey.features
    let fields = try reader.integers(key, of: ["bucket_bits", "word_pairs", "character_grams"])
    guard Self.bucketBitsRange.contains(fields[0]), fields[1] <= 1, fields[2] <= 1 else {
      throw .metadataValue(
        key: key, expected: "bucket_bits in \(Self.bucketBitsRange), word_pairs and character_grams 0 or 1",
        found: try reader.text(key))
    }
    self.init(bucketBits: fields[0], wordPairs: fields[1] == 1, characterGrams: fields[2] == 1)
  }
}

extension ModelReader {
  /// Whether the format is that of files with parts.
  fileprivate func readFormat() throws(ModelFileError) -> Bool {
    let (key, known) = (MetadataKey.format, [Model.formatName, Model.partsFormatName])
    let found = try text(key)
    guard known.contains(found) else {
      throw .metadataValue(key: key, expected: known.joined(separator: " or "), found: found)
    }
    return found == Model.partsFormatName
  }

  /// The parts of the file, all of which this version knows: a part may change what is decided.
  fileprivate func readParts() throws(ModelFileError) -> [String] {
    let key = MetadataKey.parts
    let known = [DriftReference.part, ResponseHeads.part, MetadataKey.cascade, Unfamiliarity.part]
    let parts = try strings(key)
    guard parts.allSatisfy(known.contains), Set(parts).count == parts.count else {
      throw .metadataValue(
        key: key, expected: "no part but \(known.joined(separator: ", ")), once", found: try text(key))
    }
    for name in known where !parts.contains(name) {
      guard let found = file.metadata[name] else { continue }
      throw .metadataValue(key: name, expected: "no such key without the part", found: found)
    }
    return parts
  }

  fileprivate func readTierNames() throws(ModelFileError) -> [String] {
    let names = try strings(MetadataKey.tiers)
    guard TierCount.range.contains(names.count), Set(names).count == names.count, !names.contains("") else {
      throw .metadataValue(
        key: MetadataKey.tiers,
        expected: "\(TierCount.range.lowerBound) to \(TierCount.range.upperBound) different names",
        found: try text(MetadataKey.tiers))
    }
    return names
  }

  fileprivate mutating func readTierCosts(tiers: Int) throws(ModelFileError) -> [Double] {
    guard self[TensorName.tierCosts] != nil else { return [] }
    return try readDoubles(TensorName.tierCosts, [tiers], "a cost of at least 0") { $0 >= 0 && $0.isFinite }
  }
}
