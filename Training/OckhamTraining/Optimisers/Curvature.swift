/// What is known of the Hessian of an objective before any step is taken.
///
/// Frequent words are curved a thousand times as much as rare ones, and dense features go together; finding that out step by
/// step takes L-BFGS three to ten times the iterations.
package struct Curvature: Sendable {
  /// Its diagonal, `[dimension]`, at least 0.
  var diagonal: [Double]

  /// What stands in place of the diagonal at the end.
  var block: Block?

  /// The last variables, a matrix `[size × lanes]`: each lane v has the Hessian hᵥ · M / M[size − 1, size − 1] + ridge · I, hᵥ
  /// the last diagonal element of the lane.
  struct Block: Sendable {
    let size: Int
    let lanes: Int
    /// M, symmetric, positive semidefinite, `[size × size]`.
    var matrix: [Double]
    var ridge: Double
  }

  package init(diagonal: [Double]) { self.diagonal = diagonal }

  /// Replaces every number by its sum over the processes of a team.
  mutating func sum(over team: any ProcessGroup) {
    team.sum(&diagonal)
    guard var block else { return }
    team.sum(&block.matrix)
    var ridge = [block.ridge]
    team.sum(&ridge)
    block.ridge = ridge[0]
    self.block = block
  }
}

/// The inverse of a ``Curvature``.
struct Preconditioner: Sendable {
  private let inverseDiagonal: [Double]
  private let factors: [CholeskyFactor]

  /// A direction whose curvature is close to 0 is given a small positive one, so that the step stays bounded.
  init(_ curvature: Curvature) {
    let diagonal = curvature.diagonal
    let floor = max(1e-4 * diagonal.reduce(0, +) / Double(max(1, diagonal.count)), .leastNormalMagnitude)
    inverseDiagonal = diagonal.map { 1 / max($0, floor) }
    guard let block = curvature.block, let total = block.matrix.last, total > 0 else {
      factors = []
      return
    }
    factors = diagonal.suffix(block.lanes).map { weight in
      CholeskyFactor(block.matrix.map { $0 * weight / total }, size: block.size, ridge: max(block.ridge, floor))
    }
  }

  /// The product with a vector. O(dimension + lanes · size²).
  func callAsFunction(_ vector: [Double], _ vectors: VectorArithmetic) -> [Double] {
    var result = vector
    vectors.multiply(&result, by: inverseDiagonal)
    guard let size = factors.first?.size else { return result }
    let start = vector.count - size * factors.count
    for (lane, factor) in factors.enumerated() {
      let places = stride(from: start + lane, to: vector.count, by: factors.count)
      for (place, value) in zip(places, factor.solve(places.map { vector[$0] })) { result[place] = value }
    }
    return result
  }
}
