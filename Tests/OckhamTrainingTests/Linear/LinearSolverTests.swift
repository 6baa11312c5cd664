import Testing

@testable import OckhamTraining

/// A fit by scikit-learn.
private struct LinearGolden: Decodable {
  var rows: Int
  var columns: Int
  var rowStarts: [Int]
  var columnIndices: [Int32]
  var values: [Float]
  var dense: [Float]
  var denseColumns: Int
  var weights: [Float]
  var l2Sparse: Double
  var l2Dense: Double
  var labels: [[Float?]]
  var logisticSparse: [Double]
  var logisticDense: [Double]
  var logisticBias: [Double]
  var classes: [Int?]
  var softmaxSparse: [Double]
  var softmaxDense: [Double]
  var softmaxBias: [Double]

  func sparseMatrix() throws -> CSRMatrix {
    try CSRMatrix(
      rows: rows, columns: columns, rowStarts: rowStarts, columnIndices: columnIndices, values: values)
  }

  func denseMatrix() throws -> DenseMatrix { try DenseMatrix(rows: rows, columns: denseColumns, values: dense) }

  var parameters: LogisticParameters {
    LogisticParameters(l2Sparse: l2Sparse, l2Dense: l2Dense, gradientTolerance: 1e-9, maximumIterations: 2_000)
  }

  func logisticProblem() throws -> LogisticProblem {
    let labels = try DenseMatrix(rows: rows, columns: 2, values: labels.flatMap { $0.map { $0 ?? .nan } })
    return try LogisticProblem(
      sparse: sparseMatrix(), dense: DenseRows(denseMatrix()), labels: labels, weights: weights,
      headNames: ["small", "mid"])
  }
}

@Suite("Linear solvers")
struct LinearSolverTests {
  private let pool = WorkerPool(threads: 2)

  @Test("logistic coefficients agree with scikit-learn: hard, soft, missing, weighted, two penalties")
  func logisticGolden() throws {
    let golden: LinearGolden = try Fixture.golden("linear")
    let solution = try LogisticSolver(parameters: golden.parameters, pool: pool).solve(golden.logisticProblem())
    #expect(solution.reason == .converged)
    #expect(Fixture.distance(solution.model.sparse, golden.logisticSparse) < 1e-5)
    #expect(Fixture.distance(solution.model.dense, golden.logisticDense) < 1e-5)
    #expect(Fixture.distance(solution.model.bias, golden.logisticBias) < 1e-5)
  }

  @Test("softmax coefficients agree with scikit-learn")
  func softmaxGolden() throws {
    let golden: LinearGolden = try Fixture.golden("linear")
    let problem = try SoftmaxProblem(
      sparse: golden.sparseMatrix(), dense: DenseRows(golden.denseMatrix()), classes: golden.classes, classCount: 4,
      weights: golden.weights, headName: "task")
    let solution = try SoftmaxSolver(parameters: golden.parameters, pool: pool).solve(problem)
    #expect(Fixture.distance(solution.model.sparse, golden.softmaxSparse) < 1e-4)
    #expect(Fixture.distance(solution.model.dense, golden.softmaxDense) < 1e-4)
    #expect(Fixture.distance(solution.model.bias, golden.softmaxBias) < 1e-4)
  }

  @Test("a warm start needs fewer iterations and ends at the same place")
  func warmStart() throws {
    let problem = try Fixture.problem(rows: 400, columns: 50, denseColumns: 5, heads: 3, density: 0.2)
    var solver = LogisticSolver(parameters: LogisticParameters(l2Sparse: 1e-3, l2Dense: 1e-3), pool: pool)
    let first = try solver.solve(problem)
    #expect(try solver.solve(problem, from: first.model).iterations <= 1)
    solver.parameters.l2Sparse = 8e-4
    let (cold, warm) = (try solver.solve(problem), try solver.solve(problem, from: first.model))
    #expect(warm.iterations < cold.iterations)
    #expect(Fixture.distance(warm.model.sparse, cold.model.sparse.map(Double.init)) < 5e-3)
    #expect(abs(warm.loss - cold.loss) < 1e-7)
  }

  @Test("stops at the limit of rounding when the tolerance cannot be met")
  func roundingLimit() throws {
    let problem = try Fixture.problem(rows: 400, columns: 50, denseColumns: 5, heads: 3, density: 0.2)
    let parameters = LogisticParameters(gradientTolerance: 1e-25, maximumIterations: 5_000)
    let solution = try LogisticSolver(parameters: parameters, pool: pool).solve(problem)
    #expect(solution.reason == .lineSearchFailed)
    #expect(solution.gradientNorm < 1e-14)
    #expect(solution.iterations < 1_000)
  }

  @Test("reports, and stops when asked")
  func cancellation() throws {
    let problem = try Fixture.problem(rows: 100, columns: 20, denseColumns: 2, heads: 2)
    let solver = LogisticSolver(parameters: LogisticParameters(), pool: pool)
    var iterations = 0
    let solution = try solver.solve(
      problem, report: { iterations = $0.iteration }, isCancelled: { iterations == 2 })
    #expect(solution.reason == .cancelled)
    #expect(solution.iterations == 2)
  }

  @Test("a model's logits are X · W + D · V + b", arguments: [0, 1, 255, 256, 600])
  func logits(rows: Int) throws {
    for heads in 1...3 {
      let (sparse, dense) = (Fixture.sparse(rows: rows, columns: 5), Fixture.dense(rows: rows, columns: 2))
      let all = Fixture.dense(rows: 8, columns: heads).values
      let model = try LinearModel(
        sparse: Array(all[..<(5 * heads)]), dense: Array(all[(5 * heads)..<(7 * heads)]),
        bias: Array(all[(7 * heads)...]))
      let logits = try model.logits(sparse: sparse, dense: DenseRows(dense), pool: pool)
      let (x, d) = (Fixture.rows(sparse), Fixture.rows(dense))
      for row in 0..<rows {
        let features = x[row] + d[row] + [1]
        for head in 0..<heads {
          let expected = features.indices.reduce(0) { $0 + features[$1] * Double(all[$1 * heads + head]) }
          #expect(abs(Double(logits[row, head]) - expected) < 1e-5)
        }
      }
    }
  }

  @Test("a model that does not fit is rejected")
  func misfit() throws {
    let model = try LinearModel(sparse: [1, 2], dense: [], bias: [0, 0])
    #expect(throws: TrainingError.shape(subject: "sparse features, columns", expected: 1, found: 3)) {
      try model.logits(
        sparse: Fixture.sparse(rows: 2, columns: 3), dense: DenseRows(Fixture.dense(rows: 2, columns: 0)), pool: pool)
    }
    let problem = try Fixture.problem(rows: 50, columns: 3, denseColumns: 1, heads: 2)
    #expect(throws: TrainingError.shape(subject: "starting model, sparse columns", expected: 3, found: 1)) {
      try LogisticSolver(parameters: LogisticParameters(minimumLabelsPerOutcome: 1), pool: pool)
        .solve(problem, from: model)
    }
    #expect(throws: TrainingError.self) { try LinearModel(sparse: [1], dense: [], bias: [0, 0]) }
    #expect(throws: TrainingError.self) { try LinearModel(sparse: [], dense: [], bias: []) }
  }
}
