extension FrameForm {
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
