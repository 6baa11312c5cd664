/// What labels say about one row and one quantity, and with which probability they do: the design that estimates rest on where
/// copies of requests were asked of other tiers.
struct LabelledRow {
  /// What is known of one tier, or of two.
  enum Knowledge {
    /// It was not drawn.
    case undrawn
    /// It is known, and was with this probability; `nil` where the log does not say.
    case known(Double, inclusion: Double?)
    /// It was drawn with this probability, and no label came of it.
    case missing(inclusion: Double?)
  }

  /// What people say of a pair beside its labels.
  struct Gold {
    let difference: Double
    let inclusion: Double
  }

  let record: ReplayRecord
  let draw: LoggedDraw?
  let quantity: ReplayQuantity
  /// Whether ratings of people correct the labels: each label then stands for label + 1{gold}·(gold − label)/γ.
  var usesGold = false

  /// What is known of one tier. What the served one shows beside its quality is known whatever was drawn.
  func level(of tier: Int) -> Knowledge {
    if quantity != .quality, draw?.tier == tier {
      return value(tier).map { .known($0, inclusion: 1) } ?? .missing(inclusion: 1)
    }
    let outcome = record.outcomes[tier]
    if let value = value(tier) { return .known(value, inclusion: outcome.inclusion) }
    return outcome.inclusion != nil ? .missing(inclusion: outcome.inclusion) : .undrawn
  }

  /// What is known of the difference of two tiers. The tier that served was asked in any case: that the pair is known hangs on
  /// the others.
  func difference(from first: Int, to second: Int) -> Knowledge {
    let others = [first, second].filter { $0 != draw?.tier }.map { record.outcomes[$0] }
    let inclusions = others.compactMap(\.inclusion)
    let inclusion = inclusions.min() ?? [first, second].compactMap { record.outcomes[$0].inclusion }.min()
    if let base = value(first), let other = value(second) { return .known(other - base, inclusion: inclusion) }
    return others.allSatisfy({ $0.inclusion != nil }) ? .missing(inclusion: inclusion) : .undrawn
  }

  /// What is known of a tier; the served one has what its answer really gave.
  func value(_ tier: Int) -> Double? {
    if let draw, draw.tier == tier {
      switch quantity {
      case .quality: break
      case .costUSD: if let cost = draw.costUSD { return cost }
      case .latencyMilliseconds: if let latency = draw.latencyMilliseconds { return latency }
      case .failures: return draw.hasFailed.map { $0 ? 1 : 0 }
      }
    }
    let outcome = record.outcomes[tier]
    guard usesGold, quantity == .quality, let label = outcome.quality, let gold = outcome.gold,
      let inclusion = outcome.goldInclusion
    else { return outcome.value(quantity) }
    return label + (gold - label) / inclusion
  }

  /// What people say of the difference of two tiers that have labels; `nil` where they were not asked about both.
  func gold(from first: Int, to second: Int) -> Gold? {
    let (base, other) = (record.outcomes[first], record.outcomes[second])
    guard base.quality != nil, other.quality != nil, let low = base.gold, let high = other.gold,
      let inclusion = [base.goldInclusion, other.goldInclusion].compactMap(\.self).min()
    else { return nil }
    return Gold(difference: high - low, inclusion: inclusion)
  }
}
