/// Maps a head's logit to the probability that the tier's answer is good.
public enum Calibration: Sendable, Hashable {
  /// Platt scaling: 1 / (1 + e^−(slope·z + intercept)) (Platt 1999). Slope 1 and intercept 0 change nothing.
  case platt(slope: Float, intercept: Float)

  /// Isotonic regression (Zadrozny and Elkan 2002): linear between knots, constant outside. `x` (logits) rises strictly, `y` (probabilities) does
  /// not fall; both have the same count of at least 1.
  case isotonic(x: [Float], y: [Float])

  /// The calibrated probability of a logit, from 0 to 1.
  ///
  /// - Complexity: O(1) for Platt, O(log knots) for isotonic; no allocation.
  public func probability(_ logit: Float) -> Float { probability(logit, correction: 0) }

  /// The same with something added to what Platt scaling applies the logistic function to; isotonic regression takes none.
  package func probability(_ logit: Float, correction: Double) -> Float {
    switch self {
    case .platt(let slope, let intercept):
      logistic(Double(slope) * Double(logit) + Double(intercept) + correction)
    case .isotonic(let x, let y): Self.interpolate(logit, x, y)
    }
  }

  private static func interpolate(_ logit: Float, _ x: [Float], _ y: [Float]) -> Float {
    var low = 0
    var high = x.count
    while low < high {
      let middle = (low + high) / 2
      if x[middle] <= logit { low = middle + 1 } else { high = middle }
    }
    if low == 0 { return y[0] }
    if low == x.count { return y[low - 1] }
    let share = (logit - x[low - 1]) / (x[low] - x[low - 1])
    return y[low - 1] + share * (y[low] - y[low - 1])
  }
}

extension Calibration {
  /// The map of every tier.
  static func readAll(from reader: inout ModelReader, tiers: Int) throws(ModelFileError) -> [Calibration] {
    let key = MetadataKey.calibration
    let kinds = try reader.strings(key)
    guard kinds.count == tiers else {
      throw .metadataValue(key: key, expected: "\(tiers) names", found: try reader.text(key))
    }
    return try readAll(kinds, from: &reader, key: key)
  }

  /// The maps of heads whose kinds are known.
  ///
  /// - Parameter key: where the kinds were found.
  static func readAll(
    _ kinds: [String], from reader: inout ModelReader, key: String
  ) throws(ModelFileError) -> [Calibration] {
    var result: [Calibration] = []
    for (tier, kind) in kinds.enumerated() { result.append(try read(kind, from: &reader, tier: tier, key: key)) }
    return result
  }

  private static func read(
    _ kind: String, from reader: inout ModelReader, tier: Int, key: String
  ) throws(ModelFileError) -> Calibration {
    switch kind {
    case "platt":
      let values = try reader.readFloats(TensorName.platt(tier: tier), [2])
      return .platt(slope: values[0], intercept: values[1])
    case "isotonic": return try readIsotonic(from: &reader, tier: tier)
    default:
      throw .metadataValue(key: key, expected: "\"platt\" or \"isotonic\"", found: kind)
    }
  }

  private static func readIsotonic(from reader: inout ModelReader, tier: Int) throws(ModelFileError) -> Calibration {
    let name = TensorName.isotonic(tier: tier)
    guard let shape = reader[name]?.shape, shape.count == 2, shape[0] == 2, shape[1] >= 1 else {
      if reader[name] == nil { throw .missingTensor(name) }
      throw .tensorShape(tensor: name, expected: "F32 [2, knots]", found: "\(reader[name]?.shape ?? [])")
    }
    let values = try reader.readBounded(name, shape)
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
