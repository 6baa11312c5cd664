import Foundation
import Ockham

/// A ridge model of one tier's log-lengths and the way back to lengths: smearing · e^clip(prediction).
struct LengthModel: Sendable {
  let ridge: RidgeModel
  /// The predictions for the rows it was fitted to: no other is let through.
  let range: ClosedRange<Float>
  /// The mean of lengths / the mean of e^prediction (Duan 1983); 1 where all lengths are 0.
  let smearing: Float

  /// - Parameters:
  ///   - ridge: fitted to `x`.
  ///   - lengths: [n], NaN where unknown.
  ///   - weights: [n].
  init(_ ridge: RidgeModel, _ x: DenseRows, lengths: [Double], weights: [Double]) {
    let predictions = ridge.predictions(x)
    var (observed, predicted) = (0.0, 0.0)
    for place in lengths.indices where !lengths[place].isNaN {
      observed += weights[place] * lengths[place]
      predicted += weights[place] * exp(Double(predictions[place]))
    }
    self.ridge = ridge
    range = (predictions.min() ?? ridge.bias)...(predictions.max() ?? ridge.bias)
    smearing = observed > 0 && predicted > 0 ? Float(observed / predicted) : 1
  }

  /// The expected length behind a prediction.
  func length(_ logLength: Float) -> Double {
    ExpectedCost.length(logLength, in: range, smearing: smearing, exponential: exp)
  }
}
