/// How much more expensive than usual each step up the tiers is for one request.
///
/// Thresholds are chosen for mean costs: θ[k] = λ · (mean cost of tier k + 1 − mean cost of tier k). Multiplying a step by
/// (expected difference for this request) / (mean expected difference) makes it the price of this very request, and
/// leaves λ, the quality that a dollar must buy, the one knob.
public struct ThresholdScaling: Sendable, Hashable {
  /// What a scale is cut to: an estimate of one request is not trusted beyond it.
  public static let range: ClosedRange<Float> = 0.125...8

  /// The mean of the expected differences between neighbouring tiers over the training log, in USD [tiers − 1].
  public let meanStepUSD: [Double]

  /// Creates the scaling for mean differences, which are finite.
  public init(meanStepUSD: [Double]) { self.meanStepUSD = meanStepUSD }

  /// What a step is multiplied with: within ``range``, and 1 where the mean difference is not above 0.
  ///
  /// - Parameters:
  ///   - step: the index of the step, below the count of ``meanStepUSD``.
  ///   - lower: what the request is expected to cost below the step, in USD, finite.
  ///   - upper: what it is expected to cost above the step, in USD, finite.
  public func scale(_ step: Int, from lower: Double, to upper: Double) -> Float {
    let mean = meanStepUSD[step]
    guard mean > 0 else { return 1 }
    let ratio = (upper - lower) / mean
    return Float(min(max(ratio, Double(Self.range.lowerBound)), Double(Self.range.upperBound)))
  }

  /// The scale of every step [tiers − 1] for expected costs in USD [tiers].
  public func scales(costUSD: [Double]) -> [Float] {
    meanStepUSD.indices.map { scale($0, from: costUSD[$0], to: costUSD[$0 + 1]) }
  }
}
