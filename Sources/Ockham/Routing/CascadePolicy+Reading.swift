extension CascadePolicy {
  /// What numbers of a file are cut off at: within it all sums of a decision are finite.
  private static let greatest = 1e30

  /// Reads what the metadata describes.
  ///
  /// - Parameter answering: the tiers with response heads.
  init(from reader: inout ModelReader, tiers: Int, answering: [Int]) throws(ModelFileError) {
    let (starts, checked) = try reader.readCascadeTiers(count: tiers, answering: answering)
    let costs = try reader.readDoubles(TensorName.cascadeTierCosts, [tiers], "a cost from 0 to 1000000 USD") {
      $0 >= 0 && $0 <= 1e6
    }
    let spreads = try reader.readFloats(TensorName.cascadeSpread, [tiers - 1])
    if let index = spreads.firstIndex(where: { !($0 >= 0 && $0 <= 2) }) {
      throw .tensorValue(tensor: TensorName.cascadeSpread, index: index, expected: "a probability from 0 to 2")
    }
    let price = try reader.readDoubles(TensorName.cascadePrice, [2], "a number from 0 to 1e30") {
      $0 >= 0 && $0 <= Self.greatest
    }
    self.init(tierCostUSD: costs, spreads: spreads, lambda: price[0], premium: price[1])
    startTiers = starts
    checkedTiers = checked
  }
}

extension ModelReader {
  /// `{"start":[0,1],"check":[0]}`, these keys in this order: the tiers that a request may start at, and those whose responses
  /// are weighed.
  fileprivate func readCascadeTiers(
    count: Int, answering: [Int]
  ) throws(ModelFileError) -> (starts: TierSet, checked: TierSet) {
    let key = MetadataKey.cascade
    let found = try text(key)
    func refusal(_ expected: String) -> ModelFileError { .metadataValue(key: key, expected: expected, found: found) }
    guard case .object(let members)? = try? JSONHeader(parsing: found.utf8.span),
      members.map({ $0.name }) == ["start", "check"], case .array(let starts) = members[0].value,
      case .array(let checks) = members[1].value
    else { throw refusal("an object with start, check") }
    func places(_ list: [JSONHeader]) -> [Int] { list.map { if case .integer(let place) = $0 { place } else { -1 } } }
    let (first, checked) = (places(starts), places(checks))
    guard !first.isEmpty, first.allSatisfy((0..<count).contains), zip(first, first.dropFirst()).allSatisfy(<) else {
      throw refusal("start: tiers from 0 below \(count), rising")
    }
    guard checked.allSatisfy({ answering.contains($0) }), zip(checked, checked.dropFirst()).allSatisfy(<) else {
      throw refusal("check: tiers with response heads, rising")
    }
    return (TierSet(first), TierSet(checked))
  }
}
