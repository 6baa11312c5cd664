/// Where the parameters of a linear model lie in one flat vector.
///
/// A matrix `[sparse + dense + 1 × stride]`: one row per sparse column, one per dense column, the bias last. The stride is
/// the number of heads rounded up to even; the padding is 0 and has gradient 0.
struct LinearLayout: Sendable, Equatable {
  let sparseColumns: Int
  let denseColumns: Int
  let heads: Int
  let stride: Int

  init(sparseColumns: Int, denseColumns: Int, heads: Int) {
    self.sparseColumns = sparseColumns
    self.denseColumns = denseColumns
    self.heads = heads
    stride = evenStride(heads)
  }

  /// The number of parameters, padding included.
  var count: Int { (sparseColumns + denseColumns + 1) * stride }

  /// The places of the sparse, the dense and the bias weights.
  var sparse: Range<Int> { 0..<sparseColumns * stride }
  var dense: Range<Int> { sparse.upperBound..<sparse.upperBound + denseColumns * stride }
  var bias: Range<Int> { dense.upperBound..<count }

  /// Removes the padding: `[rows × stride]` to `[rows × heads]`, in single precision.
  func unpadded(_ parameters: ArraySlice<Double>) -> [Float] {
    let first = parameters.startIndex
    return parameters.indices.filter { ($0 - first) % stride < heads }.map { Float(parameters[$0]) }
  }

  /// Adds the padding: `[rows × heads]` to `[rows × stride]`, in double precision.
  func padded(_ weights: [Float]) -> [Double] {
    var result = [Double](repeating: 0, count: weights.count / heads * stride)
    for (place, weight) in weights.enumerated() { result[place / heads * stride + place % heads] = Double(weight) }
    return result
  }
}
