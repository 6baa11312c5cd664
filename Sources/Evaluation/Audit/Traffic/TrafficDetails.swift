/// The requests that an audit names, a bounded number of each kind.
package struct TrafficDetails: Sendable, Equatable {
  /// How many of each kind are kept.
  package let limit: Int
  /// Most expensive first.
  package private(set) var mostExpensive: [TrafficRow] = []
  /// Rated requests that a cheaper tier had answered well enough: most dollars first.
  package private(set) var overrouted: [TrafficRow] = []
  /// Rated requests that were answered badly where another tier answered well: the newest first.
  package private(set) var underrouted: [TrafficRow] = []

  package init(limit: Int = 50) { self.limit = limit }

  package mutating func add(_ row: TrafficRow, tierNames: [String]) {
    if let cost = row.costUSD, cost > 0 {
      Self.insert(row, into: &mostExpensive, limit) { ($0.costUSD ?? 0, $1.id) > ($1.costUSD ?? 0, $0.id) }
    }
    guard !row.labels.isEmpty, let verdict = RoutingVerdict(row, tierNames: tierNames) else { return }
    switch verdict {
    case .higherThanNeeded:
      Self.insert(row, into: &overrouted, limit) { ($0.costUSD ?? 0, $1.id) > ($1.costUSD ?? 0, $0.id) }
    case .lowerThanNeeded:
      Self.insert(row, into: &underrouted, limit) { ($0.time, $1.id) > ($1.time, $0.id) }
    }
  }

  package mutating func merge(_ other: TrafficDetails, tierNames: [String]) {
    for row in other.mostExpensive {
      Self.insert(row, into: &mostExpensive, limit) { ($0.costUSD ?? 0, $1.id) > ($1.costUSD ?? 0, $0.id) }
    }
    for row in other.overrouted {
      Self.insert(row, into: &overrouted, limit) { ($0.costUSD ?? 0, $1.id) > ($1.costUSD ?? 0, $0.id) }
    }
    for row in other.underrouted {
      Self.insert(row, into: &underrouted, limit) { ($0.time, $1.id) > ($1.time, $0.id) }
    }
  }

  /// The same of some requests alone; there may be more than were kept.
  package func filtered(_ isIncluded: (TrafficRow) -> Bool) -> TrafficDetails {
    var details = self
    details.mostExpensive.removeAll { !isIncluded($0) }
    details.overrouted.removeAll { !isIncluded($0) }
    details.underrouted.removeAll { !isIncluded($0) }
    return details
  }

  private static func insert(
    _ row: TrafficRow, into rows: inout [TrafficRow], _ limit: Int, _ isBefore: (TrafficRow, TrafficRow) -> Bool
  ) {
    if rows.count == limit, let last = rows.last, !isBefore(row, last) { return }
    // Binary search: a log in rising order of cost inserts each row.
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(row, rows[middle]) { high = middle } else { low = middle + 1 }
    }
    rows.insert(row, at: low)
    if rows.count > limit { rows.removeLast() }
  }
}

/// What ratings of several tiers say about where a request was sent.
package enum RoutingVerdict: Sendable, Hashable {
  /// A cheaper tier's answer was good enough.
  case higherThanNeeded
  /// The answer was not good enough, and a more expensive tier's was.
  case lowerThanNeeded

  /// `nil` where the ratings do not object, or cannot decide.
  package init?(_ row: TrafficRow, tierNames: [String]) {
    guard let name = row.answeredTier, let tier = tierNames.firstIndex(of: name),
      let served = row.labels.first(where: { $0.tier == name })?.quality
    else { return nil }
    let good = row.labels.compactMap { label -> Int? in
      guard let quality = label.quality, quality >= PairSums.adequate, label.tier != name else { return nil }
      return tierNames.firstIndex(of: label.tier)
    }
    if good.contains(where: { $0 < tier }) {
      self = .higherThanNeeded
    } else if served < PairSums.adequate, good.contains(where: { $0 > tier }) {
      self = .lowerThanNeeded
    } else {
      return nil
    }
  }
}
