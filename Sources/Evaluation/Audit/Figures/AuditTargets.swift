/// What models and kinds of task are like: errors, time, dollars, quality.
package struct AuditTargets: Sendable, Equatable {
  /// One target, or one kind of task at one target.
  package struct Part: Sendable, Equatable {
    package var task: String?
    package var target: String?
    package var requests: Int
    package var failures: AuditFigure
    package var fallbacks: Int
    /// Milliseconds of requests that did not fail: half of them, 95 and 99 % of them take no longer.
    package var median: Double?
    package var slow: Double?
    package var slowest: Double?
    package var firstToken: Double?
    /// Dollars of a request whose cost is known.
    package var meanUSD: Double?
    package var ratings: Int
    package var quality: AuditFigure
    /// Dollars of a request over the share of good answers.
    package var perGoodUSD: Double?
  }

  package var targets: [Part]
  /// By kind of task and target.
  package var tasks: [Part]

  /// A target is known by name, or by its tier where the log has no names of models.
  static func name(of key: TrafficKey) -> String? { key.target ?? key.tier }

  init(_ traffic: Traffic, confidence: Double) {
    let ratings = Self.ratings(traffic)
    targets = Self.parts(traffic, ratings, confidence) { Place(task: nil, target: Self.name(of: $0)) }
    tasks = Self.parts(traffic, ratings, confidence) { Place(task: $0.task ?? "", target: Self.name(of: $0)) }
  }

  struct Place: Hashable {
    var task: String?
    var target: String?
  }

  /// Ratings of what was served, by what it was asked of.
  private static func ratings(_ traffic: Traffic) -> [TrafficKey: WeightedSums] {
    traffic.rated.reduce(into: [:]) { sums, cell in
      guard cell.key.rated == cell.key.traffic.tier else { return }
      sums[cell.key.traffic, default: WeightedSums()].merge(cell.value.quality)
    }
  }

  private static func parts(
    _ traffic: Traffic, _ ratings: [TrafficKey: WeightedSums], _ confidence: Double,
    by place: (TrafficKey) -> Place
  ) -> [Part] {
    var qualities: [Place: WeightedSums] = [:]
    for (key, sums) in ratings { qualities[place(key), default: WeightedSums()].merge(sums) }
    let totals = traffic.totals(by: place).sorted {
      ($0.value.requests, $1.key.task ?? "", $1.key.target ?? "") > (
        $1.value.requests, $0.key.task ?? "", $0.key.target ?? ""
      )
    }
    return totals.map { place, total in part(place, total, qualities[place] ?? WeightedSums(), confidence) }
  }

  private static func part(
    _ place: Place, _ total: TrafficCell, _ sums: WeightedSums, _ confidence: Double
  ) -> Part {
    let count = Double(total.requests)
    let mean = total.priced > 0 ? total.costUSD / Double(total.priced) : nil
    let known = sums.count >= TrafficShares.fewestRatings ? AuditFigure.share(sums, confidence: confidence) : nil
    let quality =
      known ?? .unknown(TrafficShares.tooFew(sums.count, needed: TrafficShares.fewestRatings, unit: "ratings"))
    return Part(
      task: place.task, target: place.target, requests: total.requests,
      failures: .wilson(Double(total.failures) / count, count: count, degrees: count - 1, confidence: confidence),
      fallbacks: total.fallbacks, median: total.latency.quantile(0.5), slow: total.latency.quantile(0.95),
      slowest: total.latency.quantile(0.99), firstToken: total.firstToken.quantile(0.5), meanUSD: mean,
      ratings: sums.count, quality: quality,
      perGoodUSD: mean.flatMap { mean in quality.value.flatMap { $0 > 0 ? mean / $0 : nil } })
  }
}
