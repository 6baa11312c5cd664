package import Ockham
import TextKit

/// Scores of the training rows by models that have not seen them, kept beside the model.
///
/// Anyone who evaluates or calibrates on rows that a model was trained on would see its memory, not its judgement. With these
/// scores the training log serves for both: rows are found by the hash of their request.
package struct OutOfFoldScores: Sendable {
  package let tierNames: [String]
  /// ``Ockham/Request/contentHash`` by row.
  package let contentHashes: [UInt64]
  /// Logits before calibration, row-major [rows × tiers].
  package let logits: [Float]
  /// Probabilities by calibrations that have not seen the row either, row-major [rows × tiers]: what decisions are made by, mixed
  /// with the base where the model measures unfamiliarity.
  package let probabilities: [Float]
  /// Expected costs in USD by heads that have not seen the row, row-major [rows × tiers]; empty for a model without such
  /// a head.
  package let expectedCostUSD: [Double]
  /// Of the tiers' answers, by rising tier.
  package var responses: [OutOfFoldResponses] = []
  /// Of rows whose family was left out; `nil` for a model that does not measure it.
  package internal(set) var unfamiliarity: OutOfFoldUnfamiliarity?

  /// - Parameters:
  ///   - contentHashes: [rows].
  ///   - logits: [rows × tiers].
  ///   - probabilities: [rows × tiers].
  ///   - expectedCostUSD: [rows × tiers], or empty.
  package init(
    tierNames: [String], contentHashes: [UInt64], logits: [Float], probabilities: [Float],
    expectedCostUSD: [Double] = []
  ) {
    self.tierNames = tierNames
    self.contentHashes = contentHashes
    self.logits = logits
    self.probabilities = probabilities
    self.expectedCostUSD = expectedCostUSD
  }

  // MARK: File

  /// The name of the file beside a model.
  package static let fileName = "out-of-fold.safetensors"

  /// The scores as a tensor file.
  package func tensorFile() -> TensorFile {
    let shape = [contentHashes.count, tierNames.count]
    let costs =
      expectedCostUSD.isEmpty ? [] : [Tensor(name: "expected_cost_usd", shape: shape, doubles: expectedCostUSD)]
    return TensorFile(
      metadata: [MetadataKey.tiers: JSONNode.strings(tierNames).jsonText],
      tensors: [Tensor(name: "request_hash", shape: [contentHashes.count], uint64s: contentHashes)] + costs + [
        Tensor(name: "logit", shape: shape, floats: logits),
        Tensor(name: "probability", shape: shape, floats: probabilities),
      ] + responses.flatMap { $0.tensors(tiers: tierNames.count) }
        + (unfamiliarity?.tensors(tiers: tierNames.count) ?? []))
  }

  /// Reads scores for a model with the given tiers.
  ///
  /// - Throws: ``ModelFileError`` when the file is damaged or for other tiers.
  package init(_ bytes: [UInt8], tierNames: [String]) throws(ModelFileError) {
    let file = try TensorFile(bytes)
    let (key, tiers) = (MetadataKey.tiers, JSONNode.strings(tierNames).jsonText)
    guard file.metadata[key] == tiers else {
      throw .metadataValue(key: key, expected: tiers, found: file.metadata[key] ?? "nothing")
    }
    guard let hashes = file["request_hash"]?.uint64s else { throw .missingTensor("request_hash") }
    let shape = [hashes.count, tierNames.count]
    func floats(_ name: String, in range: ClosedRange<Float>, _ expected: String) throws(ModelFileError) -> [Float] {
      guard let tensor = file[name], let floats = tensor.floats else { throw .missingTensor(name) }
      guard tensor.shape == shape else {
        throw .tensorShape(tensor: name, expected: "F32 \(shape)", found: "\(tensor.shape)")
      }
      if let index = floats.firstIndex(where: { !range.contains($0) }) {
        throw .tensorValue(tensor: name, index: index, expected: expected)
      }
      return floats
    }
    self.tierNames = tierNames
    contentHashes = hashes
    let finite = -Float.greatestFiniteMagnitude...Float.greatestFiniteMagnitude
    logits = try floats("logit", in: finite, "a finite number")
    probabilities = try floats("probability", in: 0...1, "a number from 0 to 1")
    expectedCostUSD = try Self.expectedCosts(file, shape)
    responses = try OutOfFoldResponses.all(in: file, rows: shape[0], tiers: shape[1])
    unfamiliarity = try OutOfFoldUnfamiliarity(in: file, rows: shape[0], tiers: shape[1])
  }

  private static func expectedCosts(_ file: TensorFile, _ shape: [Int]) throws(ModelFileError) -> [Double] {
    let name = "expected_cost_usd"
    guard let tensor = file[name] else { return [] }
    guard tensor.shape == shape, let costs = tensor.doubles else {
      throw .tensorShape(
        tensor: name, expected: "F64 \(shape)", found: "\(tensor.elementType.rawValue) \(tensor.shape)")
    }
    if let index = costs.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .tensorValue(tensor: name, index: index, expected: "a cost of at least 0")
    }
    return costs
  }

  /// Sixteen hexadecimal digits that name these very scores. The model file holds them, so that a model cannot be judged by
  /// the scores of another.
  package var fingerprint: String {
    var hash = MixHash()
    for value in contentHashes { hash.absorb(value) }
    for value in probabilities { hash.absorb(UInt64(value.bitPattern)) }
    for value in expectedCostUSD { hash.absorb(value.bitPattern) }
    for answers in responses { answers.absorb(into: &hash) }
    unfamiliarity?.absorb(into: &hash)
    return hash.hexadecimal
  }

  /// The place of each request in the scores, by hash.
  package var placeOfHash: [UInt64: Int] {
    Dictionary(zip(contentHashes, contentHashes.indices), uniquingKeysWith: { first, _ in first })
  }
}
