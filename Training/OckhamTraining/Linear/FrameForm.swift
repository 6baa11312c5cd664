/// How far frames move dense features: the penalty that keeps a frame from moving a score.
///
/// With δ the standardised features of a request in a frame less those of the request itself, a linear head's score moves by δ · w. The
/// mean of (δ · w)² is wᵀ M w with M = mean of δ δᵀ, a penalty beside the ridge: the directions in which frames move requests are as good as
/// forbidden, the others free. (P. Simard, B. Victorri, Y. LeCun and J. Denker, "Tangent Prop", 1992.)
package struct FrameForm: Sendable {
  /// M, symmetric, row-major [d × d].
  package let matrix: [Double]

  package init(matrix: [Double]) { self.matrix = matrix }
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
