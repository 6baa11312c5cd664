package import Ockham

/// Scores requests and applies the thresholds: what robustness is measured on.
///
/// The policy of a model file has thresholds alone, without a budget or a largest share, so the decision is theirs.
package struct TierScorer {
  /// The least gain worth paying for per step up.
  package let thresholds: Thresholds
  /// What the gain can reach at most, whatever is asked; 1 where nothing better is known.
  package let gainCeiling: Float

  private let predict: (Request) -> Prediction

  /// What the decision about one request rests on.
  package struct Prediction {
    /// P(good) per tier [T].
    var probabilities: [Float]
    /// What each step is multiplied with [T − 1]; empty for the steps as they are.
    var thresholdScales: [Float] = []
  }

  /// Creates a scorer.
  ///
  /// - Parameter probabilities: P(good) per tier [T], as many as `thresholds` has tiers, at least 2.
  package init(
    thresholds: Thresholds, gainCeiling: Float = 1, probabilities: @escaping (Request) -> [Float]
  ) {
    self.thresholds = thresholds
    self.gainCeiling = gainCeiling
    predict = { Prediction(probabilities: probabilities($0)) }
  }

  /// Creates the scorer of a model at its own thresholds; `onScore` is called after every score.
  package init(_ model: Model, onScore: @escaping () -> Void = {}) {
    self.init(
      model, tiers: Array(model.tierNames.indices), thresholds: model.thresholds, thresholdScales: { $0 },
      onScore: onScore)
  }

  /// Creates the scorer of a part of a model's tiers.
  ///
  /// - Parameters:
  ///   - tiers: their indices in the model, ascending, at least 2.
  ///   - thresholds: the steps between them.
  ///   - thresholdScales: makes their scales of those of the model's steps.
  package init(
    _ model: Model, tiers: [Int], thresholds: Thresholds, thresholdScales: @escaping ([Float]) -> [Float],
    onScore: @escaping () -> Void = {}
  ) {
    let scorer = Scorer(model)
    self.thresholds = thresholds
    gainCeiling = Self.gainCeiling(tiers.map { model.calibrations[$0] })
    predict = { request in
      defer { onScore() }
      return scorer.score(request) { scratch in
        Prediction(
          probabilities: tiers.map { scratch.probabilities[$0] },
          thresholdScales: thresholdScales(scratch.thresholdScales))
      }
    }
  }

  /// Scores a request and decides.
  package func score(_ request: Request) -> TierScore {
    let prediction = predict(request)
    let scales = prediction.thresholdScales
    return TierScore(
      prediction.probabilities, thresholds: scales.isEmpty ? thresholds : thresholds.scaled(by: scales))
  }

  /// The largest P(last) minus the smallest P(first) that calibrations can say; they are monotone, so their ends show.
  static func gainCeiling(_ calibrations: [Calibration]) -> Float {
    let ends = calibrations.map { calibration in
      [-Float.greatestFiniteMagnitude, .greatestFiniteMagnitude].map(calibration.probability)
    }
    return (ends[ends.count - 1].max() ?? 1) - (ends[0].min() ?? 0)
  }
}

/// What the thresholds make of one request.
package struct TierScore: Sendable, Equatable {
  /// The chosen tier.
  package var tier: Int
  /// P(last tier) − P(first tier), −1…1.
  package var gain: Float
  /// By how much the last tier wins more than it must over the lower tier that comes closest: negative where a lower
  /// one is chosen. It is the gain minus the threshold where there are two tiers.
  package var lead: Float
  /// Whether the last tier is chosen: ``lead`` is at least 0, but for rounding.
  package var isStrongest: Bool

  /// - Parameter thresholds: those of the request, scaled where costs are predicted.
  init(_ probabilities: [Float], thresholds: Thresholds) {
    let last = probabilities.count - 1
    tier = thresholds.choose(probabilities.span).tier
    isStrongest = tier == last
    gain = probabilities[last] - probabilities[0]
    lead = .infinity
    var threshold: Float = 0
    for lower in (0..<last).reversed() {
      threshold += thresholds.increments[lower]
      lead = min(lead, probabilities[last] - probabilities[lower] - threshold)
    }
  }
}
