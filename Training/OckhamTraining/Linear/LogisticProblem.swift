/// What a multi-head logistic model is fitted to.
package struct LogisticProblem: Sendable {
  let design: LinearDesign

  /// Y, `[n × T]`: P(good) in 0…1, NaN where nothing is known.
  package let labels: DenseMatrix

  /// The weight of each row, `[n]`, finite and at least 0. A row of weight 0 counts as absent.
  package let weights: [Float]

  /// What each label counts beside its row's weight, `[n × T]`, finite and above 0; `nil` where all count 1.
  package let factors: DenseMatrix?

  /// How far frames move the dense features; `nil` where it is not known.
  package var frames: FrameForm?

  /// The names of the heads, for messages: `[T]`.
  package let headNames: [String]

  /// Checks the data.
  ///
  /// - Parameters:
  ///   - sparse: X, `[n × B]`, compacted to the columns in use.
  ///   - dense: D, `[n × d]`, standardised.
  ///   - labels: Y, `[n × T]`.
  ///   - weights: `[n]`; all 1 when left out.
  ///   - factors: `[n × T]`; all 1 when left out.
  ///   - headNames: `[T]`.
  /// - Throws: ``TrainingError`` `shape`, `notFinite` or `outOfRange` at the first wrong value.
  package init(
    sparse: any SparseFeatures, dense: DenseRows, labels: DenseMatrix, weights: [Float]? = nil,
    factors: DenseMatrix? = nil, headNames: [String]
  ) throws(TrainingError) {
    let weights = weights ?? [Float](repeating: 1, count: labels.rows)
    try requireEqual("labels, rows", labels.rows, expected: sparse.rows)
    try requireEqual("labels, heads", labels.columns, expected: headNames.count)
    guard !headNames.isEmpty else { throw .shape(subject: "heads", expected: 1, found: 0) }
    try Self.check(labels)
    try checkWeights(weights, rows: sparse.rows)
    try Self.check(factors, like: labels)
    design = try LinearDesign(sparse: sparse, dense: dense)
    self.labels = labels
    self.weights = weights
    self.factors = factors
    self.headNames = headNames
  }

  private init(
    _ other: LogisticProblem, labels: DenseMatrix, headNames: [String], weights: [Float], factors: DenseMatrix?
  ) {
    design = other.design
    frames = other.frames
    self.labels = labels
    self.headNames = headNames
    self.weights = weights
    self.factors = factors
  }

  /// The number of rows n.
  package var rows: Int { design.rows }

  /// X, `[n × B]`.
  package var sparse: any SparseFeatures { design.sparse }

  /// D, `[n × d]`.
  package var dense: DenseRows { design.dense }

  /// The same rows with other weights; shares the features. Leaving a fold out is giving its rows weight 0.
  ///
  /// - Throws: ``TrainingError`` as ``init(sparse:dense:labels:weights:headNames:)`` does.
  package func reweighted(_ weights: [Float]) throws(TrainingError) -> LogisticProblem {
    try checkWeights(weights, rows: rows)
    return LogisticProblem(self, labels: labels, headNames: headNames, weights: weights, factors: factors)
  }

  /// The same rows with further heads behind the present ones; shares the features.
  ///
  /// - Throws: ``TrainingError`` as ``init(sparse:dense:labels:weights:headNames:)`` does.
  package func adding(heads names: [String], labels more: DenseMatrix) throws(TrainingError) -> LogisticProblem {
    try requireEqual("further labels, rows", more.rows, expected: rows)
    try requireEqual("further labels, heads", more.columns, expected: names.count)
    try Self.check(more)
    return LogisticProblem(
      self, labels: labels.joiningColumns(more), headNames: headNames + names, weights: weights,
      factors: factors.map { $0.joiningColumns(DenseMatrix(repeating: 1, rows: rows, columns: names.count)) })
  }

  private static func check(_ factors: DenseMatrix?, like labels: DenseMatrix) throws(TrainingError) {
    guard let factors else { return }
    try requireEqual("factors, rows", factors.rows, expected: labels.rows)
    try requireEqual("factors, heads", factors.columns, expected: labels.columns)
    guard let place = factors.values.firstIndex(where: { !($0 > 0 && $0.isFinite) }) else { return }
    throw .outOfRange(
      subject: "factors", row: place / factors.columns, column: place % factors.columns,
      expected: "a finite factor above 0", found: factors.values[place])
  }

  private static func check(_ labels: DenseMatrix) throws(TrainingError) {
    guard let place = labels.values.firstIndex(where: { !$0.isNaN && !($0 >= 0 && $0 <= 1) }) else { return }
    throw .outOfRange(
      subject: "labels", row: place / labels.columns, column: place % labels.columns,
      expected: "0…1, or NaN where unknown", found: labels.values[place])
  }
}
