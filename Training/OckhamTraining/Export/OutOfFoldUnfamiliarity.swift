import Ockham

/// How foreign each training row was by a measure fitted without its fold, and what was predicted for it before probabilities were mixed
/// with the base.
package struct OutOfFoldUnfamiliarity: Sendable {
  /// [rows].
  package internal(set) var u: [Float] = []
  /// The base's share of the probabilities [rows].
  package internal(set) var shares: [Float] = []
  /// Calibrated, before they were mixed with the base, row-major [rows × tiers].
  package internal(set) var probabilities: [Float] = []

  mutating func append(_ other: OutOfFoldUnfamiliarity) {
    u += other.u
    shares += other.shares
    probabilities += other.probabilities
  }

  // MARK: File

  private static let uName = "unfamiliarity"
  private static let shareName = "unfamiliar_share"
  private static let probabilityName = "unmixed_probability"

  func tensors(tiers: Int) -> [Tensor] {
    [
      Tensor(name: Self.uName, shape: [u.count], floats: u),
      Tensor(name: Self.shareName, shape: [u.count], floats: shares),
      Tensor(name: Self.probabilityName, shape: [u.count, tiers], floats: probabilities),
    ]
  }

  /// What a file contains; `nil` for one of a training without families.
  init?(in file: TensorFile, rows: Int, tiers: Int) throws(ModelFileError) {
    guard file[Self.uName] != nil else { return nil }
    u = try Self.floats(Self.uName, file, [rows], in: 0...1)
    shares = try Self.floats(Self.shareName, file, [rows], in: 0...1)
    probabilities = try Self.floats(Self.probabilityName, file, [rows, tiers], in: 0...1)
  }

  init(probabilities: [Float] = []) { self.probabilities = probabilities }

  private static func floats(
    _ name: String, _ file: TensorFile, _ shape: [Int], in range: ClosedRange<Float>
  ) throws(ModelFileError) -> [Float] {
    guard let tensor = file[name] else { throw .missingTensor(name) }
    guard tensor.shape == shape, let values = tensor.floats else {
      throw .tensorShape(
        tensor: name, expected: "F32 \(shape)", found: "\(tensor.elementType.rawValue) \(tensor.shape)")
    }
    if let index = values.firstIndex(where: { !range.contains($0) }) {
      throw .tensorValue(
        tensor: name, index: index, expected: "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
    }
    return values
  }

  func absorb(into hash: inout MixHash) {
    for value in u + shares + probabilities { hash.absorb(UInt64(value.bitPattern)) }
  }
}
