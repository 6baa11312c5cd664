import Testing

@testable import OckhamTraining

@Suite struct MultiTaskCouplingTests {
  private static let correlations = [0, 0.3, 0.8, 0.95]

  /// S^(1/2) applied twice is S = (1 − ρ) I + ρ 1 1ᵀ.
  @Test(arguments: 1...5, correlations) func mixingTwiceIsTheCovariance(heads: Int, correlation: Double) {
    let coupling = MultiTaskCoupling(heads: heads, sparse: correlation)
    for unit in 0..<heads {
      var values = [Double](repeating: 0, count: heads + 1)
      values[unit + 1] = 1
      var span = values.mutableSpan
      coupling.mix(&span, offset: 1)
      coupling.mix(&span, offset: 1)
      for head in 0..<heads {
        let expected = head == unit ? 1 : correlation
        #expect(abs(values[head + 1] - expected) < 1e-12)
      }
      #expect(values[0] == 0)
    }
  }

  @Test(arguments: 1...4, correlations) func unmixingUndoesMixing(heads: Int, correlation: Double) throws {
    let coupling = MultiTaskCoupling(heads: heads, sparse: correlation)
    let numbers = (0..<heads * 3).map { Float($0 * $0 % 7) - 3 }
    let model = try LinearModel(sparse: numbers, dense: numbers, bias: Array(numbers.prefix(heads)))
    let back = coupling.unmixed(coupling.mixed(model))
    for (found, expected) in zip(back.parameters, model.parameters) { #expect(abs(found - expected) < 1e-4) }
  }

  /// At the solution of a coupled fit the gradient of Σ loss + ½ λ tr(W S⁻¹ Wᵀ), written out plainly, is zero.
  @Test(arguments: correlations, correlations)
  func coupledFitSolvesTheMultiTaskProblem(sparse: Double, dense: Double) throws {
    let problem = try Fixture.problem(rows: 40, columns: 5, denseColumns: 2, heads: 3)
    let parameters = LogisticParameters(
      l2Sparse: 0.02, l2Dense: 0.05, sparseCorrelation: sparse, denseCorrelation: dense,
      gradientTolerance: 1e-10, minimumLabelsPerOutcome: 1)
    let model = try LogisticSolver(parameters: parameters, pool: WorkerPool(threads: 1)).solve(problem).model
    #expect(largestGradient(problem, model, parameters) < 1e-6)
    var others = parameters
    others.denseCorrelation = dense == 0 ? 0.5 : 0
    #expect(largestGradient(problem, model, others) > 1e-4)
  }

  private func largestGradient(
    _ problem: LogisticProblem, _ model: LinearModel, _ parameters: LogisticParameters
  ) -> Double {
    let features = zip(Fixture.rows(problem.sparse), Fixture.rows(problem.dense)).map { $0 + $1 }
    let weights = Fixture.rows(model.sparse + model.dense, columns: model.heads)
    let residuals = plainResiduals(problem, features, weights, model.bias)
    var largest = 0.0
    for (column, row) in weights.enumerated() {
      let isSparse = column < problem.sparse.columns
      let penalty = isSparse ? parameters.l2Sparse : parameters.l2Dense
      let pulled = inverseCovariance(row, isSparse ? parameters.sparseCorrelation : parameters.denseCorrelation)
      for head in row.indices {
        let slope = features.indices.reduce(0.0) { $0 + residuals[$1][head] * features[$1][column] }
        largest = max(largest, abs(slope + penalty * pulled[head]))
      }
    }
    return largest
  }

  /// S⁻¹ w with S⁻¹ = (I − ρ / (1 − ρ + Tρ) 1 1ᵀ) / (1 − ρ).
  private func inverseCovariance(_ weights: [Double], _ correlation: Double) -> [Double] {
    let share = correlation / (1 - correlation + Double(weights.count) * correlation)
    let sum = weights.reduce(0, +)
    return weights.map { ($0 - share * sum) / (1 - correlation) }
  }

  /// ∂loss/∂logit by row and head: w / Σ w · (σ(z) − y) over the known labels.
  private func plainResiduals(
    _ problem: LogisticProblem, _ features: [[Double]], _ weights: [[Double]], _ bias: [Float]
  ) -> [[Double]] {
    features.indices.map { row in
      bias.indices.map { head in
        guard !problem.labels[row, head].isNaN else { return 0 }
        let logit = zip(features[row], weights).reduce(Double(bias[head])) { $0 + $1.0 * $1.1[head] }
        let known = features.indices.filter { !problem.labels[$0, head].isNaN }
        let total = known.reduce(0.0) { $0 + Double(problem.weights[$1]) }
        return Double(problem.weights[row]) / total * (Logistic.sigmoid(logit) - Double(problem.labels[row, head]))
      }
    }
  }
}
