/// How a network is trained.
///
/// The loss is that of ``LogisticParameters``: per head the weighted average of the cross-entropy over its known labels,
/// summed over the heads. Decay is decoupled (AdamW): a weight shrinks by learning rate × decay × weight per update.
package struct MLPParameters: Sendable, Equatable {
  /// The most passes over the data; at least 1.
  package var maximumEpochs = 30

  /// Rows per mini-batch; at least 1.
  package var batchRows = 128

  /// The learning rate after warm-up; above 0.
  package var learningRate: Float = 2e-3

  /// How the learning rate goes on after warm-up.
  package var schedule = LearningRateSchedule.cosine

  /// The updates over which the learning rate rises from 0; at least 0.
  package var warmupUpdates = 50

  /// The decay of embeddings, of W₁ and W₂, and of the wide weights; at least 0. Biases do not decay.
  package var embeddingDecay: Float = 0.1
  package var denseDecay: Float = 0.01
  package var wideDecay: Float = 0.1

  /// The share of the bag's elements that is dropped while training; in 0..<1.
  package var bagDropout: Float = 0

  /// The half-width of the uniform distribution that embeddings start from.
  package var embeddingScale: Float = 0.1

  /// Adam's averaging rates and the floor of its denominator.
  package var firstMomentRate: Float = 0.9
  package var secondMomentRate: Float = 0.999
  package var epsilon: Float = 1e-8

  /// The epochs without a better held-out loss after which training stops; at least 1.
  package var patience = 4

  /// The seed of everything random.
  package var seed: UInt64 = 1

  /// What Σ y and Σ (1 − y) must reach for a head to be learnt; at least 1.
  package var minimumLabelsPerOutcome = 10

  /// Creates the default parameters.
  package init() {}

  /// Throws ``TrainingError/parameter(name:expected:found:)`` for the first setting out of its range.
  package func check() throws(TrainingError) {
    try requireParameter("maximumEpochs", maximumEpochs, "at least 1") { $0 >= 1 }
    try requireParameter("batchRows", batchRows, "at least 1") { $0 >= 1 }
    try requireParameter("warmupUpdates", warmupUpdates, "at least 0") { $0 >= 0 }
    try requireParameter("patience", patience, "at least 1") { $0 >= 1 }
    try requireParameter("minimumLabelsPerOutcome", minimumLabelsPerOutcome, "at least 1") { $0 >= 1 }
    try requireParameter("learningRate", learningRate, "a finite number above 0") { $0 > 0 && $0.isFinite }
    try requireParameter("epsilon", epsilon, "a finite number above 0") { $0 > 0 && $0.isFinite }
    for (name, rate) in [
      ("embeddingDecay", embeddingDecay), ("denseDecay", denseDecay), ("wideDecay", wideDecay),
      ("embeddingScale", embeddingScale),
    ] {
      try requireParameter(name, rate, "a finite number of at least 0") { $0 >= 0 && $0.isFinite }
    }
    for (name, rate) in [
      ("bagDropout", bagDropout), ("firstMomentRate", firstMomentRate), ("secondMomentRate", secondMomentRate),
    ] {
      try requireParameter(name, rate, "in 0..<1") { $0 >= 0 && $0 < 1 }
    }
  }
}
