import Statistics
import Testing

@testable import OckhamTraining

/// Ridge regression and prices against scikit-learn and SciPy, and against plain conditions of an optimum.
@Suite struct CostSolverTests {
  private struct Golden: Decodable {
    struct Ridge: Decodable {
      let columns: Int
      let x, y, w: [Double]
      let models: [Model]
    }
    struct Model: Decodable {
      let penalty, bias: Double
      let weights: [Double]
    }
    struct Price: Decodable {
      let bytes, lengths, costs, weights, price: [Double]
      let explained: Double
    }
    let ridge: Ridge
    let prices: [Price]
  }

  private let golden: Golden

  init() throws { golden = try Fixture.golden("costs") }

  @Test func ridgeAgreesWithScikitLearn() throws {
    let data = golden.ridge
    let x = try DenseMatrix(rows: data.y.count, columns: data.columns, values: data.x.map { Float($0) })
    let problem = RidgeProblem(DenseRows(x), targets: data.y, weights: data.w)
    for expected in data.models {
      let model = problem.solve(penalty: expected.penalty)
      #expect(abs(Double(model.bias) - expected.bias) < 1e-5)
      #expect(zip(model.weights, expected.weights).allSatisfy { abs(Double($0) - $1) < 1e-6 }, "\(expected.penalty)")
      let first = (0..<data.columns).reduce(Double(model.bias)) { $0 + data.x[$1] * Double(model.weights[$1]) }
      #expect(abs(Double(model.predictions(DenseRows(x))[0]) - first) < 1e-5)
    }
  }

  /// At the optimum the gradient Σ w (ŷ − y) x + penalty · β is 0, and so is the weighted sum of residuals; over more
  /// rows than one chunk holds.
  @Test(arguments: [1, 40, 1_500]) func gradientOfTheSolutionIsZero(rows: Int) {
    let x = Fixture.dense(rows: rows, columns: 30, seed: 9)
    var generator = SplitMix64(seed: 3)
    let targets = (0..<rows).map { 4 + Double(x[$0, 2]) + Double(generator.nextUnit()) }
    let weights = (0..<rows).map { $0 % 7 == 3 ? 0 : 0.5 + Double(generator.nextUnit()) }
    let model = RidgeProblem(DenseRows(x), targets: targets, weights: weights).solve(penalty: 20)
    var gradient = model.weights.map { 20 * Double($0) } + [0]
    for row in 0..<rows {
      let value = model.weights.indices.reduce(Double(model.bias)) {
        $0 + Double(x[row, $1]) * Double(model.weights[$1])
      }
      for column in 0..<30 { gradient[column] += weights[row] * (value - targets[row]) * Double(x[row, column]) }
      gradient[30] += weights[row] * (value - targets[row])
    }
    #expect(gradient.allSatisfy { abs($0) < 1e-6 * Double(rows + 100) }, "\(gradient)")
  }

  @Test func targetsOfWeightZeroAreNotRead() {
    let x = Fixture.dense(rows: 6, columns: 3)
    let model = RidgeProblem(DenseRows(x), targets: [1, 2, .nan, 4, 5, .nan], weights: [1, 1, 0, 1, 1, 0]).solve(
      penalty: 1)
    #expect(model.bias.isFinite && model.weights.allSatisfy(\.isFinite))
    let none = RidgeProblem(DenseRows(x), targets: [.nan, .nan, .nan, .nan, .nan, .nan], weights: [0, 0, 0, 0, 0, 0])
      .solve(
        penalty: 1)
    #expect(none == RidgeModel(weights: [0, 0, 0], bias: 0))
  }

  @Test func factorSolvesWhatItFactorised() {
    let size = 23
    let root = Fixture.dense(rows: size, columns: size, seed: 8)
    let matrix = (0..<size * size).map { place in
      (0..<size).reduce(0) { $0 + Double(root[place / size, $1]) * Double(root[place % size, $1]) }
    }
    let right = (0..<size).map { Double($0) - 7.5 }
    let x = CholeskyFactor(matrix, size: size, ridge: 0.25).solve(right)
    for row in 0..<size {
      let product = (0..<size).reduce(0.25 * x[row]) { $0 + matrix[row * size + $1] * x[$1] }
      #expect(abs(product - right[row]) < 1e-9)
    }
  }

  @Test func pricesAgreeWithNonNegativeLeastSquares() {
    for (number, expected) in golden.prices.enumerated() {
      let rows = expected.costs.indices.map {
        PricedRow(
          bytes: expected.bytes[$0], length: expected.lengths[$0], costUSD: expected.costs[$0],
          weight: expected.weights[$0])
      }
      let (price, explained) = TierPrice.fit(rows)
      #expect(price.inputUSD >= 0 && price.outputUSD >= 0)
      #expect(abs(explained - expected.explained) < 1e-9, "case \(number)")
      // Where lengths are twice the bytes, many prices are equally good.
      guard number != 5 else { continue }
      #expect(abs(price.inputUSD - expected.price[0]) < 1e-12, "case \(number)")
      #expect(abs(price.outputUSD - expected.price[1]) < 1e-12, "case \(number)")
    }
    let free = TierPrice.fit([PricedRow(bytes: 3, length: 4, costUSD: 0, weight: 1)])
    #expect(free.price == TierPrice(inputUSD: 0, outputUSD: 0) && free.explained == 1)
  }
}
