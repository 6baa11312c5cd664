import RequestLog

extension TelemetryValue {
  /// Ratings of one answer as a log's database holds them; NULL for none. The probability of the pick is that of all who were picked
  /// alike, and unknown where they were not.
  static func gold(_ ratings: [GivenRating]) -> TelemetryValue {
    guard !ratings.isEmpty else { return .null }
    var raters: [String] = []
    for rating in ratings where !raters.contains(rating.rater) { raters.append(rating.rater) }
    let probabilities = Set(ratings.map(\.probability))
    let gold = GoldRating(
      quality: ratings.reduce(0) { $0 + $1.quality } / Double(ratings.count),
      inclusion: probabilities.count == 1 ? ratings[0].probability : nil, raters: raters)
    return .text(gold.json)
  }
}
