#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Trains a network by AdamW on shuffled mini-batches, with early stopping on held-out rows.
package struct MLPSolver: Sendable {
  /// The shape of the network.
  package var shape: MLPArchitecture

  /// How to train it.
  package var parameters: MLPParameters

  /// The threads; the weights do not depend on their number.
  package var pool: WorkerPool

  /// Creates a solver.
  package init(shape: MLPArchitecture, parameters: MLPParameters, pool: WorkerPool) {
    self.shape = shape
    self.parameters = parameters
    self.pool = pool
  }

  /// Trains on a problem.
  ///
  /// - Parameters:
  ///   - problem: features, labels, weights, as for ``LogisticSolver``.
  ///   - heldOut: the rows that decide when to stop and are not trained on; when empty, all epochs are run.
  ///   - start: a linear model of the same features that the wide part starts from. The deep part then starts at no
  ///     effect, and the network learns what the linear model misses. It must not have seen the held-out rows.
  ///   - resumed: the state of an interrupted run with the same problem, shape and parameters.
  ///   - report: called after every epoch, with the state to save.
  ///   - isCancelled: asked before every batch; a cancelled run returns what it has, ready to be resumed.
  /// - Throws: ``TrainingError``: a setting out of range, shapes that do not fit, a head without two outcomes among
  ///   the training rows, a state of another run, a loss that is not finite.
  package func solve(
    _ problem: LogisticProblem, heldOut: [Int] = [], from start: LinearModel? = nil,
    resuming resumed: MLPTrainingState? = nil, report: (MLPEpochReport, MLPTrainingState) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> MLPSolution {
    try check(problem, heldOut)
    let data = MLPData(problem, heldOut: heldOut)
    try HeadTargets.requireOutcomes(
      labels: problem.labels, weights: data.trainingWeights, headNames: problem.headNames,
      minimum: parameters.minimumLabelsPerOutcome)
    let state: MLPTrainingState
    if let resumed { state = try checked(resumed, data) } else { state = try firstState(data, from: start) }
    var run = MLPRun(shape: shape, parameters: parameters, pool: pool, data: data, state: state)
    let reason = try run.train(report: report, isCancelled: isCancelled)
    return MLPSolution(
      model: MLPModel(shape: shape, weights: run.state.best), state: run.state, reason: reason)
  }

  private func check(_ problem: LogisticProblem, _ heldOut: [Int]) throws(TrainingError) {
    try shape.check()
    try parameters.check()
    try requireEqual("sparse features, columns", problem.sparse.columns, expected: shape.sparseColumns)
    try requireEqual("dense features, columns", problem.dense.columns, expected: shape.denseColumns)
    try requireEqual("labels, heads", problem.headNames.count, expected: shape.heads)
    for (place, row) in heldOut.enumerated() where !(0..<problem.rows).contains(row) {
      throw .outOfRange(
        subject: "held-out rows", row: place, column: 0, expected: "a row in 0..<\(problem.rows)", found: Float(row))
    }
  }

  private func checked(_ state: MLPTrainingState, _ data: MLPData) throws(TrainingError) -> MLPTrainingState {
    let empty = MLPWeights(zerosFor: shape)
    try requireEqual("resumed state, table", state.weights.table.count, expected: empty.table.count)
    try requireEqual("resumed state, dense weights", state.weights.dense.count, expected: empty.dense.count)
    try requireEqual("resumed state, training rows", state.progress.trainingRows, expected: data.trainingRows.count)
    guard state.progress.seed == parameters.seed else {
      throw .parameter(
        name: "seed", expected: "\(state.progress.seed), as in the resumed run", found: "\(parameters.seed)")
    }
    return state
  }

  /// Random weights, with output biases at the log-odds of each head's average label.
  private func firstState(_ data: MLPData, from start: LinearModel?) throws(TrainingError) -> MLPTrainingState {
    if let start { return try state(data, startingFrom: start) }
    let biases = (0..<shape.heads).map { head in
      var mean = 0.0
      for row in data.trainingRows {
        let place = row * data.training.stride + head
        mean += data.training.weights[place] * data.training.targets[place]
      }
      return Float(log(mean / (1 - mean)))
    }
    let weights = MLPWeights(
      randomFor: shape, embeddingScale: parameters.embeddingScale, outputBias: biases, seed: parameters.seed)
    return MLPTrainingState(
      weights: weights, shape: shape, seed: parameters.seed, trainingRows: data.trainingRows.count)
  }

  /// The wide part as the linear model has it, embeddings and W₁ random, W₂ zero.
  private func state(_ data: MLPData, startingFrom start: LinearModel) throws(TrainingError) -> MLPTrainingState {
    try requireEqual("start, heads", start.heads, expected: shape.heads)
    try requireEqual("start, sparse weights", start.sparse.count, expected: shape.sparseColumns * shape.wideWidth)
    try requireEqual("start, dense weights", start.dense.count, expected: shape.wideDense.count)
    var weights = MLPWeights(
      randomFor: shape, embeddingScale: parameters.embeddingScale, outputBias: start.bias, seed: parameters.seed)
    for column in 0..<shape.sparseColumns {
      let place = column * shape.tableStride + shape.embeddingWidth
      for head in 0..<shape.heads { weights.table[place + head] = start.sparse[column * shape.heads + head] }
    }
    for place in shape.output { weights.dense[place] = 0 }
    weights.dense.replaceSubrange(shape.wideDense, with: start.dense)
    return MLPTrainingState(
      weights: weights, shape: shape, seed: parameters.seed, trainingRows: data.trainingRows.count)
  }
}

/// A trained network and how training went.
package struct MLPSolution: Sendable {
  /// The network with the best held-out loss.
  package var model: MLPModel

  /// The state at the end, to resume from after a cancellation.
  package var state: MLPTrainingState

  /// Why training stopped.
  package var reason: MLPStopReason
}

/// Why the training of a network stopped.
package enum MLPStopReason: Sendable, Equatable {
  /// All epochs were run.
  case epochLimit
  /// The held-out loss stopped improving.
  case earlyStopping
  /// The caller asked to stop.
  case cancelled
}

/// What is reported after each epoch.
package struct MLPEpochReport: Sendable, Equatable {
  /// Epochs done, from 1.
  package var epoch: Int

  /// The training loss, each batch as it was met, summed over the heads.
  package var trainingLoss: Double

  /// The held-out loss, summed over the heads; `nil` when nothing is held out.
  package var heldOutLoss: Double?

  /// Whether the held-out loss is the best so far.
  package var isBest: Bool

  /// Training rows per second of the epoch.
  package var rowsPerSecond: Double
}
