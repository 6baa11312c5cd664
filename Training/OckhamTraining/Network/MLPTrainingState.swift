/// Everything that an interrupted training needs to go on as if it had not been interrupted.
///
/// The order of the rows and the dropout are functions of seed, epoch and batch, so the place in the run stands for the
/// generators.
package struct MLPTrainingState: Sendable, Equatable {
  /// The weights as they are.
  package internal(set) var weights: MLPWeights

  /// Adam's running averages of the gradient and of its square.
  var firstMoments: MLPWeights
  var secondMoments: MLPWeights

  /// How often each table row was updated, at most ``AdamW/countLimit``: `[B]`.
  var touches: [Float]

  /// The weights with the best held-out loss (the latest ones when nothing is held out).
  package internal(set) var best: MLPWeights

  /// The numbers beside the weights.
  package internal(set) var progress: Progress

  /// Where a run stands.
  package struct Progress: Sendable, Equatable {
    /// Whole epochs done, and batches done of the one in progress.
    package var epoch = 0
    package var batch = 0

    /// Updates done.
    package var updates = 0

    /// The training loss summed over the batches of the epoch in progress.
    package var epochLoss = 0.0

    /// The best held-out loss and the epochs since.
    package var bestLoss = Double.infinity
    package var epochsSinceBest = 0

    /// The seed and the number of training rows that the run began with.
    package var seed: UInt64
    package var trainingRows: Int
  }

  /// The state before the first batch.
  init(weights: MLPWeights, shape: MLPArchitecture, seed: UInt64, trainingRows: Int) {
    self.weights = weights
    best = weights
    firstMoments = MLPWeights(zerosFor: shape)
    secondMoments = MLPWeights(zerosFor: shape)
    touches = [Float](repeating: 0, count: shape.sparseColumns)
    progress = Progress(seed: seed, trainingRows: trainingRows)
  }
}
