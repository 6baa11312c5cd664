/// Means of ratings over all requests that could have been rated, layer by layer of the tier that served.
///
/// How many requests each tier served is known, so each layer counts with its own number of requests and not with what was drawn of it
/// (post-stratification). A layer without ratings is taken at its worst and its best while it is small, and refuses the mean else.
struct TrafficShares {
  /// Requests that could have been rated, by the tier that served: those that chance could have sent elsewhere, where the log says
  /// so.
  let requests: [String: Int]
  private let cells: [Layer: RatedCell]
  private let confidence: Double

  private struct Layer: Hashable {
    var served: String
    var rated: String
  }

  /// Ratings below which a mean is refused.
  static let fewestRatings = 10
  /// Pairs below which a difference is refused.
  static let fewestPairs = 50
  /// The share of requests without ratings above which a mean is refused.
  static let tolerableUnrated = 0.05

  init(_ traffic: Traffic, confidence: Double) {
    let totals = traffic.totals(by: \.tier)
    let isEligibilityKnown = totals.values.contains { $0.eligible > 0 }
    requests = totals.reduce(into: [:]) { counts, total in
      guard let tier = total.key else { return }
      counts[tier] = isEligibilityKnown ? total.value.eligible : total.value.requests
    }
    cells = traffic.rated.reduce(into: [:]) { cells, cell in
      guard let served = cell.key.traffic.tier else { return }
      cells[Layer(served: served, rated: cell.key.rated), default: RatedCell()].merge(cell.value)
    }
    self.confidence = confidence
  }

  func cell(served: String, rated: String) -> RatedCell { cells[Layer(served: served, rated: rated)] ?? RatedCell() }

  /// All ratings of answers that were served.
  var servedRatings: Int { requests.keys.reduce(0) { $0 + cell(served: $1, rated: $1).quality.count } }

  /// Whether some ratings were drawn in the same way from all requests.
  var hasUniformRatings: Bool { cells.values.contains { $0.uniform > 0 } }

  /// Why no mean can be given at all; `nil` where it can.
  var refusal: String? {
    guard !cells.values.contains(where: { $0.quality.count > 0 }) else {
      return hasUniformRatings
        ? nil
        : "ratings were drawn on disagreements alone; an audit share (shadow: audit) rates requests of every kind"
    }
    return
      "nothing was rated in this period; shadow labels with an audit share would show it (shadow: in the gateway's file)"
  }

  /// The quality of answers that clients got.
  var servedQuality: AuditFigure {
    share(of: "the answers that were served") { served in cell(served: served, rated: served).quality }
  }

  /// The quality of one tier, were it asked for everything.
  func quality(ofAllTo tier: String) -> AuditFigure {
    share(of: "answers of this tier") { served in cell(served: served, rated: tier).quality }
  }

  /// The quality of what one tier served.
  func quality(servedBy tier: String) -> AuditFigure {
    let sums = cell(served: tier, rated: tier).quality
    if let refusal { return .unknown(refusal) }
    guard sums.count >= Self.fewestRatings, let figure = AuditFigure.share(sums, confidence: confidence) else {
      return .unknown(Self.tooFew(sums.count, needed: Self.fewestRatings, unit: "ratings"))
    }
    return figure
  }

  /// A mean of α·(served) + β·(rated under a tier), layer by layer.
  struct Term {
    var rated: String
    var alpha: Double
    var beta: Double
  }

  /// A mean of differences; its range is how far one request can move it.
  /// - Parameter terms: what is added up for requests that a tier served; their pairs are taken as dependent in the worst way.
  func difference(range: ClosedRange<Double>, _ terms: (String) -> [Term]) -> AuditFigure {
    if let refusal { return .unknown(refusal) }
    let total = Double(requests.values.reduce(0, +))
    guard total > 0 else { return .unknown("no request could have been rated") }
    var mean = LayeredMean()
    for (served, count) in requests.sorted(by: { $0.key < $1.key }) where count > 0 {
      let sums = terms(served).map { term in
        cell(served: served, rated: term.rated).pairs.combination(term.alpha, term.beta)
      }
      mean.add(sums, share: Double(count) / total, reach: range.upperBound - range.lowerBound)
    }
    return mean.figure(range: range, fewest: Self.fewestPairs, unit: "rated pairs", confidence: confidence)
  }

  private func share(of what: String, _ sums: (String) -> WeightedSums) -> AuditFigure {
    if let refusal { return .unknown(refusal) }
    let total = Double(requests.values.reduce(0, +))
    guard total > 0 else { return .unknown("no request could have been rated") }
    var mean = LayeredMean()
    for (served, count) in requests.sorted(by: { $0.key < $1.key }) where count > 0 {
      mean.add([sums(served)], share: Double(count) / total, reach: 1)
    }
    return mean.figure(range: 0...1, fewest: Self.fewestRatings, unit: "ratings of \(what)", confidence: confidence)
  }

  static func tooFew(_ count: Int, needed: Int, unit: String) -> String {
    "\(count) \(unit), at least \(needed) are needed; wait, or raise the share that is rated"
  }
}

/// A mean over layers of known shares.
struct LayeredMean {
  private var value = 0.0
  private var variance = 0.0
  private var unrated = 0.0
  private var count = 0

  /// Adds a layer: the sum of means, whose deviations add up in the worst way.
  ///
  /// Draws that all agree do not prove that all others would: a layer's deviation is at least that of one more draw at the end of its
  /// reach.
  mutating func add(_ parts: [WeightedSums], share: Double, reach: Double) {
    guard !parts.isEmpty else { return }
    guard parts.allSatisfy({ $0.count > 1 }) else {
      unrated += share
      return
    }
    let floor = reach / (parts.map(\.effectiveCount).min().map { $0 + 1 } ?? 1)
    let deviation = parts.reduce(0) { $0 + ($1.variance ?? 0).squareRoot() }
    value += share * parts.reduce(0) { $0 + ($1.mean ?? 0) }
    variance += share * share * max(deviation * deviation, deviation == 0 ? floor * floor : 0)
    count += parts.map(\.count).min() ?? 0
  }

  func figure(range: ClosedRange<Double>, fewest: Int, unit: String, confidence: Double) -> AuditFigure {
    guard count >= fewest else { return .unknown(TrafficShares.tooFew(count, needed: fewest, unit: unit)) }
    guard unrated <= TrafficShares.tolerableUnrated else {
      return .unknown(
        "tiers that served a part of the requests have no \(unit); wait, or let shadow labels ask every tier")
    }
    let known = max(1 - unrated, 1e-9)
    var figure = AuditFigure.estimate(
      value, variance: variance, degrees: Double(count - 1), confidence: confidence)
    figure.value = min(range.upperBound, max(range.lowerBound, value / known))
    figure.low = figure.low.map { max(range.lowerBound, $0 + unrated * range.lowerBound) }
    figure.high = figure.high.map { min(range.upperBound, $0 + unrated * range.upperBound) }
    return figure
  }
}
