import Evaluation
import GRDB

/// The two kinds of cells: sums over requests, and sums over ratings.
enum CellTables {
  static let traffic = CellTable<TrafficKey, TrafficCell>(
    name: "traffic_cells", keyColumns: TrafficKey.columns, counts: TrafficCell.counts, sums: TrafficCell.sums,
    histograms: TrafficCell.histograms, values: { $0.values }, key: { TrafficKey($0) }, empty: { TrafficCell() },
    merge: { $0.merge($1) }, isEmpty: { $0.requests <= 0 })

  static let rated = CellTable<RatedKey, RatedCell>(
    name: "rated_cells", keyColumns: TrafficKey.columns + ["rated"], counts: ratedCounts, sums: ratedSums,
    histograms: [], values: { $0.traffic.values + [$0.rated] },
    key: { RatedKey(traffic: TrafficKey($0), rated: $0[TrafficKey.columns.count]) }, empty: { RatedCell() },
    merge: { $0.merge($1) }, isEmpty: { $0.quality.count <= 0 && $0.costError.count <= 0 })

  private static let ratedCounts: [(name: String, path: any WritableKeyPath<RatedCell, Int> & Sendable)] = [
    ("ratings", \.quality.count), ("uniform", \.uniform), ("pairs", \.pairs.count),
    ("only_first_count", \.pairs.onlyFirstCount), ("only_second_count", \.pairs.onlySecondCount),
    ("both_count", \.pairs.bothCount), ("cost_errors", \.costError.count),
  ]

  private static let ratedSums: [(name: String, path: any WritableKeyPath<RatedCell, Double> & Sendable)] = [
    ("weight", \.quality.weight), ("squared_weight", \.quality.squaredWeight), ("quality", \.quality.value),
    ("weighted_quality", \.quality.weightedValue), ("weighted_square", \.quality.weightedSquare),
    ("pair_weight", \.pairs.weight), ("pair_squared_weight", \.pairs.squaredWeight), ("first", \.pairs.first),
    ("second", \.pairs.second), ("weighted_first", \.pairs.weightedFirst),
    ("weighted_second", \.pairs.weightedSecond), ("first_square", \.pairs.firstSquare),
    ("product", \.pairs.product), ("second_square", \.pairs.secondSquare), ("only_first", \.pairs.onlyFirst),
    ("only_second", \.pairs.onlySecond), ("both", \.pairs.both), ("error_weight", \.costError.weight),
    ("error_squared_weight", \.costError.squaredWeight), ("error", \.costError.value),
    ("weighted_error", \.costError.weightedValue), ("weighted_error_square", \.costError.weightedSquare),
  ]
}

/// What one transaction does to the cells: gathered request by request, written once.
struct CellChanges {
  private var added = Self.nothing
  private var removed = Self.nothing

  /// Cells alone: no request is kept by name.
  static var nothing: Traffic {
    Traffic(tierNames: [], period: 0..<0, details: TrafficDetails(limit: 0), sample: ScoredSample(limit: 0))
  }

  mutating func add(_ row: TrafficRow) { added.add(row) }

  /// Takes out a request as it was when it was added.
  mutating func remove(_ row: TrafficRow) { removed.add(row) }

  func write(into database: Database) throws {
    try CellTables.traffic.change(added: added.cells, removed: removed.cells, in: database)
    try CellTables.rated.change(added: added.rated, removed: removed.rated, in: database)
  }
}
