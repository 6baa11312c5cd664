extension DenseMatrix {
  /// Appends whole rows.
  ///
  /// - Precondition: `rowValues` is a multiple of the columns.
  mutating func appendRows(_ rowValues: [Float]) {
    precondition(columns > 0 && rowValues.count % columns == 0)
    rows += rowValues.count / columns
    values.append(contentsOf: rowValues)
  }
}
