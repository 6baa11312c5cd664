extension Unfamiliarity {
  /// The greatest u, the number of families and the number of knots.
  private static let greatest: Float = 2
  private static let most = 256

  /// Reads what the metadata describes.
  init(from reader: inout ModelReader, tiers: Int, bucketCount: Int) throws(ModelFileError) {
    let (minimumRows, families) = try reader.readUnfamiliarity(most: Self.most)
    let seen = try reader.readUInt64s(TensorName.unfamiliaritySeen, [bucketCount / 64])
    let weights = try reader.readFloats(TensorName.unfamiliarityWeight, [2])
    func refusal(_ tensor: String, _ index: Int, _ expected: String) -> ModelFileError {
      .tensorValue(tensor: tensor, index: index, expected: expected)
    }
    if let index = weights.firstIndex(where: { !(0...1).contains($0) }) {
      throw refusal(TensorName.unfamiliarityWeight, index, "a weight from 0 to 1")
    }
    guard weights != [0, 0] else { throw refusal(TensorName.unfamiliarityWeight, 0, "one weight above 0") }
    let blend = try Self.readBlend(from: &reader)
    let base = try reader.readFloats(TensorName.unfamiliarityBase, [3, tiers])
    for tier in 0..<tiers {
      let (middle, lower, upper) = (base[tier], base[tiers + tier], base[2 * tiers + tier])
      guard 0 <= lower, lower <= middle, middle <= upper, upper <= 1 else {
        throw refusal(TensorName.unfamiliarityBase, tier, "0 ≤ lower ≤ base ≤ upper ≤ 1")
      }
    }
    let rise = try reader.readFloats(TensorName.unfamiliarityRise, [1])[0]
    guard rise > 0, rise <= Self.greatest else {
      throw refusal(TensorName.unfamiliarityRise, 0, "a number above 0, at most 2")
    }
    self.init(
      seen: seen, weights: (weights[0], weights[1]), blend: blend,
      base: Array(base[..<tiers]), lower: Array(base[tiers..<2 * tiers]), upper: Array(base[(2 * tiers)...]),
      rise: rise,
      minimumRows: minimumRows, families: families)
  }

  private static func readBlend(from reader: inout ModelReader) throws(ModelFileError) -> Calibration {
    let name = TensorName.unfamiliarityBlend
    guard let tensor = reader[name] else { throw .missingTensor(name) }
    guard tensor.elementType == .float32, tensor.shape.count == 2, tensor.shape[0] == 2,
      (1...most).contains(tensor.shape[1])
    else {
      throw .tensorShape(
        tensor: name, expected: "F32 [2, 1 to \(most)]", found: "\(tensor.elementType.rawValue) \(tensor.shape)")
    }
    let knots = tensor.shape[1]
    let values = try reader.readFloats(name, [2, knots])
    let (x, y) = (values[..<knots], values[knots...])
    for index in 0..<knots {
      let rises = index == 0 || (x[index - 1] < x[index] && y[knots + index - 1] <= y[knots + index])
      guard rises, (0...greatest).contains(x[index]), (0...1).contains(y[knots + index]) else {
        throw .tensorValue(
          tensor: name, index: index, expected: "rising u from 0 to 2 and w from 0 to 1 that does not fall")
      }
    }
    return .isotonic(x: Array(x), y: Array(y))
  }
}

extension ModelReader {
  /// `{"measure":"unseen/1","minimum_rows":2,"families":["a","b"]}`, these keys in this order.
  fileprivate func readUnfamiliarity(most: Int) throws(ModelFileError) -> (minimumRows: Int, families: [String]) {
    let (key, keys) = (Unfamiliarity.part, ["measure", "minimum_rows", "families"])
    let found = try text(key)
    func refusal(_ expected: String) -> ModelFileError { .metadataValue(key: key, expected: expected, found: found) }
    guard case .object(let members)? = try? JSONHeader(parsing: found.utf8.span), members.map({ $0.name }) == keys,
      case .array(let list) = members[2].value
    else { throw refusal("an object with \(keys.joined(separator: ", "))") }
    guard case .string(Unfamiliarity.measure) = members[0].value else {
      throw refusal("measure \(Unfamiliarity.measure)")
    }
    guard case .integer(let minimumRows) = members[1].value, minimumRows >= 1 else {
      throw refusal("minimum_rows from 1")
    }
    let families = list.map { if case .string(let name) = $0 { name } else { "" } }
    guard (2...most).contains(families.count), Set(families).count == families.count, !families.contains("") else {
      throw refusal("2 to \(most) different families")
    }
    return (minimumRows, families)
  }
}
