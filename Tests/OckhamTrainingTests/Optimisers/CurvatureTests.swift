import Foundation
import Testing

@testable import OckhamTraining

@Suite("Curvature")
struct CurvatureTests {
  private let parameters = LogisticParameters(l2Sparse: 0.03, l2Dense: 0.07, minimumLabelsPerOutcome: 1)

  /// A problem of two heads without unknown labels, whose rows have no column twice.
  private func problem(rows: Int, columns: Int, denseColumns: Int) throws -> LogisticProblem {
    let entries = (0..<rows).map { row in (0..<columns).filter { (row + $0) % 3 > 0 } }
    let sparse = CSRMatrix(
      trustedRows: rows, columns: columns, rowStarts: entries.reduce(into: [0]) { $0.append($0.last! + $1.count) },
      columnIndices: entries.joined().map(Int32.init),
      values: entries.enumerated().flatMap { row, columns in columns.map { Float(row + 2 * $0 + 1) / 10 } })
    return try LogisticProblem(
      sparse: sparse, dense: DenseRows(Fixture.dense(rows: rows, columns: denseColumns)),
      labels: Fixture.labels(rows: rows, heads: 2, missing: 0), weights: Fixture.weights(rows), headNames: ["a", "b"])
  }

  /// The Hessian at weights of 0 and biases that give the mean label, by central differences of the gradient.
  private func hessian(_ objective: LinearObjective<HeadTargets>) -> [[Double]] {
    var objective = objective
    let (layout, targets) = (objective.layout, objective.loss)
    var point = [Double](repeating: 0, count: objective.dimension)
    for head in 0..<layout.heads {
      let mean = stride(from: head, to: targets.targets.count, by: layout.stride)
        .reduce(0) { $0 + targets.targets[$1] * targets.weights[$1] }
      point[layout.bias.lowerBound + head] = log(mean / (1 - mean))
    }
    func gradient(_ place: Int, _ change: Double) -> [Double] {
      var (moved, result) = (point, point)
      moved[place] += change
      _ = objective.evaluate(at: moved, gradient: &result)
      return result
    }
    return point.indices.map { place in
      zip(gradient(place, 1e-4), gradient(place, -1e-4)).map { ($0 - $1) / 2e-4 }
    }
  }

  @Test("is the Hessian where all rows have the mean label", arguments: [(4, 0), (7, 3), (30, 5)])
  func matchesDifferences(rows: Int, denseColumns: Int) throws {
    let problem = try problem(rows: rows, columns: 6, denseColumns: denseColumns)
    var objective = try LogisticSolver(parameters: parameters, pool: WorkerPool(threads: 2)).objective(for: problem)
    let expected = hessian(objective)
    let curvature = objective.curvature()
    for place in expected.indices { #expect(abs(curvature.diagonal[place] - expected[place][place]) < 1e-7) }
    let block = try #require(curvature.block)
    let total = try #require(block.matrix.last)
    let start = objective.layout.dense.lowerBound
    for head in 0..<2 {
      let weight = curvature.diagonal[objective.layout.bias.lowerBound + head]
      for row in 0..<block.size {
        for column in 0..<block.size {
          let ridge = row == column && row < denseColumns ? block.ridge : 0
          let found = block.matrix[row * block.size + column] / total * weight + ridge
          #expect(abs(found - expected[start + 2 * row + head][start + 2 * column + head]) < 1e-6)
        }
      }
    }
  }

  @Test("heads that share weights, too")
  func coupled() throws {
    var parameters = parameters
    (parameters.sparseCorrelation, parameters.denseCorrelation) = (0.5, 0.8)
    let problem = try problem(rows: 12, columns: 6, denseColumns: 3)
    var objective = try LogisticSolver(parameters: parameters, pool: WorkerPool(threads: 1)).objective(for: problem)
    let targets = objective.loss
    var weights = [Double](repeating: 0, count: 2)
    var span = weights.mutableSpan
    targets.curvature(row: 3, into: &span, offset: 0)
    let plain = (0..<2).map { head -> Double in
      let mean = stride(from: head, to: targets.targets.count, by: 2)
        .reduce(0) { $0 + targets.targets[$1] * targets.weights[$1] }
      return targets.weights[6 + head] * mean * (1 - mean)
    }
    let root = (0.5.squareRoot(), (1.5.squareRoot() - 0.5.squareRoot()) / 2)
    let (own, shared) = ((root.0 + root.1) * (root.0 + root.1), root.1 * root.1)
    #expect(abs(weights[0] - (own * plain[0] + shared * plain[1])) < 1e-15)
    #expect(abs(weights[1] - (own * plain[1] + shared * plain[0])) < 1e-15)
    #expect(objective.curvature().diagonal.allSatisfy { $0 > 0 })
  }

  @Test("its inverse undoes it")
  func inverse() {
    var curvature = Curvature(diagonal: [2, 4, 9, 9, 9, 9, 3, 5])
    curvature.block = Curvature.Block(size: 3, lanes: 2, matrix: [4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2], ridge: 0.5)
    let vector = [1.0, -2, 3, 0.5, -1, 2, 0.25, 4]
    let result = Preconditioner(curvature)(vector, VectorArithmetic(pool: WorkerPool(threads: 1)))
    #expect(result[0] == 0.5 && result[1] == -0.5)
    let matrix: [[Double]] = [[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2]]
    for (lane, weight) in [3.0, 5].enumerated() {
      for row in 0..<3 {
        let product = (0..<3).reduce(0.5 * result[2 + 2 * row + lane]) {
          $0 + matrix[row][$1] * weight / 2 * result[2 + 2 * $1 + lane]
        }
        #expect(abs(product - vector[2 + 2 * row + lane]) < 1e-12)
      }
    }
  }

  @Test("a quadratic whose curvature is known is minimised at once, however badly scaled")
  func knownCurvature() throws {
    struct Quadratic: Objective {
      let scales: [Double]
      var dimension: Int { scales.count }
      func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
        for place in scales.indices { gradient[place] = scales[place] * (point[place] - 1) }
        return scales.indices.reduce(0) { $0 + 0.5 * scales[$1] * (point[$1] - 1) * (point[$1] - 1) }
      }
      func curvature() -> Curvature { Curvature(diagonal: scales) }
    }
    var function = Quadratic(scales: (0..<20).map { pow(10, Double($0) / 4 - 2) })
    let start = [Double](repeating: 0, count: 20)
    let result = try LBFGS(gradientTolerance: 1e-9).minimise(&function, from: start)
    #expect(result.reason == .converged && result.iterations <= 3)
    #expect(Fixture.distance(result.point, [Double](repeating: 1, count: 20)) < 1e-6)
  }
}
