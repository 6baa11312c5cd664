import Testing

@testable import OckhamTraining

@Suite("Network training")
struct MLPSolverTests {
  private var parameters: MLPParameters {
    var parameters = MLPParameters()
    parameters.maximumEpochs = 6
    parameters.batchRows = 32
    parameters.warmupUpdates = 5
    parameters.bagDropout = 0.1
    parameters.minimumLabelsPerOutcome = 1
    return parameters
  }

  private func solver(
    _ problem: LogisticProblem, _ parameters: MLPParameters? = nil, threads: Int = 1
  ) -> MLPSolver {
    let shape = MLPArchitecture(
      sparseColumns: problem.sparse.columns, denseColumns: problem.dense.columns, heads: problem.headNames.count,
      embeddingWidth: 6, hiddenWidth: 8)
    return MLPSolver(shape: shape, parameters: parameters ?? self.parameters, pool: WorkerPool(threads: threads))
  }

  private func problem() throws -> LogisticProblem {
    try Fixture.problem(rows: 230, columns: 60, denseColumns: 4, heads: 2, density: 0.1)
  }

  @Test("the same weights for any number of threads", arguments: [2, 3, 5])
  func threads(count: Int) throws {
    // Enough rows and columns for every parallel loop to have several chunks.
    let problem = try Fixture.problem(rows: 300, columns: 3_000, denseColumns: 4, heads: 2, density: 0.05)
    var parameters = parameters
    parameters.batchRows = 128
    parameters.maximumEpochs = 2
    let held = Array(0..<40)
    let one = try solver(problem, parameters).solve(problem, heldOut: held)
    let many = try solver(problem, parameters, threads: count).solve(problem, heldOut: held)
    #expect(one.model == many.model)
    #expect(one.state == many.state)
  }

  @Test("an interrupted run goes on to the same bits, wherever it stopped", arguments: [0, 1, 5, 6, 7, 20, 35])
  func resume(batches: Int) throws {
    let problem = try problem()
    let solver = solver(problem)
    let held = Array(0..<40)
    let whole = try solver.solve(problem, heldOut: held)
    var asked = 0
    let first = try solver.solve(
      problem, heldOut: held,
      isCancelled: {
        asked += 1
        return asked > batches
      })
    #expect(first.reason == .cancelled)
    let saved = first.state.tensors
    let restored = try MLPTrainingState(tensors: saved, shape: solver.shape)
    #expect(restored == first.state)
    let second = try solver.solve(problem, heldOut: held, resuming: restored)
    #expect(second.state == whole.state)
    #expect(second.model == whole.model)
    #expect(second.reason == whole.reason)
  }

  @Test("a state reported after an epoch can be resumed too")
  func resumeEpoch() throws {
    let problem = try problem()
    let solver = solver(problem)
    var saved: [MLPTrainingState] = []
    let whole = try solver.solve(problem, report: { saved.append($1) })
    #expect(saved.count == 6)
    #expect(try solver.solve(problem, resuming: saved[2]).model == whole.model)
    #expect(whole.reason == .epochLimit)
    #expect(whole.model.weights == whole.state.weights)
  }

  @Test("a saved state that is damaged is rejected")
  func damagedState() throws {
    let problem = try problem()
    let solver = solver(problem)
    let state = try solver.solve(problem, isCancelled: { true }).state
    for (index, tensor) in state.tensors.enumerated() {
      for values in [nil, tensor.values + [0], [.nan] + tensor.values.dropFirst()] {
        var tensors = state.tensors
        if let values { tensors[index].values = values } else { tensors.remove(at: index) }
        #expect(throws: TrainingError.self) { try MLPTrainingState(tensors: tensors, shape: solver.shape) }
      }
    }
    var fraction = state.tensors
    fraction[8].values[0] = 0.5
    #expect(throws: TrainingError.self) { try MLPTrainingState(tensors: fraction, shape: solver.shape) }
    fraction = state.tensors
    fraction[9].values[3] = 40_000
    #expect(throws: TrainingError.self) { try MLPTrainingState(tensors: fraction, shape: solver.shape) }
  }

  @Test("a state of another run is rejected")
  func otherRun() throws {
    let problem = try problem()
    let state = try solver(problem).solve(problem, isCancelled: { true }).state
    var other = parameters
    other.seed = 2
    #expect(throws: TrainingError.parameter(name: "seed", expected: "1, as in the resumed run", found: "2")) {
      try solver(problem, other).solve(problem, resuming: state)
    }
    #expect(throws: TrainingError.shape(subject: "resumed state, training rows", expected: 229, found: 230)) {
      try solver(problem).solve(problem, heldOut: [5], resuming: state)
    }
  }

  @Test("another seed gives other weights")
  func seeds() throws {
    let problem = try problem()
    var other = parameters
    other.seed = 2
    #expect(try solver(problem).solve(problem).model != solver(problem, other).solve(problem).model)
  }

  /// Labels that are the exclusive or of the signs of two dense features: nothing linear in it.
  private func exclusiveOr(rows: Int) throws -> LogisticProblem {
    let dense = Fixture.dense(rows: rows, columns: 2)
    let labels = (0..<rows).map { Float((dense[$0, 0] > 0) != (dense[$0, 1] > 0) ? 1 : 0) }
    return try LogisticProblem(
      sparse: Fixture.sparse(rows: rows, columns: 3), dense: DenseRows(dense),
      labels: DenseMatrix(rows: rows, columns: 1, values: labels), headNames: ["xor"])
  }

  @Test("learns an exclusive or, which no linear model can")
  func learnsExclusiveOr() throws {
    let problem = try exclusiveOr(rows: 600)
    var parameters = parameters
    parameters.maximumEpochs = 80
    parameters.learningRate = 0.01
    parameters.patience = 80
    parameters.bagDropout = 0
    var losses: [Double] = []
    let held = Array(0..<100)
    _ = try solver(problem, parameters).solve(problem, heldOut: held) { report, _ in
      losses.append(report.heldOutLoss ?? .nan)
    }
    #expect(losses[0] > 0.5)
    #expect(losses.last ?? 1 < 0.25)
  }

  @Test("stops early and keeps the best weights")
  func earlyStopping() throws {
    let problem = try problem()
    var parameters = parameters
    parameters.maximumEpochs = 200
    parameters.learningRate = 0.02
    parameters.patience = 3
    parameters.schedule = .constant
    var reports: [MLPEpochReport] = []
    let solution = try solver(problem, parameters).solve(problem, heldOut: Array(0..<60)) { report, _ in
      reports.append(report)
    }
    let losses = reports.compactMap(\.heldOutLoss)
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(solution.reason == .earlyStopping)
    #expect(reports.count == best + 4)
    #expect(reports[best].isBest && !reports[best + 1].isBest)
    #expect(reports.map(\.epoch) == Array(1...reports.count))
    parameters.maximumEpochs = best + 1
    let short = try solver(problem, parameters).solve(problem, heldOut: Array(0..<60))
    #expect(short.model == solution.model)
  }

  @Test("an overflowing network is an error, not a model")
  func divergence() throws {
    let problem = try problem()
    var parameters = parameters
    parameters.learningRate = 1e30
    parameters.maximumEpochs = 20
    #expect(throws: TrainingError.self) { try solver(problem, parameters).solve(problem) }
  }

  @Test(
    "bad settings are named",
    arguments: [
      "maximumEpochs", "batchRows", "warmupUpdates", "patience", "minimumLabelsPerOutcome", "learningRate", "epsilon",
      "embeddingDecay", "denseDecay", "wideDecay", "embeddingScale", "bagDropout", "firstMomentRate",
      "secondMomentRate",
    ])
  func badParameters(name: String) {
    var parameters = MLPParameters()
    switch name {
    case "maximumEpochs": parameters.maximumEpochs = 0
    case "batchRows": parameters.batchRows = 0
    case "warmupUpdates": parameters.warmupUpdates = -1
    case "patience": parameters.patience = 0
    case "minimumLabelsPerOutcome": parameters.minimumLabelsPerOutcome = 0
    case "learningRate": parameters.learningRate = 0
    case "epsilon": parameters.epsilon = .nan
    case "embeddingDecay": parameters.embeddingDecay = -1
    case "denseDecay": parameters.denseDecay = .infinity
    case "wideDecay": parameters.wideDecay = -1
    case "embeddingScale": parameters.embeddingScale = -1
    case "bagDropout": parameters.bagDropout = 1
    case "firstMomentRate": parameters.firstMomentRate = 1
    default: parameters.secondMomentRate = -0.1
    }
    #expect { try parameters.check() } throws: { error in
      guard case TrainingError.parameter(let found, _, _) = error else { return false }
      return found == name
    }
  }

  @Test("shapes and held-out rows that do not fit are named")
  func misfits() throws {
    let problem = try problem()
    var wrong = solver(problem)
    wrong.shape.heads = 3
    #expect(throws: TrainingError.shape(subject: "labels, heads", expected: 3, found: 2)) { try wrong.solve(problem) }
    wrong.shape.embeddingWidth = 0
    #expect(throws: TrainingError.parameter(name: "embeddingWidth", expected: "1…1024", found: "0")) {
      try wrong.solve(problem)
    }
    #expect(throws: TrainingError.self) { try solver(problem).solve(problem, heldOut: [230]) }
    #expect(throws: TrainingError.noLabels(head: "h0", rows: 230)) {
      try solver(problem).solve(problem, heldOut: Array(0..<230))
    }
  }
}
