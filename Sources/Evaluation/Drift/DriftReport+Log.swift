package import Ockham

extension DriftReport {
  /// The part of a log that is watched.
  package struct Period: Sendable {
    /// Nothing before it is watched; `nil` for all that is behind the reference.
    package var since: Double?
    /// Whether the days at both ends count although the log may hold a part of them only.
    package var hasWholeDays = false

    package init(since: Double? = nil, hasWholeDays: Bool = false) {
      (self.since, self.hasWholeDays) = (since, hasWholeDays)
    }
  }

  /// Watches the requests of a log.
  ///
  /// Without a reference its first whole week is one; what comes behind it is watched. Days that the log holds a part of are left out.
  ///
  /// - Parameter reference: what the model file holds, or who watches has kept; `nil` for none.
  package init(
    _ table: DriftTable, reference given: DriftReference?, tierNames: [String], terms: DriftTerms = DriftTerms(),
    period: Period = Period()
  ) {
    var rows = Array(0..<table.rows)
    var notes: [String] = []
    let hasTimes = table.times.contains { $0 != nil }
    if hasTimes {
      rows.removeAll { table.times[$0] == nil }
      rows = table.wholeDays(rows, counted: period.hasWholeDays)
      let left = table.rows - rows.count
      if left > 0 { notes.append("\(left) requests are left out: their days are not whole, or they have no time.") }
    }
    let reference: DriftReference
    if let given, given.source != .none {
      reference = given
    } else {
      guard hasTimes, let first = rows.map({ table.day($0) }).min() else {
        self.init(
          tests: [],
          reason: hasTimes
            ? "there is no whole day to compare, and the model file holds no reference"
            : "the requests have no times and the model file holds no reference")
        return
      }
      let end = first + 7
      let week = rows.filter { table.day($0) < end }
      rows.removeAll { table.day($0) < end }
      guard !rows.isEmpty else {
        self.init(
          tests: [],
          reason: "the first whole week is the reference, as the model file holds none, and no whole day is behind it")
        return
      }
      reference = DriftReference(table, rows: week, source: .live, period: first * 86_400..<end * 86_400)
      notes.append("The reference is the log's first whole week: the model file holds none.")
    }
    if let since = period.since { rows.removeAll { (table.times[$0] ?? -.infinity) < since } }
    let watch = DriftWatch(reference: reference, tierNames: tierNames, terms: terms)
    let columns = reference.statistics.map { statistic in
      (table.columns.firstIndex { $0.name == statistic.name }, statistic)
    }
    let blocks = table.blocks(rows, columns.map { (column: $0.0, statistic: $0.1) }, groups: reference.groups)
    self = watch.report(blocks, labels: table.labels(rows))
    self.notes += notes
  }
}

extension DriftTable {
  /// The rows of the days that the table holds as a whole: all between the first and the last, and these where rows reach to within an
  /// hour of their ends.
  func wholeDays(_ rows: [Int], counted: Bool = false) -> [Int] {
    let known = rows.compactMap { times[$0] }
    guard !counted, let first = known.min(), let last = known.max() else { return rows }
    let hour = 3_600.0
    let begin = Self.day(ofTime: first + Self.daySeconds - hour)
    let end = Self.day(ofTime: last + hour)
    return rows.filter { begin <= day($0) && day($0) < end }
  }

  /// The labels that were drawn uniformly, by time.
  func labels(_ rows: [Int]) -> [DriftWatch.Label] {
    let ordered = rows.sorted { (times[$0] ?? 0, $0) < (times[$1] ?? 0, $1) }
    return ordered.flatMap { row in
      (0..<tiers).compactMap { tier in
        let (quality, probability) = (labels[row * tiers + tier], probabilities[row * tiers + tier])
        guard quality.isFinite, probability.isFinite else { return nil }
        return DriftWatch.Label(
          tier: tier, quality: Double(quality), probability: Double(probability), day: day(row))
      }
    }
  }
}
