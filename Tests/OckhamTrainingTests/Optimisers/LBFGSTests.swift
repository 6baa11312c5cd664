import Foundation
import Testing

@testable import OckhamTraining

/// An objective given by a closure.
private struct Function: Objective {
  let dimension: Int
  let body: ([Double], inout [Double]) -> Double

  func evaluate(at point: [Double], gradient: inout [Double]) -> Double { body(point, &gradient) }
}

@Suite("L-BFGS")
struct LBFGSTests {
  private func rosenbrock(_ dimension: Int) -> Function {
    Function(dimension: dimension) { x, gradient in
      var value = 0.0
      gradient = [Double](repeating: 0, count: dimension)
      for i in 0..<dimension - 1 {
        let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
        value += 100 * a * a + b * b
        gradient[i] += -400 * a * x[i] - 2 * b
        gradient[i + 1] += 200 * a
      }
      return value
    }
  }

  private func quadratic(_ scales: [Double]) -> Function {
    Function(dimension: scales.count) { x, gradient in
      for i in scales.indices { gradient[i] = scales[i] * (x[i] - 1) }
      return scales.indices.reduce(0) { $0 + 0.5 * scales[$1] * (x[$1] - 1) * (x[$1] - 1) }
    }
  }

  @Test("finds the minimum of Rosenbrock's function", arguments: [2, 10, 100])
  func rosenbrockMinimum(dimension: Int) throws {
    var function = rosenbrock(dimension)
    let start = (0..<dimension).map { $0 % 2 == 0 ? -1.2 : 1.0 }
    let result = try LBFGS(gradientTolerance: 1e-11, maximumIterations: 2_000).minimise(&function, from: start)
    #expect(result.reason == .converged)
    #expect(Fixture.distance(result.point, [Double](repeating: 1, count: dimension)) < 1e-6)
    #expect(result.iterations < 1_000)
  }

  @Test("finds the minimum of ill-conditioned quadratics", arguments: [1e2, 1e4, 1e6])
  func illConditioned(condition: Double) throws {
    let scales = (0..<20).map { 1 + (condition - 1) * Double($0 * $0 * $0) / (19 * 19 * 19) }
    var function = quadratic(scales)
    let solver = LBFGS(gradientTolerance: 1e-6 / condition, maximumIterations: 10_000)
    let result = try solver.minimise(&function, from: [Double](repeating: -3, count: 20))
    #expect(result.reason == .converged)
    #expect(Fixture.distance(result.point, [Double](repeating: 1, count: 20)) < 1e-5)
  }

  @Test("reports every iteration, with falling losses and honest counts")
  func reports() throws {
    var evaluations = 0
    let inner = rosenbrock(4)
    var function = Function(dimension: 4) { x, gradient in
      evaluations += 1
      return inner.evaluate(at: x, gradient: &gradient)
    }
    var reports: [IterationReport] = []
    let result = try LBFGS().minimise(&function, from: [-1, 2, 0, 3], report: { reports.append($0) })
    #expect(reports.map(\.iteration) == Array(1...result.iterations))
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.loss >= $1.loss && $0.evaluations < $1.evaluations })
    #expect(reports.allSatisfy { $0.step > 0 })
    #expect(reports.last?.loss == result.loss)
    #expect(evaluations == result.evaluations)
  }

  @Test("says why it stopped")
  func reasons() throws {
    var function = rosenbrock(2)
    let start = [-1.2, 1.0]
    #expect(try LBFGS(maximumIterations: 3).minimise(&function, from: start).reason == .iterationLimit)
    #expect(try LBFGS().minimise(&function, from: [1, 1]).iterations == 0)
    let cancelled = try LBFGS().minimise(&function, from: start, isCancelled: { true })
    #expect(cancelled.reason == .cancelled && cancelled.point == start)
    var edge = Function(dimension: 1) { x, gradient in
      gradient[0] = x[0] >= 0 ? 1 : -1
      return abs(x[0])
    }
    #expect(try LBFGS().minimise(&edge, from: [0]).reason == .lineSearchFailed)
  }

  @Test("steps back from where the function is not finite")
  func barrier() throws {
    var function = Function(dimension: 1) { x, gradient in
      guard x[0] > 0 else { return .infinity }
      gradient[0] = 1 - 1e-3 / x[0]
      return x[0] - 1e-3 * log(x[0])
    }
    let result = try LBFGS(gradientTolerance: 1e-9).minimise(&function, from: [0.9])
    #expect(abs(result.point[0] - 1e-3) < 1e-8)
  }

  @Test("rejects a start that is not finite or has another size")
  func badStart() throws {
    var function = Function(dimension: 1) { x, gradient in
      gradient[0] = 1
      return .nan
    }
    #expect(throws: TrainingError.diverged(subject: "starting point", iteration: 0)) {
      try LBFGS().minimise(&function, from: [0])
    }
    #expect(throws: TrainingError.shape(subject: "starting point", expected: 1, found: 2)) {
      try LBFGS().minimise(&function, from: [0, 0])
    }
  }

  @Test("the line search fulfils the strong Wolfe conditions", arguments: [1e-6, 1e-3, 0.1, 1, 10, 1_000])
  func wolfe(first: Double) throws {
    let search = LineSearch(curvature: 0.1)
    func phi(_ a: Double) -> LineSearch.Point {
      let slope = ((a * a + 2) * -1 + 2 * a * a) / ((a * a + 2) * (a * a + 2))
      return LineSearch.Point(step: a, value: -a / (a * a + 2), slope: slope)
    }
    let start = phi(0)
    guard case .strongWolfe(let found) = search.search(from: start, firstStep: first, evaluate: phi) else {
      Issue.record("no step from \(first)")
      return
    }
    #expect(found.value <= start.value + 1e-4 * found.step * start.slope)
    #expect(abs(found.slope) <= 0.1 * abs(start.slope))
  }

  @Test("the cubic through a cubic's values and slopes has its minimum")
  func cubic() {
    func point(_ x: Double) -> LineSearch.Point {
      LineSearch.Point(step: x, value: x * x * x - 3 * x, slope: 3 * x * x - 3)
    }
    #expect(abs(LineSearch.cubicMinimum(point(0), point(3)) - 1) < 1e-12)
    #expect(abs(LineSearch.cubicMinimum(point(3), point(0.5)) - 1) < 1e-12)
  }
}
