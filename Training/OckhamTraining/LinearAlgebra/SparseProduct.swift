/// The product of a sparse matrix with a dense one: the one sparse kernel of all solvers.
///
/// Forward passes multiply X, backward passes its transpose, so every sum runs over one row of the sparse matrix, in
/// storage order, on one thread: the result has the same bits whatever the number of threads.
///
/// A dense matrix here is `[rows × stride]` with an even stride; the stride is cut into SIMD blocks of 16, 8, 4 and 2
/// lanes. See ``evenStride(_:)``.
enum SparseProduct {
  /// `out[i − rows.lowerBound, :] += Σ_k A[i, k] · B[k, :]` for the given rows of A, in double precision.
  ///
  /// - Parameters:
  ///   - matrix: A, `[n × c]`.
  ///   - rows: the rows of A to multiply.
  ///   - factor: B, `[c × stride]`.
  ///   - out: `[rows.count × stride]`.
  /// - Complexity: O(entries · stride); B is gathered, everything else is streamed.
  static func accumulate(
    _ matrix: CSRMatrix, rows: Range<Int>, times factor: Span<Double>, stride: Int, into out: inout MutableSpan<Double>
  ) {
    var lane = 0
    while stride - lane >= 8 { lane = addBlock(SIMD8<Double>.self, matrix, rows, factor, stride, lane, &out) }
    while stride - lane >= 4 { lane = addBlock(SIMD4<Double>.self, matrix, rows, factor, stride, lane, &out) }
    while stride - lane >= 2 { lane = addBlock(SIMD2<Double>.self, matrix, rows, factor, stride, lane, &out) }
  }

  /// The same in single precision.
  static func accumulate(
    _ matrix: CSRMatrix, rows: Range<Int>, times factor: Span<Float>, stride: Int, into out: inout MutableSpan<Float>
  ) {
    var lane = 0
    while stride - lane >= 16 { lane = addBlock(SIMD16<Float>.self, matrix, rows, factor, stride, lane, &out) }
    while stride - lane >= 8 { lane = addBlock(SIMD8<Float>.self, matrix, rows, factor, stride, lane, &out) }
    while stride - lane >= 4 { lane = addBlock(SIMD4<Float>.self, matrix, rows, factor, stride, lane, &out) }
    while stride - lane >= 2 { lane = addBlock(SIMD2<Float>.self, matrix, rows, factor, stride, lane, &out) }
  }

  /// Adds one SIMD block of lanes to all rows; returns the lane after it.
  @inline(__always)
  private static func addBlock<V: SIMD & BitwiseCopyable>(
    _: V.Type, _ matrix: CSRMatrix, _ rows: Range<Int>, _ factor: Span<V.Scalar>, _ stride: Int, _ lane: Int,
    _ out: inout MutableSpan<V.Scalar>
  ) -> Int where V.Scalar: BinaryFloatingPoint & BitwiseCopyable {
    precondition(factor.count >= matrix.columns * stride && out.count >= rows.count * stride)
    let starts = matrix.rowStarts.span
    let values = matrix.values.span
    let columns = matrix.columnIndices.span
    for row in rows {
      let sum: V = unsafe gather(values, columns, starts[row]..<starts[row + 1], factor.bytes, stride, lane)
      let place = (row - rows.lowerBound) * stride + lane
      for offset in 0..<V.scalarCount { unsafe out[unchecked: place + offset] += sum[offset] }
    }
    return lane + V.scalarCount
  }

  /// `Σ_k value[k] · B[column[k], lane ..< lane + V.scalarCount]` over the entries of one row.
  ///
  /// Two sums, of the even and of the odd entries, so that one addition need not wait for the one before.
  @inline(__always)
  private static func gather<V: SIMD & BitwiseCopyable>(
    _ values: Span<Float>, _ columns: Span<Int32>, _ entries: Range<Int>, _ factor: RawSpan, _ stride: Int, _ lane: Int
  ) -> V where V.Scalar: BinaryFloatingPoint {
    var even = V.zero
    var odd = V.zero
    var entry = entries.lowerBound
    while entry + 1 < entries.upperBound {
      even += term(values, columns, entry, factor, stride, lane)
      odd += term(values, columns, entry + 1, factor, stride, lane)
      entry += 2
    }
    if entry < entries.upperBound { even += term(values, columns, entry, factor, stride, lane) }
    return even + odd
  }

  /// `value[k] · B[column[k], lanes]`. The entry and its column are in bounds by the invariants of ``CSRMatrix``.
  @inline(__always)
  private static func term<V: SIMD & BitwiseCopyable>(
    _ values: Span<Float>, _ columns: Span<Int32>, _ entry: Int, _ factor: RawSpan, _ stride: Int, _ lane: Int
  ) -> V where V.Scalar: BinaryFloatingPoint {
    let column = unsafe Int(columns[unchecked: entry])
    let value = unsafe V.Scalar(values[unchecked: entry])
    let offset = (column &* stride &+ lane) &* MemoryLayout<V.Scalar>.stride
    return unsafe factor.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: V.self) * value
  }
}

/// The row stride of a dense factor with `width` meaningful columns: the next even number, so that SIMD blocks fit.
/// The padding is zero and stays zero, since nothing ever flows into it.
func evenStride(_ width: Int) -> Int { (width + 1) / 2 * 2 }
