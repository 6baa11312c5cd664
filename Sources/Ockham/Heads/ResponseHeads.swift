/// The response heads of a model: one for each answering tier of which the training log kept responses. Kept behind one
/// reference, as ``ModelContents`` is.
final class ResponseHeads: Sendable {
  /// What a file calls the part that they are.
  static let part = "response"

  /// By tier; `nil` for one without a head, as the last tier is.
  let heads: [ResponseHead?]
  let extractor: ResponseExtractor

  /// Reads what the metadata describes.
  init(from reader: inout ModelReader, tiers: Int, options: FeatureOptions) throws(ModelFileError) {
    let description = try reader.readResponseDescription(tiers: tiers)
    var heads = [ResponseHead?](repeating: nil, count: tiers)
    for (tier, kinds) in zip(description.answering, description.calibration) {
      heads[tier] = try reader.reading(TensorName.responsePrefix(tier: tier)) { (reader) throws(ModelFileError) in
        try ResponseHead(from: &reader, tier: tier, tiers: tiers, kinds: kinds, options: options)
      }
    }
    self.heads = heads
    extractor = ResponseExtractor(FeatureExtractor(options: options))
  }
}

extension ModelReader {
  /// `{"schema":"…","answering":[0],"calibration":[["platt","platt"]]}`, these keys in this order: the tiers that have heads,
  /// rising, and for each of them the calibrations of its heads.
  fileprivate func readResponseDescription(
    tiers: Int
  ) throws(ModelFileError) -> (answering: [Int], calibration: [[String]]) {
    let key = ResponseHeads.part
    let found = try text(key)
    func refusal(_ expected: String) -> ModelFileError { .metadataValue(key: key, expected: expected, found: found) }
    guard case .object(let members)? = try? JSONHeader(parsing: found.utf8.span),
      members.map({ $0.name }) == ["schema", "answering", "calibration"], case .string(let schema) = members[0].value,
      case .array(let places) = members[1].value, case .array(let lists) = members[2].value
    else { throw refusal("an object with schema, answering, calibration") }
    guard schema == ResponseFeatures.fingerprint else {
      throw refusal("schema \(ResponseFeatures.fingerprint)")
    }
    let answering = places.map { if case .integer(let place) = $0 { place } else { -1 } }
    guard !answering.isEmpty, answering.allSatisfy((0..<tiers - 1).contains),
      zip(answering, answering.dropFirst()).allSatisfy(<)
    else { throw refusal("answering tiers from 0 below \(tiers - 1), rising") }
    let calibration = lists.map { list -> [String] in
      guard case .array(let kinds) = list else { return [] }
      return kinds.compactMap { if case .string(let kind) = $0 { kind } else { nil } }
    }
    guard calibration.map({ $0.count }) == answering.map({ tiers - $0 }) else {
      throw refusal("platt or isotonic for each head")
    }
    return (answering, calibration)
  }
}
