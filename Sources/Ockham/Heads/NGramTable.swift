/// The weights of the n-gram buckets: 16-bit integers with one scale per column.
///
/// Row `b` holds what bucket `b` adds to every column: column 0 is the square of the bucket's inverse document
/// frequency, from which the norm of a namespace follows; the others are idf-weighted weights of heads or dimensions of
/// an embedding. Sums are exact integers (of 32 bits over at most 2¹⁶ rows, of 64 bits over those), so their result does
/// not depend on the order or on the width of the machine's vectors.
struct NGramTable: Sendable {
  let columns: Int
  /// Values per row: `columns` rounded up to a multiple of 4; the padding is zero.
  let stride: Int
  let scales: [Float]
  /// The number of rows, a power of two, less one.
  private let mask: UInt32
  /// Each value plus 2¹⁵: widening an unsigned number takes half the instructions of a signed one on a plain x86-64.
  private let values: [UInt16]

  /// - Parameters:
  ///   - values: row-major [rows × columns]; the rows are a power of two.
  ///   - scales: [columns]; what one unit of a column is worth.
  init(values: [Int16], columns: Int, scales: [Float]) {
    self.columns = columns
    self.scales = scales
    stride = (columns + 3) / 4 * 4
    let rows = values.count / columns
    precondition(rows > 0 && rows & (rows - 1) == 0, "the rows are no power of two")
    mask = UInt32(rows - 1)
    var padded = [UInt16](repeating: Self.offset, count: rows * stride)
    for row in 0..<rows {
      for column in 0..<columns {
        padded[row * stride + column] = UInt16(bitPattern: values[row * columns + column]) ^ Self.offset
      }
    }
    self.values = padded
  }

  private static let offset: UInt16 = 0x8000

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

  /// How many of the buckets have 0 in column 0: no row of the training log had them.
  func unseen(_ buckets: ArraySlice<UInt32>) -> Int {
    let (buckets, values) = (buckets.span, values.span)
    var (index, count) = (0, 0)
    while index < buckets.count {
      // As in `load`, no row leaves the table.
      let value = unsafe values[unchecked: Int(buckets[unchecked: index] & mask) &* stride]
      count &+= value == Self.offset ? 1 : 0
      index &+= 1
    }
    return count
  }

  /// As many rows of any values as a 32-bit sum holds.
  private static let rowsPerSum = 65_536

  /// The exact sum of rows; `totals` [stride] is overwritten. A bucket stands for row (bucket mod rows).
  ///
  /// - Complexity: O(buckets · stride), no allocation.
  func accumulate(_ buckets: ArraySlice<UInt32>, into totals: inout [Int64]) {
    precondition(totals.count == stride)
    let buckets = buckets.span
    var totals = totals.mutableSpan
    for column in totals.indices { totals[column] = -Int64(Self.offset) * Int64(buckets.count) }
    var start = 0
    while start < buckets.count {
      let end = min(buckets.count, start + Self.rowsPerSum)
      addRows(buckets.extracting(start..<end), to: &totals)
      start = end
    }
  }

  /// Adds at most ``rowsPerSum`` rows: twelve, eight or four columns in a pass.
  private func addRows(_ buckets: Span<UInt32>, to totals: inout MutableSpan<Int64>) {
    var column = 0
    while stride - column >= 12, stride - column != 16 {
      addTwelve(buckets, to: &totals, at: column)
      column += 12
    }
    while stride - column >= 8 {
      addEight(buckets, to: &totals, at: column)
      column += 8
    }
    if stride - column == 4 { addFour(buckets, to: &totals, at: column) }
  }
}

extension NGramTable {
  /// Columns `column ..< column + Lanes.scalarCount` of a bucket's row. The row's index is below the number of rows,
  /// and the columns lie within the row: no load can leave the table.
  @inline(__always) private func load<Lanes: SIMD<UInt16> & BitwiseCopyable>(
    _ bucket: UInt32, _ column: Int, as _: Lanes.Type
  ) -> Lanes {
    let offset = (Int(bucket & mask) &* stride &+ column) &* 2
    return unsafe values.span.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Lanes.self)
  }

  private func addFour(_ buckets: Span<UInt32>, to totals: inout MutableSpan<Int64>, at column: Int) {
    var sum = SIMD4<UInt32>()
    for index in buckets.indices {
      sum &+= SIMD4(truncatingIfNeeded: load(buckets[index], column, as: SIMD4<UInt16>.self))
    }
    for lane in 0..<4 { totals[column + lane] += Int64(sum[lane]) }
  }

  private func addEight(_ buckets: Span<UInt32>, to totals: inout MutableSpan<Int64>, at column: Int) {
    var sum = SIMD8<UInt32>()
    for index in buckets.indices {
      sum &+= SIMD8(truncatingIfNeeded: load(buckets[index], column, as: SIMD8<UInt16>.self))
    }
    for lane in 0..<8 { totals[column + lane] += Int64(sum[lane]) }
  }

  private func addTwelve(_ buckets: Span<UInt32>, to totals: inout MutableSpan<Int64>, at column: Int) {
    var sums = (SIMD8<UInt32>(), SIMD4<UInt32>())
    for index in buckets.indices {
      let bucket = buckets[index]
      sums.0 &+= SIMD8(truncatingIfNeeded: load(bucket, column, as: SIMD8<UInt16>.self))
      sums.1 &+= SIMD4(truncatingIfNeeded: load(bucket, column &+ 8, as: SIMD4<UInt16>.self))
    }
    for lane in 0..<8 { totals[column + lane] += Int64(sums.0[lane]) }
    for lane in 0..<4 { totals[column + 8 + lane] += Int64(sums.1[lane]) }
  }
}

extension NGramTable {
  /// The table of the tiers' heads: the norm's column, one per tier, and those of an embedding bag.
  init(from reader: inout ModelReader, bucketCount: Int, tiers: Int) throws(ModelFileError) {
    let name = TensorName.gramWeight
    guard let tensor = reader[name] else { throw .missingTensor(name) }
    let columns = tensor.shape.count == 2 ? tensor.shape[1] : 0
    guard (1 + tiers...1 + tiers + HiddenLayers.maximumWidth).contains(columns) else {
      throw .tensorShape(
        tensor: name, expected: "I16 [\(bucketCount), at least \(1 + tiers)]",
        found: "\(tensor.elementType.rawValue) \(tensor.shape)")
    }
    try self.init(from: &reader, name, TensorName.gramScale, rows: bucketCount, columns: columns)
  }

  init(
    from reader: inout ModelReader, _ weights: String, _ scales: String, rows: Int, columns: Int
  ) throws(ModelFileError) {
    self.init(
      values: try reader.readInt16s(weights, [rows, columns]), columns: columns,
      scales: try reader.readFloats(scales, [columns]))
  }
}
