import Ockham

/// Fits the measure of unfamiliarity and how far it is believed: on rows of families that were left out, whose requests are as
/// foreign to the model as whatever will come.
struct UnfamiliarityTraining {
  private let training: HeadTraining
  private let families: Families
  private let means: FamilyMeans
  private var dataset: Dataset { training.context.dataset }
  private var recipe: Recipe { training.context.recipe }

  /// What the shares of unseen buckets and of clipped features count, the simplest first.
  private static let weights: [(grams: Float, dense: Float)] = [
    (1, 0), (0, 1), (1, 0.5), (1, 1), (0.5, 1), (1, 0.25), (0.25, 1),
  ]

  /// `nil` where no families are left out.
  init?(_ training: HeadTraining) {
    guard let families = training.context.families else { return nil }
    self.training = training
    self.families = families
    means = FamilyMeans(training.context.dataset, rows: training.rows, families: families)
  }

  /// Fits the measure to the plan's held-out rows, and takes note of what all rows of the training have seen.
  ///
  /// - Parameters:
  ///   - heads: of the training.
  ///   - transform: fitted to all rows of the training.
  func fit(_ heads: TrainedHeads, _ transform: FeatureTransform) throws(TrainingError) -> Unfamiliarity {
    let shares = try heldOutShares(transform.scaling)
    let choice = choose(shares, sample(heads))
    let bases = dataset.tierNames.indices.map { means.estimate($0) ?? .init(mean: 0.5, lower: 0, upper: 1) }
    let counts = BucketCounts(dataset.grams, rows: training.rows, bucketCount: dataset.options.bucketCount)
    return Unfamiliarity(
      seen: counts.seen(minimum: choice.minimumRows), weights: choice.weights, blend: choice.result.blend,
      base: bases.map { Float($0.mean) }, lower: bases.map { Float($0.lower) }, upper: bases.map { Float($0.upper) },
      rise: recipe.rise, minimumRows: choice.minimumRows,
      families: families.parted(training.rows).map { families.names[$0.family] })
  }

  // MARK: Choice

  private struct Choice {
    let minimumRows: Int
    let weights: (grams: Float, dense: Float)
    let result: BlendFit.Result
  }

  /// The measure with the least loss of all that are tried; of equals the first.
  private func choose(_ shares: HeldOutShares, _ sample: BlendSample) -> Choice {
    let tried = recipe.seenRowCounts.indices.flatMap { count in Self.weights.map { (count, $0) } }
    let slots = ResultSlots<BlendFit.Result>(count: tried.count)
    training.context.pool.forEach(tried.count) { index in
      let (count, weights) = tried[index]
      var sample = sample
      sample.u = zip(shares.unseen[count], shares.clipped).map {
        Unfamiliarity.measure(unseen: $0, clipped: $1, weights: weights)
      }
      slots.set(BlendFit().fit(sample), at: index)
    }
    let results = slots.values
    let best = results.indices.reduce(0) { results[$1].loss < results[$0].loss ? $1 : $0 }
    return Choice(
      minimumRows: recipe.seenRowCounts[tried[best].0], weights: tried[best].1, result: results[best])
  }

  // MARK: Held-out rows

  /// g and d of the plan's held-out rows, by what their fold has seen.
  private struct HeldOutShares {
    /// By candidate for the number of rows that make a bucket seen.
    var unseen: [[Float]]
    var clipped: [Float]
  }

  private func heldOutShares(_ scaling: FeatureScaling) throws(TrainingError) -> HeldOutShares {
    let (dataset, minimums) = (dataset, recipe.seenRowCounts)
    let parts = try training.context.alone.map(training.plan) { (_, fold, _) in
      let counts = BucketCounts(dataset.grams, rows: fold.training, bucketCount: dataset.options.bucketCount)
      let transform = FeatureTransform(fitting: dataset, rows: fold.training, scaling: scaling)
      let unseen = minimums.map { minimum in
        fold.heldOut.map { row in
          Unfamiliarity.unseenShare(
            counts.unseen(dataset.grams, row: row, minimum: minimum), of: dataset.grams.range(ofRow: row).count)
        }
      }
      let clipped = fold.heldOut.map { row in
        Unfamiliarity.clippedShare(transform.clippedCount(dataset, row: row), of: dataset.denseColumns)
      }
      return HeldOutShares(unseen: unseen, clipped: clipped)
    }
    return HeldOutShares(
      unseen: minimums.indices.map { index in parts.flatMap { $0.unseen[index] } }, clipped: parts.flatMap(\.clipped))
  }

  /// The held-out rows with their probabilities, their labels that were measured, and the base without their family; each family
  /// weighs the same, each row by its mean over tiers.
  private func sample(_ heads: TrainedHeads) -> BlendSample {
    let (rows, measured) = (heads.heldOut.rows, training.measured)
    let tiers = measured.tierNames.count
    let bases = families.names.indices.map { family in
      (0..<tiers).map { tier in (means.estimate(tier, without: family) ?? means.estimate(tier))?.mean ?? 0.5 }
    }
    var (labels, ends) = ([BlendSample.Label](), [Int]())
    let weighed = measured.weighing(families, exponent: 1, rows: rows)
    for (place, row) in rows.enumerated() {
      let known = (0..<tiers).filter { !measured.labels[row, $0].isNaN }
      for tier in known {
        labels.append(
          BlendSample.Label(
            probability: Double(heads.probabilities[place * tiers + tier]), base: bases[families.ofRow[row]][tier],
            quality: Double(measured.labels[row, tier]),
            weight: Double(weighed.weight(ofRow: row, tier: tier)) / Double(known.count)))
      }
      ends.append(labels.count)
    }
    return BlendSample(u: [], labels: labels, ends: ends)
  }
}
