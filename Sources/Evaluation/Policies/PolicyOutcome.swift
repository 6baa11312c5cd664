/// What a way of routing comes to on the rows of a log.
package struct PolicyOutcome: Sendable, Equatable {
  /// The weighted share of requests per tier [T]; sums to 1.
  package var share: [Double]
  /// The weighted mean quality, 0…1.
  package var quality: Double
  /// The weighted mean cost in USD over the rows in which every tier's cost is known, or `nil` when there are none.
  package var costUSD: Double?
}
