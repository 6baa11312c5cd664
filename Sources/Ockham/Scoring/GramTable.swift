/// The weights of the n-gram buckets: 16-bit integers with one scale per column.
///
/// Row `b` holds what bucket `b` adds to every column: column 0 is the square of the bucket's inverse document
/// frequency, from which the norm of a namespace follows; the others are idf-weighted weights of heads or dimensions of
/// an embedding. Sums are exact integers (of 32 bits over at most 2¹⁶ rows, of 64 bits over those), so their result does
/// not depend on the order or on the width of the machine's vectors.
struct GramTable: Sendable {
  let columns: Int
  /// Values per row: `columns` rounded up to 4 or a multiple of 8; the padding is zero.
  let stride: Int
  let scales: [Float]
  private let values: [Int16]

  /// - Parameters:
  ///   - values: row-major [buckets × columns].
  ///   - scales: [columns]; what one unit of a column is worth.
  init(values: [Int16], columns: Int, scales: [Float]) {
    self.columns = columns
    self.scales = scales
    stride = columns <= 4 ? 4 : (columns + 7) / 8 * 8
    let rows = values.count / columns
    if stride == columns {
      self.values = values
    } else {
      var padded = [Int16](repeating: 0, count: rows * stride)
      for row in 0..<rows {
        for column in 0..<columns { padded[row * stride + column] = values[row * columns + column] }
      }
      self.values = padded
    }
  }

  /// Adds up the rows of one namespace's buckets, divides by the namespace's norm √Σ idf² and adds the result, in units
  /// of the heads, to `sums` [stride]. An empty namespace adds nothing.
  func addNormalised(_ buckets: ArraySlice<UInt32>, to sums: inout [Float], using totals: inout [Int64]) {
    guard !buckets.isEmpty else { return }
    accumulate(buckets, into: &totals)
    let squaredNorm = Float(totals[0]) * scales[0]
    guard squaredNorm > 0 else { return }
    let inverseNorm = 1 / squaredNorm.squareRoot()
    for column in 1..<columns { sums[column] += Float(totals[column]) * scales[column] * inverseNorm }
  }

  /// As many rows of any values as a 32-bit sum holds.
  private static let rowsPerSum = 65_536

  /// The exact sum of rows; `totals` [stride] is overwritten.
  ///
  /// - Complexity: O(buckets · stride), no allocation.
  func accumulate(_ buckets: ArraySlice<UInt32>, into totals: inout [Int64]) {
    precondition(totals.count == stride)
    for column in totals.indices { totals[column] = 0 }
    var rest = buckets
    while !rest.isEmpty {
      addRows(rest.prefix(Self.rowsPerSum), to: &totals)
      rest = rest.dropFirst(Self.rowsPerSum)
    }
  }

  /// Adds at most ``rowsPerSum`` rows.
  private func addRows(_ buckets: ArraySlice<UInt32>, to totals: inout [Int64]) {
    unsafe values.withUnsafeBytes { table in
      if stride == 4 {
        let sum = unsafe Self.sum4(table, buckets)
        for lane in 0..<4 { totals[lane] += Int64(sum[lane]) }
      } else {
        for block in Swift.stride(from: 0, to: stride, by: 8) {
          let sum = unsafe Self.sum8(table, buckets, stride: stride, block: block)
          for lane in 0..<8 { totals[block + lane] += Int64(sum[lane]) }
        }
      }
    }
  }

  @inline(__always) private static func sum4(
    _ table: UnsafeRawBufferPointer, _ buckets: ArraySlice<UInt32>
  ) -> SIMD4<Int32> {
    var sum = SIMD4<Int32>()
    for bucket in buckets {
      let row = unsafe table.loadUnaligned(fromByteOffset: Int(bucket) * 8, as: SIMD4<Int16>.self)
      sum &+= SIMD4<Int32>(truncatingIfNeeded: row)
    }
    return sum
  }

  @inline(__always) private static func sum8(
    _ table: UnsafeRawBufferPointer, _ buckets: ArraySlice<UInt32>, stride: Int, block: Int
  ) -> SIMD8<Int32> {
    var sum = SIMD8<Int32>()
    for bucket in buckets {
      let offset = (Int(bucket) * stride + block) * 2
      sum &+= SIMD8<Int32>(
        truncatingIfNeeded: unsafe table.loadUnaligned(fromByteOffset: offset, as: SIMD8<Int16>.self))
    }
    return sum
  }
}
