/// The names of a model file's tensors: one place for readers and writers.
///
/// The article <doc:ModelFileFormat> says what each one means; here stand names and shapes, T being the number of tiers and
/// d that of dense features.
package enum TensorName {
  /// I16 [buckets × (1 + T + bag)].
  package static let gramWeight = "gram.weight"
  /// F32 [1 + T + bag].
  package static let gramScale = "gram.scale"

  /// F32 [d].
  package static let denseMean = "dense.mean"
  /// F32 [d].
  package static let denseInverseDeviation = "dense.inverse_deviation"
  /// F32 [1]; optional.
  package static let denseLimit = "dense.limit"
  /// F32 [d × T].
  package static let denseWeight = "dense.weight"
  /// F32 [T].
  package static let bias = "bias"

  /// F32 [(bag + d) × hidden]; this one and the next three belong to the MLP kind.
  package static let hiddenWeight = "hidden.weight"
  /// F32 [hidden].
  package static let hiddenBias = "hidden.bias"
  /// F32 [hidden × T].
  package static let outputWeight = "output.weight"
  /// F32 [T].
  package static let outputBias = "output.bias"

  /// F32 [2]: slope and intercept of a tier that is calibrated by Platt scaling.
  package static func platt(tier: Int) -> String { "calibration.\(tier).platt" }
  /// F32 [2 × knots]: those of a tier that is calibrated by isotonic regression.
  package static func isotonic(tier: Int) -> String { "calibration.\(tier).isotonic" }
  /// F32 [T × (1 + T + T (T + 1) / 2)]; optional.
  package static let jointCalibration = "calibration.joint"

  /// I16 [rows × kinds]; optional together with the next three.
  package static let taskGramWeight = "task.gram.weight"
  /// F32 [kinds].
  package static let taskGramScale = "task.gram.scale"
  /// F32 [d × kinds].
  package static let taskDenseWeight = "task.dense.weight"
  /// F32 [kinds].
  package static let taskBias = "task.bias"

  /// F32 [T − 1].
  package static let thresholds = "thresholds"
  /// F64 [T]; optional.
  package static let tierCosts = "tier_cost_usd"

  /// F32 [d × T]; optional together with the next five.
  package static let costWeight = "cost.weight"
  /// F32 [T].
  package static let costBias = "cost.bias"
  /// F32 [2 × T].
  package static let costRange = "cost.range"
  /// F32 [T].
  package static let costSmearing = "cost.smearing"
  /// F64 [2 × T].
  package static let costPrice = "cost.price"
  /// F64 [T − 1].
  package static let costMeanStep = "cost.mean_step"
}

extension TensorName {
  /// What stands before the names of the tensors of a tier's response head, which are those of a whole model: `gram.`, `dense.`,
  /// `bias`, `hidden.`, `output.` and `calibration.`, with T − t in the place of T.
  package static func responsePrefix(tier: Int) -> String { "response.\(tier)." }
  /// F32 [1], behind the prefix.
  package static let unlike = "unlike"
}

extension TensorName {
  /// F64 [T]; the part `cascade`, as the next two.
  package static let cascadeTierCosts = "cascade.tier_cost_usd"
  /// F32 [T − 1].
  package static let cascadeSpread = "cascade.spread"
  /// F64 [2]: λ and the premium.
  package static let cascadePrice = "cascade.price"
}

extension TensorName {
  /// I64 [S]; the part `drift`, as the others: S statistics with K bins in all, M blocks of rows.
  package static let driftBins = "drift.bins"
  /// F64 [edges].
  package static let driftEdges = "drift.edges"
  /// I64 [M].
  package static let driftDay = "drift.block.day"
  /// I64 [M].
  package static let driftGroup = "drift.block.group"
  /// I64 [M].
  package static let driftRows = "drift.block.rows"
  /// F64 [M].
  package static let driftBlockWeight = "drift.block.weight"
  /// F64 [M × T].
  package static let driftQuality = "drift.block.quality"
  /// F32 [M × K].
  package static let driftWeight = "drift.weight"
  /// F64 [2 × T].
  package static let driftCalibration = "drift.calibration"
  /// I64 [T].
  package static let driftLabels = "drift.labels"
}

extension TensorName {
  /// F32 [dense features]; the part `unfamiliarity`, as the next four.
  package static let unfamiliarityWeight = "unfamiliarity.weight"
  /// F32 [1].
  package static let unfamiliarityBias = "unfamiliarity.bias"
  /// F32 [2 × knots].
  package static let unfamiliarityBlend = "unfamiliarity.blend"
  /// F32 [3 × T].
  package static let unfamiliarityBase = "unfamiliarity.base"
  /// F32 [1].
  package static let unfamiliarityRise = "unfamiliarity.rise"
}

/// The keys of a model file's metadata that a reader looks at.
package enum MetadataKey {
  /// ``Model/formatName``.
  package static let format = "format"
  /// ``FeatureSchema/fingerprint``.
  package static let featureSchema = "feature_schema"
  /// ``TensorFile/tensorsSHA256``; absent in older files.
  package static let tensorsSHA256 = "tensors_sha256"
  /// The ``FeatureOptions`` as an object of integers.
  package static let features = "features"
  /// The tiers' names as an array.
  package static let tiers = "tiers"
  /// `platt` or `isotonic` for each tier, as an array.
  package static let calibration = "calibration"
  /// What a file holds beside its heads, as an array of names; each has an entry of that name.
  package static let parts = "parts"
  /// The tiers of a cascade, where the part of that name is there.
  package static let cascade = "cascade"
}
