/// What is reached by sending the requests of highest score to the stronger tier of a pair and the rest to the weaker.
///
/// RouteLLM's construction (Ong et al. 2024): the thresholds are the 11 quantiles of the score at 0, 0.1 … 1; a request
/// goes to the stronger tier where its score ≥ the threshold, and > for the last one, so that the curve reaches from a
/// strong share of 1 to a strong share of 0. Equal thresholds are merged. Where all scores are equal the only edge
/// stands for both ends, and the curve is the straight line of random routing.
package struct PairCurve: Sendable, Equatable {
  /// One threshold of the curve.
  package struct Point: Sendable, Equatable {
    /// The score from which requests go to the stronger tier.
    package var threshold: Double
    /// The weighted share of requests that go to the stronger tier, 0…1.
    package var strongShare: Double
    /// The weighted mean quality, 0…1.
    package var quality: Double
    /// The weighted mean cost in USD over the priced rows, or `nil` when there are none.
    package var costUSD: Double?
  }

  /// The points in ascending order of ``Point/strongShare``; the first has share 0, the last has share 1.
  package var points: [Point]

  /// The number of quantile edges of a curve.
  package static let edgeCount = 11

  /// The quality of the weaker tier alone.
  package var weakQuality: Double { points[0].quality }

}
