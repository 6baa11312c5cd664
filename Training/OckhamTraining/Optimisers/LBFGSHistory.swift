/// The last few steps of L-BFGS and the approximation of the inverse Hessian that they stand for.
struct LBFGSHistory {
  private struct Pair {
    var step: [Double]
    var change: [Double]
    var curvature: Double
    /// y·D⁻¹y.
    var scaledChange: Double
  }

  private var pairs: [Pair] = []
  private let memory: Int
  private let vectors: VectorArithmetic
  private let preconditioner: Preconditioner

  /// Creates an empty history that keeps at most `memory` steps.
  ///
  /// - Parameter curvature: D, what the Hessian is taken to be without steps.
  init(memory: Int, curvature: Curvature, vectors: VectorArithmetic) {
    self.memory = memory
    self.vectors = vectors
    preconditioner = Preconditioner(curvature)
  }

  /// Whether nothing is known beyond the gradient.
  var isEmpty: Bool { pairs.isEmpty }

  /// Forgets everything.
  mutating func removeAll() { pairs.removeAll() }

  /// Remembers one step s and the change y of the gradient over it, unless s·y is too small to be trusted
  /// (the approximation must stay positive definite).
  mutating func append(step: [Double], change: [Double]) {
    let curvature = vectors.dot(step, change)
    guard curvature > 1e-14 * vectors.dot(change, change) else { return }
    if pairs.count == memory { pairs.removeFirst() }
    let scaledChange = vectors.dot(change, preconditioner(change, vectors))
    pairs.append(Pair(step: step, change: change, curvature: curvature, scaledChange: scaledChange))
  }

  /// −H g by the two-loop recursion (Nocedal 1980; Nocedal & Wright, algorithm 7.4) from γ D⁻¹, with
  /// γ = s·y / y·D⁻¹y of the latest step. O(memory · dimension).
  func direction(for gradient: [Double]) -> [Double] {
    var result = gradient
    var factors = [Double](repeating: 0, count: pairs.count)
    for (index, pair) in pairs.enumerated().reversed() {
      factors[index] = vectors.dot(pair.step, result) / pair.curvature
      vectors.add(-factors[index], times: pair.change, to: &result)
    }
    result = preconditioner(result, vectors)
    if let last = pairs.last { vectors.scale(&result, by: last.curvature / last.scaledChange) }
    for (index, pair) in pairs.enumerated() {
      let correction = factors[index] - vectors.dot(pair.change, result) / pair.curvature
      vectors.add(correction, times: pair.step, to: &result)
    }
    vectors.scale(&result, by: -1)
    return result
  }
}
