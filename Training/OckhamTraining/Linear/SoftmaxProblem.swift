/// What a softmax model is fitted to: one of K classes per row, or none where unknown.
package struct SoftmaxProblem: Sendable {
  let design: LinearDesign

  /// The class of each row, `[n]`, in `0 ..< classCount`; `nil` where unknown.
  package let classes: [Int?]

  /// The number of classes K, at least 2.
  package let classCount: Int

  /// The weight of each row, `[n]`.
  package let weights: [Float]

  /// The name of the head, for messages.
  package let headName: String

  /// Checks the data.
  ///
  /// - Throws: ``TrainingError`` `shape`, `notFinite`, `outOfRange` or `parameter` at the first wrong value.
  package init(
    sparse: any SparseFeatures, dense: DenseRows, classes: [Int?], classCount: Int, weights: [Float]? = nil,
    headName: String
  ) throws(TrainingError) {
    let weights = weights ?? [Float](repeating: 1, count: classes.count)
    try requireEqual("class labels", classes.count, expected: sparse.rows)
    try requireParameter("classCount", classCount, "at least 2") { $0 >= 2 }
    try checkWeights(weights, rows: sparse.rows)
    try Self.check(classes, count: classCount)
    design = try LinearDesign(sparse: sparse, dense: dense)
    self.classes = classes
    self.classCount = classCount
    self.weights = weights
    self.headName = headName
  }

  /// The same rows with other weights; shares the features.
  ///
  /// - Throws: ``TrainingError`` for weights that are not one finite number of at least 0 per row.
  package func reweighted(_ weights: [Float]) throws(TrainingError) -> SoftmaxProblem {
    try checkWeights(weights, rows: design.rows)
    return SoftmaxProblem(self, weights: weights)
  }

  private init(_ other: SoftmaxProblem, weights: [Float]) {
    design = other.design
    classes = other.classes
    classCount = other.classCount
    headName = other.headName
    self.weights = weights
  }

  private static func check(_ classes: [Int?], count: Int) throws(TrainingError) {
    for (row, label) in classes.enumerated() {
      guard let label, !(0..<count).contains(label) else { continue }
      throw .outOfRange(
        subject: "class labels", row: row, column: 0, expected: "a class in 0..<\(count)", found: Float(label))
    }
  }
}
