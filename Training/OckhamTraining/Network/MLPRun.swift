import Statistics

/// The rows of a problem, parted into those that train and those that are held out.
struct MLPData: Sendable {
  let problem: LogisticProblem
  let trainingRows: [Int]
  let heldOutRows: [Int]
  let training: HeadTargets
  let heldOut: HeadTargets

  /// The weights with those of the held-out rows at 0.
  let trainingWeights: [Float]

  init(_ problem: LogisticProblem, heldOut rows: [Int]) {
    let excluded = Set(rows)
    self.problem = problem
    trainingRows = (0..<problem.rows).filter { !excluded.contains($0) && problem.weights[$0] > 0 }
    heldOutRows = excluded.sorted()
    trainingWeights = problem.weights.indices.map { excluded.contains($0) ? 0 : problem.weights[$0] }
    training = HeadTargets(labels: problem.labels, weights: trainingWeights, factors: problem.factors)
    heldOut = HeadTargets(
      labels: problem.labels,
      weights: problem.weights.indices.map { excluded.contains($0) ? problem.weights[$0] : 0 },
      factors: problem.factors)
  }
}

/// One training run in progress.
struct MLPRun {
  let shape: MLPArchitecture
  let parameters: MLPParameters
  let pool: WorkerPool
  let data: MLPData
  private(set) var state: MLPTrainingState
  private let optimiser: AdamW
  private var assembly: MiniBatchAssembly

  init(
    shape: MLPArchitecture, parameters: MLPParameters, pool: WorkerPool, data: MLPData, state: MLPTrainingState
  ) {
    self.shape = shape
    self.parameters = parameters
    self.pool = pool
    self.data = data
    self.state = state
    optimiser = AdamW(parameters)
    assembly = MiniBatchAssembly(columns: shape.sparseColumns)
  }

  private var batchesPerEpoch: Int { (data.trainingRows.count + parameters.batchRows - 1) / parameters.batchRows }

  /// Runs epochs until one of the reasons to stop holds.
  mutating func train(
    report: (MLPEpochReport, MLPTrainingState) -> Void, isCancelled: () -> Bool
  ) throws(TrainingError) -> MLPStopReason {
    if state.progress.updates == 0, !data.heldOutRows.isEmpty { state.progress.bestLoss = evaluateHeldOut() }
    while state.progress.epoch < parameters.maximumEpochs {
      if state.progress.epochsSinceBest >= parameters.patience { return .earlyStopping }
      let start = ContinuousClock.now
      let firstBatch = state.progress.batch
      guard try runBatches(isCancelled) else { return .cancelled }
      let rows = data.trainingRows.count - firstBatch * parameters.batchRows
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      report(finishEpoch(rowsPerSecond: Double(rows) / max(seconds, 1e-9)), state)
    }
    return state.progress.epochsSinceBest >= parameters.patience ? .earlyStopping : .epochLimit
  }

  /// Runs what is left of the epoch; false when cancelled.
  private mutating func runBatches(_ isCancelled: () -> Bool) throws(TrainingError) -> Bool {
    var generator = SplitMix64(seed: parameters.seed, 2, UInt64(state.progress.epoch))
    let order = generator.permutation(of: data.trainingRows.count)
    let batches = fixedChunks(of: order.count, size: parameters.batchRows)
    while state.progress.batch < batches.count {
      if isCancelled() { return false }
      let rows = order[batches[state.progress.batch]].map { data.trainingRows[$0] }
      let loss = runBatch(rows)
      guard loss.isFinite else { throw .diverged(subject: "network", iteration: state.progress.updates) }
      state.progress.epochLoss += loss
      state.progress.batch += 1
    }
    return true
  }

  /// One update; returns the batch's part of the training loss.
  private mutating func runBatch(_ rows: [Int]) -> Double {
    let batch = assembly.assemble(data.problem.sparse, rows: rows)
    let (loss, gradient) = lossAndGradient(batch, rows, mask: dropoutMask(rows.count))
    let total = batchesPerEpoch * parameters.maximumEpochs
    let rate =
      parameters.learningRate
      * parameters.schedule.factor(update: state.progress.updates, warmup: parameters.warmupUpdates, total: total)
    state.progress.updates += 1
    optimiser.update(
      &state, by: gradient, touched: batch.touched, shape: shape, parameters: parameters, rate: rate, pool: pool)
    return loss
  }

  /// The batch's part of the training loss, and the gradient of its estimate of the whole: parts × n / b.
  func lossAndGradient(_ batch: MiniBatch, _ rows: [Int], mask: [Float]) -> (loss: Double, gradient: MLPGradient) {
    let forward = MLPForward(
      features: batch.features, dense: data.problem.dense, rows: rows, mask: mask, shape: shape, weights: state.weights,
      pool: pool)
    let scale = Double(data.trainingRows.count) / Double(rows.count)
    var delta = forward.logits
    let loss = Self.replaceByDerivatives(&delta, of: data.training, rows: rows, heads: shape.heads, scale: scale)
    let gradient = MLPGradient(
      delta: delta, forward: forward, batch: batch, shape: shape, weights: state.weights, pool: pool)
    return (loss, gradient)
  }

  /// Replaces logits, `[b × T]`, by the derivatives of the loss times `scale`; returns the loss (not scaled).
  private static func replaceByDerivatives(
    _ logits: inout [Float], of targets: HeadTargets, rows: [Int], heads: Int, scale: Double
  ) -> Double {
    var loss = 0.0
    var scratch = [Double](repeating: 0, count: targets.stride)
    for (place, row) in rows.enumerated() {
      for head in 0..<heads { scratch[head] = Double(logits[place * heads + head]) }
      var span = scratch.mutableSpan
      loss += targets.evaluate(row: row, logits: &span, offset: 0)
      for head in 0..<heads { logits[place * heads + head] = Float(span[head] * scale) }
    }
    return loss
  }

  /// Per element of the bag 0 with probability p, else 1 / (1 − p); empty when nothing is dropped.
  private func dropoutMask(_ rows: Int) -> [Float] {
    guard parameters.bagDropout > 0 else { return [] }
    var generator = SplitMix64(
      seed: parameters.seed, 3, UInt64(state.progress.epoch), UInt64(state.progress.batch))
    let kept = 1 / (1 - parameters.bagDropout)
    return (0..<rows * shape.embeddingWidth).map { _ in generator.nextUnit() < parameters.bagDropout ? 0 : kept }
  }
}

extension MLPRun {
  /// Weighs the epoch: held-out loss, best weights, patience.
  private mutating func finishEpoch(rowsPerSecond: Double) -> MLPEpochReport {
    let heldOutLoss = data.heldOutRows.isEmpty ? nil : evaluateHeldOut()
    let isBest = heldOutLoss.map { $0 < state.progress.bestLoss } ?? true
    if isBest {
      state.best = state.weights
      state.progress.bestLoss = heldOutLoss ?? .infinity
    }
    state.progress.epochsSinceBest = isBest ? 0 : state.progress.epochsSinceBest + 1
    let report = MLPEpochReport(
      epoch: state.progress.epoch + 1, trainingLoss: state.progress.epochLoss, heldOutLoss: heldOutLoss,
      isBest: isBest, rowsPerSecond: rowsPerSecond)
    state.progress.epoch += 1
    state.progress.batch = 0
    state.progress.epochLoss = 0
    return report
  }

  private func evaluateHeldOut() -> Double {
    var loss = 0.0
    for block in fixedChunks(of: data.heldOutRows.count, size: 256) {
      let rows = Array(data.heldOutRows[block])
      var logits = MLPForward(
        sparse: data.problem.sparse, dense: data.problem.dense, rows: rows, shape: shape, weights: state.weights,
        pool: pool
      ).logits
      loss += Self.replaceByDerivatives(&logits, of: data.heldOut, rows: rows, heads: shape.heads, scale: 1)
    }
    return loss
  }
}
