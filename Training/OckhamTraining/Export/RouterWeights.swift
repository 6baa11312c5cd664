package import Ockham
import TextKit

/// Everything that goes into a model file.
package struct RouterWeights: Sendable {
  package var tierNames: [String]
  package var options: FeatureOptions
  package var transform: FeatureTransform
  package var heads: any HeadWeights
  package var calibrations: [Calibration]
  package var jointCalibration: JointCalibration?
  package var taskModel: SoftmaxModel?
  package var costs: CostWeights?
  /// By rising tier.
  package var responses: [ResponseWeights] = []
  /// What the traffic looked like that the model was trained on; `nil` where no one knows.
  package var drift: DriftReference?
  /// How far requests are from what was learned from; `nil` where no families were left out.
  package var unfamiliarity: Unfamiliarity?
  package var metadata: [String: String]
}

extension RouterWeights {
  /// The model file, sealed, with thresholds of 0: a step up for any gain. Calibration sets others.
  package func tensorFile() -> TensorFile {
    var file = TensorFile(metadata: fullMetadata)
    file.tensors +=
      transform.scalingTensors + heads.tensors(transform) + calibrationTensors + taskTensors + (costs?.tensors ?? [])
      + responses.flatMap(\.tensors) + (drift?.tensors ?? []) + (unfamiliarity?.tensors ?? [])
    file.tensors.append(
      Tensor(
        name: TensorName.thresholds, shape: [tierNames.count - 1],
        floats: [Float](repeating: 0, count: tierNames.count - 1)))
    file.sortTensors()
    return file.sealed()
  }

  private var fullMetadata: [String: String] {
    var entries = metadata
    entries[MetadataKey.format] = Model.formatName
    entries[MetadataKey.featureSchema] = FeatureSchema.fingerprint
    let features: [(String, JSONNode)] = [
      ("bucket_bits", .integer(options.bucketBits)), ("word_pairs", .integer(options.wordPairs ? 1 : 0)),
      ("character_grams", .integer(options.characterGrams ? 1 : 0)),
    ]
    entries[MetadataKey.features] = JSONNode.object(features).jsonText
    entries[MetadataKey.tiers] = JSONNode.strings(tierNames).jsonText
    entries[MetadataKey.calibration] = JSONNode.strings(calibrations.kinds).jsonText
    let parts =
      (drift == nil ? [] : [DriftReference.part]) + (responses.isEmpty ? [] : [ResponseWeights.part])
      + (unfamiliarity == nil ? [] : [Unfamiliarity.part])
    // A file without parts loads everywhere.
    guard !parts.isEmpty else { return entries }
    entries[MetadataKey.format] = Model.partsFormatName
    entries[MetadataKey.parts] = JSONNode.strings(parts).jsonText
    if let drift { entries[DriftReference.part] = drift.description }
    if let unfamiliarity { entries[Unfamiliarity.part] = unfamiliarity.description }
    guard !responses.isEmpty else { return entries }
    let description: [(String, JSONNode)] = [
      ("schema", .string(ResponseFeatures.fingerprint)),
      ("answering", .array(responses.map { .integer($0.tier) })),
      ("calibration", .array(responses.map { .strings($0.calibrations.kinds) })),
    ]
    entries[ResponseWeights.part] = JSONNode.object(description).jsonText
    return entries
  }

  private var calibrationTensors: [Tensor] {
    let independent = calibrations.tensors
    guard let joint = jointCalibration else { return independent }
    let shape = [joint.tierCount, JointCalibration.width(tierCount: joint.tierCount)]
    return independent + [Tensor(name: TensorName.jointCalibration, shape: shape, floats: joint.weights)]
  }

  private var taskTensors: [Tensor] {
    guard let taskModel else { return [] }
    let kinds = TaskKind.allCases.count
    let table = QuantisedTable(weights: taskModel.sparse, columns: kinds)
    return [
      Tensor(name: TensorName.taskGramWeight, shape: [taskModel.sparse.count / kinds, kinds], int16s: table.values),
      Tensor(name: TensorName.taskGramScale, shape: [kinds], floats: table.scales),
      Tensor(name: TensorName.taskDenseWeight, shape: [taskModel.dense.count / kinds, kinds], floats: taskModel.dense),
      Tensor(name: TensorName.taskBias, shape: [kinds], floats: taskModel.bias),
    ]
  }
}

extension FeatureTransform {
  /// How dense features are standardised and clipped.
  var scalingTensors: [Tensor] {
    let width = means.count
    var tensors = [
      Tensor(name: TensorName.denseMean, shape: [width], floats: means),
      Tensor(name: TensorName.denseInverseDeviation, shape: [width], floats: inverseDeviations),
    ]
    if limit != FeatureTransform.usualLimit {
      tensors.append(Tensor(name: TensorName.denseLimit, shape: [1], floats: [limit]))
    }
    return tensors
  }
}

extension Unfamiliarity {
  /// What the metadata holds of it.
  fileprivate var description: String {
    let members: [(String, JSONNode)] = [
      ("measure", .string(Self.measure)), ("home", .strings(home)), ("families", .strings(families)),
    ]
    return JSONNode.object(members).jsonText
  }
}

extension [Calibration] {
  /// Their names in metadata.
  var kinds: [String] { map { if case .platt = $0 { "platt" } else { "isotonic" } } }

  /// One tensor each, numbered in order.
  var tensors: [Tensor] {
    enumerated().map { place, calibration in
      switch calibration {
      case .platt(let slope, let intercept):
        Tensor(name: TensorName.platt(tier: place), shape: [2], floats: [slope, intercept])
      case .isotonic(let x, let y):
        Tensor(name: TensorName.isotonic(tier: place), shape: [2, x.count], floats: x + y)
      }
    }
  }
}
