import COpenBLAS

/// Dense matrix products on OpenBLAS, which is held to one thread: the solvers cut the work among their own threads at
/// fixed places, so that every sum has one order.
///
/// All matrices are row-major. Shapes are checked before BLAS is called.
enum DenseProduct {
  /// Whether a factor is used as it lies or transposed.
  enum Orientation: Sendable {
    case plain, transposed

    fileprivate var code: CBLAS_TRANSPOSE { self == .plain ? CblasNoTrans : CblasTrans }
  }

  private static let holdBLASToOneThread: Void = openblas_set_num_threads(1)

  /// `C[m × n] = op(A)[m × k] · op(B)[k × n] + β · C` in double precision.
  ///
  /// - Parameters:
  ///   - a: A with row stride `aStride`: `[m × k]`, or `[k × m]` when transposed.
  ///   - b: B with row stride `bStride`: `[k × n]`, or `[n × k]` when transposed.
  ///   - c: C with row stride `cStride`.
  ///   - beta: 0 to overwrite C, 1 to add to it.
  static func multiply(
    _ shape: Shape, a: Span<Double>, b: Span<Double>, beta: Double, c: inout MutableSpan<Double>
  ) {
    guard shape.isWorthCalling(a: a.count, b: b.count, c: c.count) else { return }
    _ = holdBLASToOneThread
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          ProductTurns.run {
            unsafe cblas_dgemm(
              CblasRowMajor, shape.aForm.code, shape.bForm.code, Int32(shape.m), Int32(shape.n), Int32(shape.k), 1,
              a.baseAddress, Int32(shape.aStride), b.baseAddress, Int32(shape.bStride), beta, c.baseAddress,
              Int32(shape.cStride))
          }
        }
      }
    }
  }

  /// The same in single precision.
  static func multiply(
    _ shape: Shape, a: Span<Float>, b: Span<Float>, beta: Float, c: inout MutableSpan<Float>
  ) {
    guard shape.isWorthCalling(a: a.count, b: b.count, c: c.count) else { return }
    _ = holdBLASToOneThread
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          ProductTurns.run {
            unsafe cblas_sgemm(
              CblasRowMajor, shape.aForm.code, shape.bForm.code, Int32(shape.m), Int32(shape.n), Int32(shape.k), 1,
              a.baseAddress, Int32(shape.aStride), b.baseAddress, Int32(shape.bStride), beta, c.baseAddress,
              Int32(shape.cStride))
          }
        }
      }
    }
  }
}

extension DenseProduct {
  /// The sizes of one product `C[m × n] = op(A)[m × k] · op(B)[k × n]`.
  struct Shape: Sendable {
    var m: Int
    var n: Int
    var k: Int
    var aForm: Orientation = .plain
    var bForm: Orientation = .plain
    var aStride: Int
    var bStride: Int
    var cStride: Int

    /// Whether there is anything to compute; an empty inner dimension leaves C as it is, so callers that overwrite
    /// must start from zeros.
    fileprivate func isWorthCalling(a: Int, b: Int, c: Int) -> Bool {
      guard m > 0, n > 0, k > 0 else { return false }
      precondition(a >= Self.extent(aForm == .plain ? (m, k) : (k, m), aStride), "A is too small")
      precondition(b >= Self.extent(bForm == .plain ? (k, n) : (n, k), bStride), "B is too small")
      precondition(c >= Self.extent((m, n), cStride), "C is too small")
      return true
    }

    /// The elements that a matrix of rows × columns spans.
    private static func extent(_ size: (rows: Int, columns: Int), _ stride: Int) -> Int {
      precondition(stride >= size.columns, "the row stride is smaller than a row")
      return (size.rows - 1) * stride + size.columns
    }
  }
}
