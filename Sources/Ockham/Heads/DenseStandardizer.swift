/// Brings dense features to mean 0 and deviation 1 over the training log, and clips what lies far outside of it.
struct DenseStandardizer: Sendable {
  /// The limit of files that name none.
  static let usualLimit: Float = 2
  static let largestLimit: Float = 64

  let means: [Float]
  let inverseDeviations: [Float]
  /// The largest absolute value of a standardised feature, above 0. It bounds what any one feature can do to a score,
  /// whatever a request contains.
  let limit: Float

  /// Standardises `values` [d] into `result` [d]: clip((x − mean) · inverseDeviation).
  func apply(_ values: [Float], to result: inout [Float]) {
    let count = means.count
    precondition(inverseDeviations.count == count && values.count == count && result.count == count)
    let (means, inverses, values) = (means.span, inverseDeviations.span, values.span)
    var result = result.mutableSpan
    for index in 0..<count {
      let standardised = unsafe (values[unchecked: index] - means[unchecked: index]) * inverses[unchecked: index]
      unsafe result[unchecked: index] = min(max(standardised, -limit), limit)
    }
  }
}

extension DenseStandardizer {
  /// - Parameter width: d.
  init(from reader: inout ModelReader, width: Int) throws(ModelFileError) {
    let shape = [width]
    self.init(
      means: try reader.readFloats(TensorName.denseMean, shape),
      inverseDeviations: try reader.readFloats(TensorName.denseInverseDeviation, shape),
      limit: try Self.readLimit(from: &reader))
  }

  private static func readLimit(from reader: inout ModelReader) throws(ModelFileError) -> Float {
    let name = TensorName.denseLimit
    guard reader[name] != nil else { return usualLimit }
    let limit = try reader.readFloats(name, [1])[0]
    guard limit > 0, limit <= largestLimit else {
      throw .tensorValue(tensor: name, index: 0, expected: "a number above 0, at most 64")
    }
    return limit
  }
}
