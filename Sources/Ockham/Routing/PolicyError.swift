/// Why a policy cannot be used with a model.
public enum PolicyError: Error, Sendable, Hashable {
  /// `part` is stated for another number of tiers than the model has.
  case tierCount(part: String, expected: Int, found: Int)

  /// A threshold is infinite or no number.
  case threshold(index: Int)
}

extension PolicyError: CustomStringConvertible {
  /// Where it is, what was expected and found, and what to do.
  public var description: String {
    switch self {
    case .tierCount(let part, let expected, let found):
      "\(part): expected \(expected) tiers, as the model has, found \(found); start from Policy(thresholds: model.thresholds)"
    case .threshold(let index): "thresholds[\(index)]: expected a finite number; a large one keeps requests below"
    }
  }
}

extension Policy {
  /// Throws unless the policy fits a model of so many tiers.
  func check(tiers count: Int) throws(PolicyError) {
    guard thresholds.tierCount == count else {
      throw .tierCount(part: "thresholds", expected: count, found: thresholds.tierCount)
    }
    guard tiers.count == count else { throw .tierCount(part: "tiers", expected: count, found: tiers.count) }
    if let index = thresholds.increments.firstIndex(where: { !$0.isFinite }) { throw .threshold(index: index) }
  }
}
