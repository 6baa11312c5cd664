/// How far a request is from what a model was trained on, and how much less its probabilities are believed for it.
///
/// What a model knows is what its training log was like. On requests of another kind its heads are no better than the mean quality of
/// each tier, and worse where something that meant one thing there means another here. So the probabilities of a request are mixed with
/// these means, the *base*: p′ = (1 − w) p + w b. The share w rises with u, which counts n-grams that few training rows had and measures of
/// structure that lie outside of what training rows had. The means are over families of logs, each counting once, and w was fitted
/// to families that were left out in turn: to logs that are as foreign as whatever comes.
///
/// The article <doc:ModelFileFormat2> specifies it to the last bit, and how a file holds it.
package struct Unfamiliarity: Sendable, Hashable {
  /// Which buckets enough training rows had: bucket b is bit b mod 64 of word b div 64.
  package var seen: [UInt64]
  /// What the share of unseen buckets and that of clipped measures count, each 0 to 1.
  package var gramWeight: Float
  package var denseWeight: Float
  /// w at values of u, linear between them: an isotonic map.
  package var blend: Calibration
  /// The mean quality of each tier over the families [T], and the ends of its interval.
  package var base: [Float]
  package var lower: [Float]
  package var upper: [Float]
  /// The w from which a request counts as unfamiliar; above 1, none does.
  package var rise: Float
  /// In how many training rows a bucket must occur to be seen.
  package var minimumRows: Int
  /// The families that were left out in turn.
  package var families: [String]

  /// What a file calls the part that this is, and the measure.
  package static let part = "unfamiliarity"
  package static let measure = "unseen/1"

  package init(
    seen: [UInt64], weights: (grams: Float, dense: Float), blend: Calibration,
    base: [Float], lower: [Float], upper: [Float], rise: Float, minimumRows: Int, families: [String]
  ) {
    (self.seen, self.blend, self.rise) = (seen, blend, rise)
    (gramWeight, denseWeight) = weights
    (self.base, self.lower, self.upper) = (base, lower, upper)
    (self.minimumRows, self.families) = (minimumRows, families)
  }
}

extension Unfamiliarity {
  /// What the measure says of one request.
  package struct Reading: Sendable, Hashable {
    /// 0 for a request of which everything is known, at most 2.
    package var u: Float = 0
    /// The base's share of the probabilities, 0 to 1.
    package var share: Float = 0
    package var isUnfamiliar = false
  }

  /// Measures a request.
  ///
  /// - Parameters:
  ///   - buckets: of all namespaces.
  ///   - clipped: how many of the `dense` measures lie outside of what is taken as it is.
  /// - Complexity: O(buckets), no allocation.
  package func reading(buckets: ArraySlice<UInt32>, clipped: Int, of dense: Int) -> Reading {
    let u = Self.measure(
      unseen: Self.unseenShare(unseen(buckets), of: buckets.count), clipped: Self.clippedShare(clipped, of: dense),
      weights: (gramWeight, denseWeight))
    let share = blend.probability(u)
    return Reading(u: u, share: share, isUnfamiliar: share >= rise)
  }

  /// g of the article, in the arithmetic that holds everywhere.
  package static func unseenShare(_ unseen: Int, of buckets: Int) -> Float { ratio(unseen, buckets) }

  /// d, likewise.
  package static func clippedShare(_ clipped: Int, of dense: Int) -> Float { ratio(clipped, dense) }

  /// u, likewise.
  package static func measure(unseen: Float, clipped: Float, weights: (grams: Float, dense: Float)) -> Float {
    (weights.grams * unseen) + (weights.dense * clipped)
  }

  /// How many of the buckets are not among those seen. A bucket stands for bit (bucket mod bits).
  private func unseen(_ buckets: ArraySlice<UInt32>) -> Int {
    let (buckets, seen) = (buckets.span, seen.span)
    let mask = UInt32(truncatingIfNeeded: seen.count &* 64 &- 1)
    var known = 0
    for index in buckets.indices {
      let bucket = buckets[index] & mask
      known &+= Int(truncatingIfNeeded: seen[Int(bucket >> 6)] >> UInt64(bucket & 63) & 1)
    }
    return buckets.count &- known
  }

  /// Mixes the probabilities of tiers with the base, and says how far each may be lower and higher for it.
  package func mix(_ probabilities: inout [Float], by share: Float, below: inout [Float], above: inout [Float]) {
    for tier in probabilities.indices {
      probabilities[tier] = min(1, max(0, ((1 - share) * probabilities[tier]) + (share * base[tier])))
      below[tier] = share * (base[tier] - lower[tier])
      above[tier] = share * (upper[tier] - base[tier])
    }
  }
}

extension Unfamiliarity {
  /// The tensors that a file holds it in.
  package var tensors: [Tensor] {
    guard case .isotonic(let x, let y) = blend else { preconditionFailure("the blend is no isotonic map") }
    return [
      Tensor(name: TensorName.unfamiliaritySeen, shape: [seen.count], uint64s: seen),
      Tensor(name: TensorName.unfamiliarityWeight, shape: [2], floats: [gramWeight, denseWeight]),
      Tensor(name: TensorName.unfamiliarityBlend, shape: [2, x.count], floats: x + y),
      Tensor(name: TensorName.unfamiliarityBase, shape: [3, base.count], floats: base + lower + upper),
      Tensor(name: TensorName.unfamiliarityRise, shape: [1], floats: [rise]),
    ]
  }
}
