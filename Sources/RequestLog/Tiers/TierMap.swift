import Ockham

/// The tiers of a log, cheapest first, and which models' outcomes count for each.
package struct TierMap: Sendable, Hashable {
  /// One tier.
  package struct Tier: Sendable, Hashable {
    /// The tier's name.
    package var name: String
    /// The names of its models in the log, or patterns of them: see ``ModelPattern``. Outcomes under the tier's own name count
    /// as well.
    package var models: [String]

    package init(name: String, models: [String]) {
      self.name = name
      self.models = models
    }
  }

  /// The names that need no map, cheapest first.
  package static let defaultNames = ["small", "mid", "frontier"]

  /// The tiers, cheapest first.
  package let tiers: [Tier]
  private let indices: [String: Int]
  /// The models that are patterns, in the order of tiers.
  private let patterns: [ModelPattern]

  /// Creates a map from tiers, cheapest first. Tiers that all have default names take the default order.
  /// - Throws: ``TierMapError`` for fewer than two tiers or more than `TierCount.range` has, a tier named twice, a model in
  ///   two tiers.
  package init(tiers: [Tier]) throws(TierMapError) {
    let ordered = Self.inDefaultOrder(tiers) ?? tiers
    guard ordered.count >= TierCount.range.lowerBound else { throw .tooFewTiers(names: ordered.map(\.name)) }
    guard ordered.count <= TierCount.range.upperBound else { throw .tooManyTiers(count: ordered.count) }
    self.tiers = ordered
    indices = try Self.indices(of: ordered)
    patterns = ordered.indices.flatMap { tier in ordered[tier].models.compactMap { ModelPattern($0, tier: tier) } }
  }

  /// Creates a map from the values of `--tier NAME=MODEL` flags, in their order. Flags of the same tier add models.
  /// - Throws: ``TierMapError``.
  package init(flags: [String]) throws(TierMapError) {
    var tiers: [Tier] = []
    for flag in flags {
      let (name, model) = try Self.parse(flag)
      if let index = tiers.firstIndex(where: { $0.name == name }) {
        guard !tiers[index].models.contains(model) else { throw .repeatedFlag(flag) }
        tiers[index].models.append(model)
      } else {
        tiers.append(Tier(name: name, models: [model]))
      }
    }
    try self.init(tiers: tiers)
  }

  /// The names, cheapest first.
  package var names: [String] { tiers.map(\.name) }

  /// The tier that a model's or tier's name stands for; `nil` for a name that is not mapped. A name comes before any pattern,
  /// and a pattern of a lower tier before one of a higher.
  package func index(of name: String) -> Int? { indices[name] ?? patterns.first { $0.matches(name) }?.tier }

  /// The tiers whose patterns a name fits that is not mapped by itself.
  func tiersByPattern(of name: String) -> Set<Int> {
    indices[name] == nil ? Set(patterns.filter { $0.matches(name) }.map(\.tier)) : []
  }

  /// Splits `NAME=MODEL` at the first `=`; a model's name may hold more of them.
  static func parse(_ flag: String) throws(TierMapError) -> (name: String, model: String) {
    guard let equals = flag.firstIndex(of: "=") else { throw .malformedFlag(flag, found: "no =") }
    let name = String(flag[..<equals])
    let model = String(flag[flag.index(after: equals)...])
    guard !name.isEmpty else { throw .malformedFlag(flag, found: "no tier before =") }
    guard !model.isEmpty else { throw .malformedFlag(flag, found: "no model after =") }
    guard !name.contains(where: { $0.isWhitespace || $0 == "," }) else {
      throw .malformedFlag(flag, found: "a tier name with white space or a comma")
    }
    return (name, model)
  }

  private static func inDefaultOrder(_ tiers: [Tier]) -> [Tier]? {
    let names = Set(tiers.map(\.name))
    guard names.isSubset(of: defaultNames), names.count == tiers.count else { return nil }
    return defaultNames.compactMap { name in tiers.first { $0.name == name } }
  }

  private static func indices(of tiers: [Tier]) throws(TierMapError) -> [String: Int] {
    var indices: [String: Int] = [:]
    for (index, tier) in tiers.enumerated() {
      guard indices.updateValue(index, forKey: tier.name) == nil else { throw .repeatedTier(tier.name) }
    }
    for (index, tier) in tiers.enumerated() {
      for model in tier.models {
        let earlier = indices.updateValue(index, forKey: model)
        guard earlier == nil || earlier == index else { throw .modelInTwoTiers(model) }
      }
    }
    return indices
  }
}
