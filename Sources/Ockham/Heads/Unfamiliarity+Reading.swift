extension Unfamiliarity {
  /// The greatest rise, and the most families and knots.
  private static let greatest: Float = 2
  private static let most = 256

  /// Reads what the metadata describes.
  init(from reader: inout ModelReader, tiers: Int) throws(ModelFileError) {
    let (home, families) = try reader.readUnfamiliarity(most: Self.most)
    let weights = try reader.readFloats(TensorName.unfamiliarityWeight, [DenseFeatures.names.count])
    let bias = try reader.readFloats(TensorName.unfamiliarityBias, [1])[0]
    func refusal(_ tensor: String, at index: Int, expected: String) -> ModelFileError {
      .tensorValue(tensor: tensor, index: index, expected: expected)
    }
    let blend = try Self.readBlend(from: &reader)
    let base = try reader.readFloats(TensorName.unfamiliarityBase, [3, tiers])
    for tier in 0..<tiers {
      let (middle, lower, upper) = (base[tier], base[tiers + tier], base[2 * tiers + tier])
      guard 0 <= lower, lower <= middle, middle <= upper, upper <= 1 else {
        throw refusal(TensorName.unfamiliarityBase, at: tier, expected: "0 ≤ lower ≤ base ≤ upper ≤ 1")
      }
    }
    let rise = try reader.readFloats(TensorName.unfamiliarityRise, [1])[0]
    guard rise > 0, rise <= Self.greatest else {
      throw refusal(TensorName.unfamiliarityRise, at: 0, expected: "a number above 0, at most 2")
    }
    self.init(
      weights: weights, bias: bias, blend: blend,
      base: Array(base[..<tiers]), lower: Array(base[tiers..<2 * tiers]), upper: Array(base[(2 * tiers)...]),
      rise: rise, home: home, families: families)
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
      guard rises, (0...1).contains(x[index]), (0...1).contains(y[knots + index]) else {
        throw .tensorValue(
          tensor: name, index: index, expected: "rising u from 0 to 1 and w from 0 to 1 that does not fall")
      }
    }
    return .isotonic(x: Array(x), y: Array(y))
  }
}

extension ModelReader {
  /// `{"measure":"home/1","home":["a"],"families":["a","b"]}`, these keys in this order.
  fileprivate func readUnfamiliarity(most: Int) throws(ModelFileError) -> (home: [String], families: [String]) {
    let (key, keys) = (Unfamiliarity.part, ["measure", "home", "families"])
    let found = try text(key)
    func refusal(_ expected: String) -> ModelFileError { .metadataValue(key: key, expected: expected, found: found) }
    guard case .object(let members)? = try? JSONHeader(parsing: found.utf8.span), members.map({ $0.name }) == keys,
      case .array(let own) = members[1].value, case .array(let all) = members[2].value
    else { throw refusal("an object with \(keys.joined(separator: ", "))") }
    guard case .string(Unfamiliarity.measure) = members[0].value else {
      throw refusal("measure \(Unfamiliarity.measure)")
    }
    func names(_ list: [JSONHeader]) -> [String] { list.map { if case .string(let name) = $0 { name } else { "" } } }
    let (home, families) = (names(own), names(all))
    guard (2...most).contains(families.count), Set(families).count == families.count, !families.contains("") else {
      throw refusal("2 to \(most) different families")
    }
    guard !home.isEmpty, home.count < families.count, Set(home).count == home.count,
      home.allSatisfy(families.contains)
    else { throw refusal("home: some of the families, not all") }
    return (home, families)
  }
}
