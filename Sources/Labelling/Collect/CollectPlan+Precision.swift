extension CollectPlan {
  /// What a rate of asking gives.
  package struct Forecast: Sendable, Hashable {
    /// Records asked, expected.
    package var labels: Double
    /// US dollars, expected.
    package var usd: Double
    /// Half the width of the 95 % interval of the mean quality difference over the records that lack an answer.
    package var halfWidth: Double
  }

  /// The probability that a record is asked at a rate.
  func inclusion(of row: Row, rate: Double) -> Double { min(1, rate * row.preference) }

  /// The record of a line, where it lacks an answer. O(log rows).
  func row(line: Int) -> Row? {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].line < line { low = middle + 1 } else { high = middle }
    }
    return low < rows.count && rows[low].line == line ? rows[low] : nil
  }

  /// The rate at which every record is asked.
  package var fullRate: Double { 1 / (rows.map(\.preference).min() ?? 1) }

  /// What is expected at a rate.
  ///
  /// The half-width is 1.96 · √(Σ σ²/ι) / N, with σ the standard deviation of a record's difference and ι the probability
  /// that it is asked: the records stand for traffic like them, so that also asking all leaves an interval.
  package func forecast(rate: Double) -> Forecast {
    var forecast = Forecast(labels: 0, usd: 0, halfWidth: .infinity)
    var variance = 0.0
    for row in rows {
      let inclusion = inclusion(of: row, rate: rate)
      let deviation = row.deviation ?? deviation
      forecast.labels += inclusion
      forecast.usd += inclusion * row.costUSD
      variance += deviation * deviation / inclusion
    }
    if !rows.isEmpty { forecast.halfWidth = 1.96 * variance.squareRoot() / Double(rows.count) }
    return forecast
  }

  /// The least rate that gives an amount, or the full one where all records together give less.
  /// - Complexity: 60 passes over the records.
  package func rate(for amount: Amount) -> Double {
    var (low, high) = (0.0, fullRate)
    func isReached(_ rate: Double) -> Bool {
      let forecast = forecast(rate: rate)
      switch amount {
      case .usd(let usd): return forecast.usd >= usd
      case .labels(let count): return forecast.labels >= Double(count)
      case .halfWidth(let width): return forecast.halfWidth <= width
      }
    }
    guard isReached(high) else { return high }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if isReached(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// The records that a rate picks, and the calls they take.
  package func drawn(rate: Double) -> (records: Int, calls: Int) {
    rows.reduce(into: (0, 0)) { sum, row in
      guard row.draw < inclusion(of: row, rate: rate) else { return }
      sum.0 += 1
      sum.1 += row.targets.nonzeroBitCount
    }
  }
}
