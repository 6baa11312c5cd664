/// How far frames move dense features: the penalty that keeps a frame from moving a score.
///
/// With δ the standardised features of a request in a frame less those of the request itself, a linear head's score moves by δ · w. The
/// mean of (δ · w)² is wᵀ M w with M = mean of δ δᵀ, a penalty beside the ridge: the directions in which frames move requests are as good as
/// forbidden, the others free. (P. Simard, B. Victorri, Y. LeCun and J. Denker, "Tangent Prop", 1992.)
package struct FrameForm: Sendable {
  /// M, symmetric, row-major [d × d].
  package let matrix: [Double]

  package init(matrix: [Double]) { self.matrix = matrix }

  /// Of the framed rows that are among the given ones; `nil` where none is.
  init?(_ dataset: Dataset, _ transform: FeatureTransform, rows: [Int]) {
    guard let framed = dataset.framed else { return nil }
    let (width, own) = (dataset.denseColumns, Set(rows))
    let places = framed.rows.indices.filter { own.contains(framed.rows[$0]) }
    guard !places.isEmpty else { return nil }
    var moves: [Double] = []
    moves.reserveCapacity(places.count * width)
    for place in places {
      let (start, framedStart) = (framed.rows[place] * width, place * width)
      for column in 0..<width {
        let to = transform.standardise(framed.dense[framedStart + column], column)
        moves.append(Double(to - transform.standardise(dataset.dense[start + column], column)))
      }
    }
    var products = [Double](repeating: 0, count: width * width)
    let shape = DenseProduct.Shape(
      m: width, n: width, k: places.count, aForm: .transposed, aStride: width, bStride: width, cStride: width)
    var span = products.mutableSpan
    DenseProduct.multiply(shape, a: moves.span, b: moves.span, beta: 0, c: &span)
    matrix = products.map { $0 / Double(places.count) }
  }
}

extension LinearObjective {
  /// Adds ½ λ tr(W S Wᵀ M) and its gradient, W being the dense weights [d × heads] that the solver works on and S what heads are mixed by.
  func addFramePenalty(_ point: [Double], _ gradient: inout [Double]) -> Double {
    guard let frames, l2Frames > 0 else { return 0 }
    let (width, start) = (layout.denseColumns, layout.dense.lowerBound)
    var products = [Double](repeating: 0, count: width * layout.stride)
    let shape = DenseProduct.Shape(
      m: width, n: layout.stride, k: width, aStride: width, bStride: layout.stride, cStride: layout.stride)
    var span = products.mutableSpan
    DenseProduct.multiply(shape, a: frames.matrix.span, b: point.span.extracting(layout.dense), beta: 0, c: &span)
    var penalty = 0.0
    for row in Swift.stride(from: 0, to: products.count, by: layout.stride) {
      let sum = products[row..<row + layout.heads].reduce(0, +)
      for place in row..<row + layout.heads {
        let pull = frameMixing.own * products[place] + frameMixing.shared * sum
        penalty += point[start + place] * pull
        gradient[start + place] += l2Frames * pull
      }
    }
    return 0.5 * l2Frames * penalty
  }
}
