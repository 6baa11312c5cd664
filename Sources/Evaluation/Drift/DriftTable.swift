package import Ockham

/// The figures of many requests, kept until it is known what they are counted in.
package struct DriftTable: Sendable {
  package let columns: [DriftColumn]
  let tiers: Int
  private(set) var times: [Double?] = []
  private(set) var conversations: [UInt64] = []
  private(set) var weights: [Double] = []
  /// Row-major [rows × columns]: NaN is unknown, infinity not of this row.
  private var values: [Float] = []
  /// Row-major [rows × tiers].
  private(set) var probabilities: [Float] = []
  /// Row-major [rows × tiers]: NaN where no label was drawn.
  private(set) var labels: [Float] = []

  package init(columns: [DriftColumn], tiers: Int) {
    (self.columns, self.tiers) = (columns, tiers)
  }

  package var rows: Int { times.count }

  package mutating func add(_ facts: DriftFacts) {
    times.append(facts.time)
    conversations.append(facts.conversation)
    weights.append(facts.weight)
    for column in columns { values.append(column.value(facts).map { $0.isFinite ? $0 : .nan } ?? .infinity) }
    for tier in 0..<tiers {
      probabilities.append(facts.probabilities.isEmpty ? .nan : facts.probabilities[tier])
      labels.append(tier < facts.labels.count ? facts.labels[tier].map { Float($0) } ?? .nan : .nan)
    }
  }

  func value(_ row: Int, _ column: Int) -> Float { values[row * columns.count + column] }

  /// The UTC day of a row; −1 where its time is unknown.
  func day(_ row: Int) -> Int { times[row].map { Self.day(ofTime: $0) } ?? -1 }

  static let daySeconds = 86_400.0

  package static func day(ofTime time: Double) -> Int { Int(exactly: (time / daySeconds).rounded(.down)) ?? -1 }
}

// What is counted.
extension DriftTable {
  /// The statistics that the given rows allow, with edges that divide their values by weight in eighths.
  ///
  /// A last edge stands at the greatest value: what is above has never been seen. A column that a row of its kind lacks is no statistic.
  func statistics(_ rows: [Int]) -> [(column: Int, statistic: DriftReference.Statistic)] {
    columns.indices.compactMap { index in
      guard let kind = DriftReference.Statistic.kind(of: columns[index].name, tiers: tiers) else { return nil }
      let known = rows.filter { value($0, index).isFinite }
      let isOfAll = known.count == rows.count
      let name = columns[index].name
      switch kind {
      case .number where isOfAll:
        let edges = edges(known, index)
        return (index, .init(name: name, edges: edges, bins: edges.count + 1))
      case .choice(let count) where isOfAll: return (index, .init(name: name, edges: [], bins: count))
      case .flag where !known.isEmpty: return (index, .init(name: name, edges: [], bins: 2))
      case .answer where !known.isEmpty:
        let edges = edges(known, index)
        return (index, .init(name: name, edges: edges, bins: edges.count + 2))
      default: return nil
      }
    }
  }

  /// The weighted quantiles, each once, and the greatest value.
  private func edges(_ rows: [Int], _ column: Int) -> [Double] {
    let sorted = rows.map { (value: Double(value($0, column)), weight: weights[$0]) }.sorted { $0.value < $1.value }
    let total = sorted.reduce(0) { $0 + $1.weight }
    var edges: [Double] = []
    var (sum, next) = (0.0, 1)
    for item in sorted {
      sum += item.weight
      while next < 8, sum >= total * Double(next) / 8 {
        if edges.last != item.value { edges.append(item.value) }
        next += 1
      }
    }
    if let greatest = sorted.last?.value, edges.last != greatest { edges.append(greatest) }
    return edges
  }

  /// The rows in blocks of days and conversations.
  ///
  /// - Parameter statistics: with the column of each; `nil` for one that the table has not.
  func blocks(
    _ rows: [Int], _ statistics: [(column: Int?, statistic: DriftReference.Statistic)], groups: Int
  ) -> [DriftReference.Block] {
    struct Key: Hashable { var day, group: Int }
    let kinds = statistics.map { DriftReference.Statistic.kind(of: $0.statistic.name, tiers: tiers) ?? .number }
    let bins = statistics.reduce(0) { $0 + $1.statistic.bins }
    var found: [Key: DriftReference.Block] = [:]
    for row in rows {
      let key = Key(day: day(row), group: Int(conversations[row] % UInt64(groups)))
      var block =
        found.removeValue(forKey: key) ?? .init(day: key.day, group: key.group, tiers: tiers, bins: bins)
      let weight = weights[row]
      block.rows += 1
      block.weight += weight
      for tier in 0..<tiers {
        let probability = probabilities[row * tiers + tier]
        if probability.isFinite { block.quality[tier] += weight * Double(probability) }
      }
      var start = 0
      for (index, item) in statistics.enumerated() {
        if let column = item.column {
          let value = value(row, column)
          if value != .infinity {
            block.bins[start + item.statistic.bin(of: Double(value), kinds[index])] += weight
          }
        }
        start += item.statistic.bins
      }
      found[key] = block
    }
    return found.values.sorted { ($0.day, $0.group) < ($1.day, $1.group) }
  }
}

extension DriftReference {
  /// How many groups conversations are divided into.
  package static let usualGroups = 32

  /// What some rows of a table looked like.
  ///
  /// - Parameter period: in seconds since 1970; `nil` where rows have no times.
  init(_ table: DriftTable, rows: [Int], source: Source, period: Range<Int>?) {
    self.init(tiers: table.tiers)
    guard !rows.isEmpty else { return }
    let found = table.statistics(rows)
    self.source = source
    (begin, end) = (period?.lowerBound ?? 0, period?.upperBound ?? 0)
    conversations = Set(rows.map { table.conversations[$0] }).count
    groups = Self.usualGroups
    statistics = found.map(\.statistic)
    blocks = table.blocks(rows, found.map { ($0.column, $0.statistic) }, groups: groups)
    for tier in labels.indices { labels[tier] = rows.count { table.labels[$0 * table.tiers + tier].isFinite } }
  }
}
