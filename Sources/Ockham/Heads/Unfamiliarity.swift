/// How far a request is from those that a model is meant for, and how much less its probabilities are believed for it.
///
/// A model is trained on logs of several families. One of them, or a few, are its *home*: requests like those that it will serve. The others
/// lend it what carries over. On requests that are not like home its heads are no better than the mean quality of each tier, and worse
/// where something that meant one thing there means another here. So the probabilities of a request are mixed with these means, the *base*:
/// p′ = (1 − w) p + w b. The share w rises with u, the probability that a request is foreign rather than from home, by its measures of
/// structure alone: which carry over to subjects that no log has. The means are over families, each counting once, and w was fitted to
/// rows that were left out: families as foreign as whatever comes, and home's own.
///
/// Telling two samples apart by a classifier estimates the ratio of their densities (S. Bickel, M. Brückner and T. Scheffer,
/// "Discriminative learning under covariate shift", 2009). The article <doc:ModelFileFormat2> specifies the measure to the last bit, and how a
/// file holds it.
package struct Unfamiliarity: Sendable, Hashable {
  /// What each standardised dense feature adds to the logit of u [dense features].
  package var weights: [Float]
  package var bias: Float
  /// w at values of u, linear between them: an isotonic map.
  package var blend: Calibration
  /// The mean quality of each tier over the families [T].
  package let base: [Float]
  /// How far each mean may be lower and higher, by its interval [T].
  package let below: [Float]
  package let above: [Float]
  /// The ends of its interval [T].
  package let lower: [Float]
  package let upper: [Float]
  /// The u from which a request counts as unfamiliar; above 1, none does.
  package var rise: Float
  /// The families that requests are compared with, and all.
  package var home: [String]
  package var families: [String]

  /// What a file calls the part that this is, and the measure.
  package static let part = "unfamiliarity"
  package static let measure = "home/1"

  package init(
    weights: [Float], bias: Float, blend: Calibration, base: [Float], lower: [Float], upper: [Float], rise: Float,
    home: [String], families: [String]
  ) {
    (self.weights, self.bias, self.blend, self.rise) = (weights, bias, blend, rise)
    (self.base, self.lower, self.upper) = (base, lower, upper)
    (below, above) = (zip(base, lower).map { $0 - $1 }, zip(upper, base).map { $0 - $1 })
    (self.home, self.families) = (home, families)
  }
}

extension Unfamiliarity {
  /// What the measure says of one request.
  package struct Reading: Sendable, Hashable {
    /// The probability that the request is foreign.
    package var u: Float = 0
    /// The base's share of the probabilities, 0 to 1.
    package var share: Float = 0
    package var isUnfamiliar = false
  }

  /// The logit of u for standardised and clipped dense features, one after the other, in the order of additions that a ``DenseLayer`` has: a
  /// model's heads compute it beside those of the tiers.
  package func logit(_ standardised: [Float]) -> Float {
    var sums = SIMD4<Float>()
    for index in weights.indices { sums[index & 3] += standardised[index] * weights[index] }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + bias
  }

  /// What the measure says of a request with this logit.
  package func reading(logit: Float) -> Reading {
    let u = Calibration.platt(slope: 1, intercept: 0).probability(logit)
    return Reading(u: u, share: blend.probability(u), isUnfamiliar: u >= rise)
  }

  /// Mixes the probabilities of tiers with the base.
  package func mix(_ probabilities: inout [Float], by share: Float) {
    for tier in probabilities.indices {
      probabilities[tier] = min(1, max(0, ((1 - share) * probabilities[tier]) + (share * base[tier])))
    }
  }
}

extension Unfamiliarity {
  /// The tensors that a file holds it in.
  package var tensors: [Tensor] {
    guard case .isotonic(let x, let y) = blend else { preconditionFailure("the blend is no isotonic map") }
    return [
      Tensor(name: TensorName.unfamiliarityWeight, shape: [weights.count], floats: weights),
      Tensor(name: TensorName.unfamiliarityBias, shape: [1], floats: [bias]),
      Tensor(name: TensorName.unfamiliarityBlend, shape: [2, x.count], floats: x + y),
      Tensor(name: TensorName.unfamiliarityBase, shape: [3, base.count], floats: base + lower + upper),
      Tensor(name: TensorName.unfamiliarityRise, shape: [1], floats: [rise]),
    ]
  }
}
