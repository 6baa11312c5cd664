import Ockham

/// Fits the measure of unfamiliarity and how far the model is believed by it: on rows that were left out, whole foreign families, which are as
/// foreign to the model as whatever will come, and folds of home.
struct UnfamiliarityTraining {
  private let training: HeadTraining
  private let families: Families
  private let means: FamilyMeans
  private var dataset: Dataset { training.context.dataset }
  private var recipe: Recipe { training.context.recipe }

  /// `nil` where no home is told.
  init?(_ training: HeadTraining) {
    guard let families = training.context.families, !families.home.isEmpty else { return nil }
    self.training = training
    self.families = families
    means = FamilyMeans(training.context.dataset, rows: training.rows, families: families)
  }

  /// Fits the measure to all rows of the training, and the share of the base to the plan's held-out rows, each measured by a fit that has
  /// not seen its fold.
  ///
  /// - Parameters:
  ///   - heads: of the training.
  ///   - transform: fitted to all rows of the training.
  func fit(_ heads: TrainedHeads, _ transform: FeatureTransform) throws(TrainingError) -> Unfamiliarity {
    var sample = sample(heads)
    sample.u = try heldOut(transform.scaling)
    return try unfamiliarity(training.rows, transform, blend: BlendFit().fit(sample).blend, training.context.pool)
  }

  private func unfamiliarity(
    _ rows: [Int], _ transform: FeatureTransform, blend: Calibration, _ pool: WorkerPool
  ) throws(TrainingError) -> Unfamiliarity {
    let measure = try HomeMeasure(training.context, families, rows: rows, transform, pool: pool)
    let bases = dataset.tierNames.indices.map { means.estimate($0) ?? .init(mean: 0.5, lower: 0, upper: 1) }
    let present = families.parted(rows).map(\.family)
    return Unfamiliarity(
      weights: measure.weights, bias: measure.bias, blend: blend,
      base: bases.map { Float($0.mean) }, lower: bases.map { Float($0.lower) }, upper: bases.map { Float($0.upper) },
      rise: recipe.rise, home: present.filter(families.home.contains).map { families.names[$0] },
      families: present.map { families.names[$0] })
  }

  // MARK: Held-out rows

  /// u of the plan's held-out rows.
  private func heldOut(_ scaling: FeatureScaling) throws(TrainingError) -> [Float] {
    let none = Calibration.isotonic(x: [0], y: [0])
    return try training.context.alone.map(training.plan) { (_, fold, pool) throws(TrainingError) in
      let transform = FeatureTransform(fitting: dataset, rows: fold.training, scaling: scaling)
      let measure = try unfamiliarity(fold.training, transform, blend: none, pool)
      var ignored = [Float](repeating: 0, count: fold.heldOut.count * dataset.tierNames.count)
      return measure.mix(&ignored, of: fold.heldOut, dataset, transform).u
    }.flatMap(\.self)
  }

  /// The held-out rows with their probabilities, their labels that were measured, and the base without their family; home and the rest
  /// weigh the same, as they do in u, each family of either the same, each row by its mean over tiers.
  private func sample(_ heads: TrainedHeads) -> BlendSample {
    let (rows, measured) = (heads.heldOut.rows, training.measured)
    let tiers = measured.tierNames.count
    let bases = families.names.indices.map { family in
      (0..<tiers).map { tier in (means.estimate(tier, without: family) ?? means.estimate(tier))?.mean ?? 0.5 }
    }
    var (labels, ends) = ([BlendSample.Label](), [Int]())
    let weighed = measured.weighing(families, exponent: 1, rows: rows)
    let present = families.parted(rows).map(\.family)
    let atHome = present.count(where: families.home.contains)
    let more = Double(max(1, present.count - atHome)) / Double(max(1, atHome))
    for (place, row) in rows.enumerated() {
      let known = (0..<tiers).filter { !measured.labels[row, $0].isNaN }
      for tier in known {
        labels.append(
          BlendSample.Label(
            probability: Double(heads.probabilities[place * tiers + tier]), base: bases[families.ofRow[row]][tier],
            quality: Double(measured.labels[row, tier]),
            weight: Double(weighed.weight(ofRow: row, tier: tier)) * (families.isHome(row) ? more : 1)
              / Double(known.count)))
      }
      ends.append(labels.count)
    }
    return BlendSample(u: [], labels: labels, ends: ends)
  }
}
