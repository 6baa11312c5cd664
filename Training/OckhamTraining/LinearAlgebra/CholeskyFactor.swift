import COpenBLAS

/// The lower triangle L of a symmetric positive definite matrix A = L·Lᵀ, in double precision.
///
/// Each element is one dot product in a fixed order: the same bits on every run.
struct CholeskyFactor: Sendable {
  let size: Int
  /// Row-major [size × size]; what lies above the diagonal is not used.
  private var lower: [Double]

  /// Factorises `matrix` + `ridge` · I.
  ///
  /// - Parameters:
  ///   - matrix: row-major [size × size], symmetric, positive semidefinite.
  ///   - ridge: above 0, which makes the sum positive definite.
  /// - Complexity: O(size³ / 3).
  init(_ matrix: [Double], size: Int, ridge: Double) {
    precondition(matrix.count == size * size && ridge > 0)
    self.size = size
    lower = matrix
    for row in 0..<size {
      for column in 0...row {
        let rest = lower[row * size + column] - Self.dot(lower, row * size, 1, lower, column * size, count: column)
        // Rounding may leave less on the diagonal than the ridge itself.
        lower[row * size + column] =
          row == column ? max(rest + ridge, ridge).squareRoot() : rest / lower[column * size + column]
      }
    }
  }

  /// The x of A·x = `right` [size].
  func solve(_ right: [Double]) -> [Double] {
    var x = right
    for row in 0..<size {
      x[row] = (x[row] - Self.dot(lower, row * size, 1, x, 0, count: row)) / lower[row * size + row]
    }
    for row in (0..<size).reversed() {
      let below = size - row - 1
      let sum = below > 0 ? Self.dot(lower, (row + 1) * size + row, size, x, row + 1, count: below) : 0
      x[row] = (x[row] - sum) / lower[row * size + row]
    }
    return x
  }

  /// Σ a[aStart + i · aStride] · b[bStart + i] for i below `count`.
  private static func dot(
    _ a: [Double], _ aStart: Int, _ aStride: Int, _ b: [Double], _ bStart: Int, count: Int
  ) -> Double {
    guard count > 0 else { return 0 }
    precondition(aStart + (count - 1) * aStride < a.count && bStart + count <= b.count)
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe cblas_ddot(Int32(count), a.baseAddress! + aStart, Int32(aStride), b.baseAddress! + bStart, 1)
      }
    }
  }
}
