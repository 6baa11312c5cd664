import RequestLog

/// What a person thinks of an answer, apart from what users report of theirs: raters are picked, and so is what they see.
package struct GivenRating: Sendable, Hashable {
  package var requestID: String

  /// The tier whose answer was rated, as outcomes spell it; `nil` for the one that the client got.
  package var name: String?

  /// From 0 to 1.
  package var quality: Double

  /// Who; of several ratings of one answer by one rater the last counts.
  package var rater: String

  /// The probability with which the answer was picked for a person, among those that were rated; `nil` where no one drew it.
  package var probability: Double?
  package var time: Double

  package init(
    requestID: String, name: String? = nil, quality: Double, rater: String, probability: Double? = nil, time: Double
  ) {
    self.requestID = requestID
    self.name = name
    self.quality = quality
    self.rater = rater
    self.probability = probability
    self.time = time
  }
}

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
