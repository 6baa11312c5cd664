/// What an audit is made of: sums over the requests of a period, and a bounded number of requests by name.
///
/// It is made from rows, one after the other, or from cells that a store keeps. Its size grows with hours, keys, tasks and tiers, never
/// with requests.
package struct Traffic: Sendable {
  /// The tiers, cheapest first.
  package var tierNames: [String]
  /// From when to when, in seconds since 1970: the end is not part of it.
  package var period: Range<Double>
  package var cells: [TrafficKey: TrafficCell] = [:]
  package var rated: [RatedKey: RatedCell] = [:]
  package var details: TrafficDetails
  package var sample: ScoredSample
  /// What the source cannot decide, and what it would take: a sentence each.
  package var lacks: [String] = []

  package init(
    tierNames: [String], period: Range<Double>, details: TrafficDetails = TrafficDetails(),
    sample: ScoredSample = ScoredSample()
  ) {
    (self.tierNames, self.period, self.details, self.sample) = (tierNames, period, details, sample)
  }

  /// Traffic of rows; those outside of the period are skipped.
  package init(rows: some Sequence<TrafficRow>, tierNames: [String], period: Range<Double>) {
    self.init(tierNames: tierNames, period: period)
    for row in rows where period.contains(row.time) { add(row) }
  }

  /// Adds a request, whenever it was.
  package mutating func add(_ row: TrafficRow) {
    let key = TrafficKey(row)
    cells[key, default: TrafficCell()].add(row)
    let served = row.labels.first { $0.tier == row.answeredTier }
    for label in row.labels where label.inclusion > 0 && label.inclusion <= 1 {
      rated[RatedKey(traffic: key, rated: label.tier), default: RatedCell()].add(label, served: served, of: row)
    }
    details.add(row, tierNames: tierNames)
    sample.add(row)
  }

  /// The strongest tier, and the cheapest.
  package var strongest: String? { tierNames.last }
  package var cheapest: String? { tierNames.first }

  /// All requests together.
  package var total: TrafficCell {
    cells.values.reduce(into: TrafficCell()) { $0.merge($1) }
  }

  /// The requests by a part of their keys.
  package func totals<Part: Hashable>(by part: (TrafficKey) -> Part) -> [Part: TrafficCell] {
    cells.reduce(into: [:]) { $0[part($1.key), default: TrafficCell()].merge($1.value) }
  }

  /// The requests that a filter takes. Named requests are those among the kept ones.
  package func filtered(_ isIncluded: (TrafficKey) -> Bool) -> Traffic {
    var part = self
    part.cells = cells.filter { isIncluded($0.key) }
    part.rated = rated.filter { isIncluded($0.key.traffic) }
    part.details = details.filtered { isIncluded(TrafficKey($0)) }
    part.sample = sample.filtered(isIncluded)
    return part
  }

  /// Adds the cells of other traffic; requests are no part of both.
  package mutating func merge(_ other: Traffic) {
    for (key, cell) in other.cells { cells[key, default: TrafficCell()].merge(cell) }
    for (key, cell) in other.rated { rated[key, default: RatedCell()].merge(cell) }
    details.merge(other.details, tierNames: tierNames)
  }
}
