/// A set of tiers, by their places in the model.
///
///     policy.usedTiers = [0, 2]                     // the first and the third
///     policy.taskPins[.math] = TierSet(from: 2)     // the third and all above it
///     decided.contains(1)
///
/// A place is 0 … 63, since ``TierCount`` allows no more; a set may hold places that a model does not have, which the functions that
/// take a set ignore. Sets iterate from the cheapest tier to the most expensive one.
///
/// - Complexity: O(1) for each operation, O(tiers) to iterate; a set is one integer. Only an array literal allocates, and only where
///   the compiler does not see through it.
public struct TierSet: SetAlgebra, Sequence, Sendable, Hashable {
  /// Bit `t` stands for tier `t`: what the C interface hands over.
  public var rawValue: UInt64

  /// Creates the empty set.
  public init() { rawValue = 0 }

  /// Creates a set from its bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Creates the set of one tier.
  ///
  /// - Precondition: `tier` is 0 … 63.
  public init(only tier: Int) { rawValue = Self.bit(tier) }

  /// Creates the set of the first tiers, 0 ..< `count`; all from 64 up, none for 0.
  public init(below count: Int) { rawValue = (1 << UInt64(count)) &- 1 }

  /// Creates the set of a tier and all above it; none from 64 up.
  public init(from tier: Int) { rawValue = UInt64.max << UInt64(tier) }

  /// Every tier.
  public static let all = TierSet(rawValue: .max)

  /// The number of tiers in the set.
  public var count: Int { rawValue.nonzeroBitCount }

  /// Whether there is none.
  public var isEmpty: Bool { rawValue == 0 }

  /// The cheapest tier of the set; `nil` for an empty one.
  public var first: Int? { rawValue == 0 ? nil : rawValue.trailingZeroBitCount }

  /// The most expensive tier of the set; `nil` for an empty one.
  public var last: Int? { rawValue == 0 ? nil : UInt64.bitWidth - 1 - rawValue.leadingZeroBitCount }

  /// Whether the set has a tier; no set has one below 0 or from 64 up.
  public func contains(_ tier: Int) -> Bool { rawValue >> UInt64(truncatingIfNeeded: tier) & 1 == 1 }

  private static func bit(_ tier: Int) -> UInt64 {
    precondition((0..<TierCount.range.upperBound).contains(tier), "a tier's place is 0 … 63")
    return 1 << UInt64(tier)
  }
}

extension TierSet {
  /// Adds a tier.
  ///
  /// - Precondition: `tier` is 0 … 63.
  @discardableResult
  public mutating func insert(_ tier: Int) -> (inserted: Bool, memberAfterInsert: Int) {
    let isNew = !contains(tier)
    rawValue |= Self.bit(tier)
    return (isNew, tier)
  }

  /// Adds a tier; returns it where the set had it.
  ///
  /// - Precondition: `tier` is 0 … 63.
  @discardableResult
  public mutating func update(with tier: Int) -> Int? { insert(tier).inserted ? nil : tier }

  /// Removes a tier; returns it where the set had it.
  @discardableResult
  public mutating func remove(_ tier: Int) -> Int? {
    guard contains(tier) else { return nil }
    rawValue &= ~Self.bit(tier)
    return tier
  }

  /// The tiers of either set.
  public func union(_ other: TierSet) -> TierSet { TierSet(rawValue: rawValue | other.rawValue) }

  /// The tiers of both sets.
  public func intersection(_ other: TierSet) -> TierSet { TierSet(rawValue: rawValue & other.rawValue) }

  /// The tiers of one set that the other does not have.
  public func symmetricDifference(_ other: TierSet) -> TierSet { TierSet(rawValue: rawValue ^ other.rawValue) }

  /// The tiers that another set does not have.
  public func subtracting(_ other: TierSet) -> TierSet { TierSet(rawValue: rawValue & ~other.rawValue) }

  /// Adds the tiers of another set.
  public mutating func formUnion(_ other: TierSet) { rawValue |= other.rawValue }

  /// Removes the tiers that another set does not have.
  public mutating func formIntersection(_ other: TierSet) { rawValue &= other.rawValue }

  /// Keeps the tiers that one of both sets has.
  public mutating func formSymmetricDifference(_ other: TierSet) { rawValue ^= other.rawValue }

  /// Removes the tiers of another set.
  public mutating func subtract(_ other: TierSet) { rawValue &= ~other.rawValue }
}

extension TierSet {
  /// Goes through the tiers of a set, cheapest first.
  public struct Iterator: IteratorProtocol, Sendable {
    var rest: UInt64

    /// The next tier.
    public mutating func next() -> Int? {
      guard rest != 0 else { return nil }
      defer { rest &= rest &- 1 }
      return rest.trailingZeroBitCount
    }
  }

  /// Starts at the cheapest tier.
  public func makeIterator() -> Iterator { Iterator(rest: rawValue) }
}

extension TierSet {
  /// The tiers of a set that are there, of so many; all of them where it has none.
  func known(of count: Int) -> TierSet {
    let all = TierSet(below: count)
    let known = intersection(all)
    return known.isEmpty ? all : known
  }
}
