import Foundation
import Testing

@testable import OckhamTraining

@Suite("Linear objectives")
struct LinearObjectiveTests {
  private let parameters = LogisticParameters(l2Sparse: 0.03, l2Dense: 0.07, minimumLabelsPerOutcome: 1)

  private func objective(
    _ problem: LogisticProblem, threads: Int = 1
  ) throws -> LinearObjective<HeadTargets> {
    try LogisticSolver(parameters: parameters, pool: WorkerPool(threads: threads)).objective(for: problem)
  }

  private func softmax(rows: Int, columns: Int, denseColumns: Int, classes: Int) throws -> SoftmaxProblem {
    try SoftmaxProblem(
      sparse: Fixture.sparse(rows: rows, columns: columns),
      dense: DenseRows(Fixture.dense(rows: rows, columns: denseColumns)),
      classes: (0..<rows).map { $0 % 4 == 3 ? nil : $0 % 4 == 2 ? $0 * 7 % classes : $0 % 2 }, classCount: classes,
      weights: Fixture.weights(rows), headName: "task")
  }

  /// The objective as the documentation states it, row by row in plain loops.
  private func plainLoss(_ problem: LogisticProblem, _ point: [Double], _ layout: LinearLayout) -> Double {
    let (x, d) = (Fixture.rows(problem.sparse), Fixture.rows(problem.dense))
    var total = plainPenalty(point, layout)
    for head in 0..<layout.heads {
      var (sum, weight) = (0.0, 0.0)
      for row in 0..<problem.rows where !problem.labels[row, head].isNaN {
        let z = plainLogit(x[row] + d[row] + [1], point, layout, head)
        let y = Double(problem.labels[row, head])
        let p = 1 / (1 + exp(-z))
        sum -= Double(problem.weights[row]) * (y * log(p) + (1 - y) * log(1 - p))
        weight += Double(problem.weights[row])
      }
      total += sum / weight
    }
    return total
  }

  private func plainSoftmaxLoss(_ problem: SoftmaxProblem, _ point: [Double], _ layout: LinearLayout) -> Double {
    let (x, d) = (Fixture.rows(problem.design.sparse), Fixture.rows(problem.design.dense))
    var (sum, weight) = (0.0, 0.0)
    for (row, label) in problem.classes.enumerated() {
      guard let label else { continue }
      let z = (0..<layout.heads).map { plainLogit(x[row] + d[row] + [1], point, layout, $0) }
      sum += Double(problem.weights[row]) * (log(z.map(exp).reduce(0, +)) - z[label])
      weight += Double(problem.weights[row])
    }
    return sum / weight + plainPenalty(point, layout)
  }

  private func plainLogit(_ features: [Double], _ point: [Double], _ layout: LinearLayout, _ head: Int) -> Double {
    features.indices.reduce(0) { $0 + features[$1] * point[$1 * layout.stride + head] }
  }

  private func plainPenalty(_ point: [Double], _ layout: LinearLayout) -> Double {
    0.5 * parameters.l2Sparse * point[layout.sparse].reduce(0) { $0 + $1 * $1 }
      + 0.5 * parameters.l2Dense * point[layout.dense].reduce(0) { $0 + $1 * $1 }
  }

  /// Central differences without the padding, which must have gradient 0.
  private func expectGradient(
    _ gradient: [Double], at point: [Double], _ layout: LinearLayout, _ value: ([Double]) -> Double
  ) {
    let differences = Fixture.differences(at: point, value)
    for place in gradient.indices {
      let expected = place % layout.stride < layout.heads ? differences[place] : 0
      #expect(abs(gradient[place] - expected) < 1e-8)
    }
  }

  @Test("value and gradient, all small sizes", arguments: 2...9)
  func logisticSweep(rows: Int) throws {
    for columns in 0...9 {
      for heads in 1...5 {
        let problem = try Fixture.problem(
          rows: rows, columns: columns, denseColumns: (columns + heads) % 4, heads: heads)
        var objective = try objective(problem)
        let layout = objective.layout
        let point = Fixture.parameters(layout)
        var gradient = [Double](repeating: .nan, count: objective.dimension)
        let value = objective.evaluate(at: point, gradient: &gradient)
        #expect(abs(value - plainLoss(problem, point, layout)) < 1e-10)
        expectGradient(gradient, at: point, layout) { plainLoss(problem, $0, layout) }
      }
    }
  }

  @Test("softmax value and gradient, all small sizes", arguments: 2...9)
  func softmaxSweep(rows: Int) throws {
    for columns in [0, 1, 4, 7] {
      for classes in 2...5 {
        let problem = try softmax(rows: rows, columns: columns, denseColumns: columns % 3, classes: classes)
        var objective = try SoftmaxSolver(parameters: parameters, pool: WorkerPool(threads: 1))
          .objective(for: problem)
        let layout = objective.layout
        let point = Fixture.parameters(layout)
        var gradient = [Double](repeating: .nan, count: objective.dimension)
        let value = objective.evaluate(at: point, gradient: &gradient)
        #expect(abs(value - plainSoftmaxLoss(problem, point, layout)) < 1e-10)
        expectGradient(gradient, at: point, layout) { plainSoftmaxLoss(problem, $0, layout) }
      }
    }
  }

  @Test("more rows than one block or chunk holds")
  func manyRows() throws {
    for rows in [255, 256, 257, 1_000, 17_000] {
      let problem = try Fixture.problem(rows: rows, columns: 6, denseColumns: 3, heads: 2)
      var objective = try objective(problem)
      let point = Fixture.parameters(objective.layout)
      var gradient = [Double](repeating: 0, count: objective.dimension)
      let value = objective.evaluate(at: point, gradient: &gradient)
      #expect(abs(value - plainLoss(problem, point, objective.layout)) < 1e-9)
    }
  }

  @Test("the same bits for any number of threads", arguments: [2, 3, 5])
  func threads(count: Int) throws {
    let problem = try Fixture.problem(rows: 3_000, columns: 400, denseColumns: 7, heads: 3, density: 0.05)
    var (one, many) = (try objective(problem), try objective(problem, threads: count))
    let point = Fixture.parameters(one.layout)
    var (first, second) = (point, point)
    #expect(one.evaluate(at: point, gradient: &first) == many.evaluate(at: point, gradient: &second))
    #expect(first == second)
    let solved = try [1, count].map { threads in
      try LogisticSolver(parameters: parameters, pool: WorkerPool(threads: threads)).solve(problem)
    }
    #expect(solved[0].model == solved[1].model)
    #expect(solved[0].loss.bitPattern == solved[1].loss.bitPattern)
  }

  @Test("logits of extreme size stay finite")
  func extremes() throws {
    let problem = try Fixture.problem(rows: 8, columns: 3, denseColumns: 2, heads: 2)
    var objective = try objective(problem)
    let point = Fixture.parameters(objective.layout).map { $0 * 1e5 }
    var gradient = point
    #expect(objective.evaluate(at: point, gradient: &gradient).isFinite)
    #expect(gradient.allSatisfy { $0.isFinite })
  }

  @Test("a row of weight 0 is as good as absent")
  func zeroWeights() throws {
    let full = try Fixture.problem(rows: 60, columns: 8, denseColumns: 2, heads: 2)
    let kept = Array(0..<40)
    let reweighted = try full.reweighted((0..<60).map { $0 < 40 ? full.weights[$0] : 0 })
    let cut = try LogisticProblem(
      sparse: full.sparse.selectingRows(kept), dense: DenseRows(full.dense.selectingRows(kept)),
      labels: full.labels.selectingRows(kept), weights: Array(full.weights[..<40]), headNames: full.headNames)
    let solver = LogisticSolver(parameters: parameters, pool: WorkerPool(threads: 1))
    let (a, b) = (try solver.solve(reweighted), try solver.solve(cut))
    #expect(Fixture.distance(a.model.sparse, b.model.sparse.map(Double.init)) < 1e-5)
  }
}
