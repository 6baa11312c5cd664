/// Weighted least squares with an L2 penalty on all weights but the bias, by centred normal equations:
/// minimise Σ w (y − b − x·β)² + penalty · |β|².
struct RidgeProblem: Sendable {
  private static let chunkRows = 1_024

  private let columns: Int
  /// Σ w (x − x̄)(x − x̄)ᵀ, row-major [columns × columns].
  private let gram: [Double]
  /// Σ w (x − x̄)(y − ȳ) [columns].
  private let moments: [Double]
  /// Weighted means of the columns, and of the targets behind them [columns + 1].
  private let means: [Double]

  /// - Parameters:
  ///   - x: [n × columns], finite.
  ///   - targets: [n]; those of weight 0 are not read.
  ///   - weights: [n], at least 0. Where all are 0 every solution is 0.
  /// - Complexity: O(n · columns²).
  init(_ x: DenseRows, targets: [Double], weights: [Double]) {
    precondition(targets.count == x.rows && weights.count == x.rows)
    let width = x.columns + 2
    let sums = Self.products(x, targets, weights)
    let total = sums[x.columns * width + x.columns]
    func mean(_ column: Int) -> Double { total > 0 ? sums[x.columns * width + column] / total : 0 }
    func centred(_ row: Int, _ column: Int) -> Double {
      sums[row * width + column] - total * mean(row) * mean(column)
    }
    let range = 0..<x.columns
    columns = x.columns
    gram = range.flatMap { row in range.map { centred(row, $0) } }
    moments = range.map { centred($0, width - 1) }
    means = range.map(mean) + [mean(width - 1)]
  }

  /// Zᵀ·W·Z for Z = [x, 1, y], row-major [(columns + 2)²].
  private static func products(_ x: DenseRows, _ targets: [Double], _ weights: [Double]) -> [Double] {
    let width = x.columns + 2
    var sums = [Double](repeating: 0, count: width * width)
    for rows in fixedChunks(of: x.rows, size: chunkRows) {
      var part: [Double] = []
      part.reserveCapacity(rows.count * width)
      for row in rows where weights[row] > 0 {
        let root = weights[row].squareRoot()
        x.forEachValue(ofRow: row) { _, value in part.append(root * Double(value)) }
        part.append(root)
        part.append(root * targets[row])
      }
      let shape = DenseProduct.Shape(
        m: width, n: width, k: part.count / width, aForm: .transposed, aStride: width, bStride: width, cStride: width)
      var span = sums.mutableSpan
      DenseProduct.multiply(shape, a: part.span, b: part.span, beta: 1, c: &span)
    }
    return sums
  }

  /// The weights and the bias at a penalty above 0.
  ///
  /// - Complexity: O(columns³).
  func solve(penalty: Double) -> RidgeModel {
    let weights = CholeskyFactor(gram, size: columns, ridge: penalty).solve(moments)
    let shift = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
    return RidgeModel(weights: weights.map(Float.init), bias: Float(means[columns] - shift))
  }
}

/// y = bias + x·weights, in the precision of the model file.
struct RidgeModel: Sendable, Equatable {
  var weights: [Float]
  var bias: Float

  /// The predictions for the rows of `x` [n].
  func predictions(_ x: DenseRows) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(x.rows)
    for block in fixedChunks(of: x.rows, size: LinearDesign.blockRows) {
      let values = x.selectingRows(Array(block)).values
      var part = [Float](repeating: bias, count: block.count)
      let shape = DenseProduct.Shape(m: block.count, n: 1, k: x.columns, aStride: x.columns, bStride: 1, cStride: 1)
      var span = part.mutableSpan
      DenseProduct.multiply(shape, a: values.span, b: weights.span, beta: 1, c: &span)
      result += part
    }
    return result
  }
}
