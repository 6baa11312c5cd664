#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The labels of all heads, ready to be summed: unknown ones carry weight 0, and the weights of each head sum to 1.
///
/// The loss of a head is then the weighted average over its known labels, so that heads with few labels count as much
/// as heads with many, and a regularisation strength means the same for any number of rows.
struct HeadTargets: RowLoss {
  /// The number of heads rounded up to even.
  let stride: Int

  /// y, `[n × stride]`, 0 where unknown.
  let targets: [Double]

  /// w_i / Σ w over the known labels of the head, `[n × stride]`, 0 where unknown.
  let weights: [Double]

  private let coupling: MultiTaskCoupling

  /// ȳ (1 − ȳ) of each head, `[stride]`.
  private let variances: [Double]

  /// Heads without a known label get weight 0 everywhere.
  /// - Parameter factors: what each label counts beside its row's weight; all 1 when left out.
  init(labels: DenseMatrix, weights: [Float], factors: DenseMatrix? = nil, coupling: MultiTaskCoupling? = nil) {
    stride = evenStride(labels.columns)
    self.coupling = coupling ?? MultiTaskCoupling(heads: labels.columns)
    var targets = [Double](repeating: 0, count: labels.rows * stride)
    var shares = targets
    for head in 0..<labels.columns {
      let known = Self.knownRows(labels, weights, head)
      func weight(_ row: Int) -> Double { Double(weights[row]) * Double(factors?[row, head] ?? 1) }
      let total = known.reduce(0.0) { $0 + weight($1) }
      for row in known {
        targets[row * stride + head] = Double(labels[row, head])
        shares[row * stride + head] = weight(row) / total
      }
    }
    self.targets = targets
    self.weights = shares
    variances = Self.variances(targets, shares, stride)
  }

  private static func variances(_ targets: [Double], _ shares: [Double], _ heads: Int) -> [Double] {
    var means = [Double](repeating: 0, count: heads)
    for place in targets.indices { means[place % heads] += shares[place] * targets[place] }
    return means.map { $0 * (1 - $0) }
  }

  /// The rows of positive weight whose label is known.
  private static func knownRows(_ labels: DenseMatrix, _ weights: [Float], _ head: Int) -> [Int] {
    (0..<labels.rows).filter { !labels[$0, head].isNaN && weights[$0] > 0 }
  }

  /// Throws unless every head can be learnt from its labels.
  ///
  /// - Parameter minimum: what Σ y and Σ (1 − y) over the rows of positive weight must reach for each head.
  /// - Throws: ``TrainingError`` `noLabels`, `oneOutcome` or `tooFewOutcomes`.
  static func requireOutcomes(
    labels: DenseMatrix, weights: [Float], headNames: [String], minimum: Int
  ) throws(TrainingError) {
    for (head, name) in headNames.enumerated() {
      let known = knownRows(labels, weights, head).map { labels[$0, head] }
      try requireOutcomes(known, head: name, rows: labels.rows, minimum: minimum)
    }
  }

  /// Whether every head can be learnt, as ``requireOutcomes(labels:weights:headNames:minimum:)`` has it of one outcome each.
  static func haveOutcomes(labels: DenseMatrix, weights: [Float]) -> Bool {
    let names = (0..<labels.columns).map { "\($0)" }
    do { try requireOutcomes(labels: labels, weights: weights, headNames: names, minimum: 1) } catch { return false }
    return true
  }

  /// Throws when the known labels of a head do not hold `minimum` of each outcome. Labels that are all the same between
  /// 0 and 1 are a constant that the bias can take on.
  static func requireOutcomes(_ known: [Float], head: String, rows: Int, minimum: Int) throws(TrainingError) {
    guard let first = known.first else { throw .noLabels(head: head, rows: rows) }
    guard known.contains(where: { $0 != first }) else {
      if first > 0, first < 1 { return }
      throw .oneOutcome(head: head, labels: known.count, value: first, needed: minimum)
    }
    let good = known.reduce(0.0) { $0 + Double($1) }
    let bad = Double(known.count) - good
    guard min(good, bad) >= Double(minimum) else {
      throw .tooFewOutcomes(head: head, good: good, bad: bad, needed: minimum)
    }
  }

  /// The loss of the mixed logits and its derivative by those that came in.
  func evaluate(row: Int, logits: inout MutableSpan<Double>, offset: Int) -> Double {
    if coupling.isIdentity { return evaluateHeads(row: row, logits: &logits, offset: offset) }
    coupling.mix(&logits, offset: offset)
    let loss = evaluateHeads(row: row, logits: &logits, offset: offset)
    coupling.mix(&logits, offset: offset)
    return loss
  }

  func curvature(row: Int, into values: inout MutableSpan<Double>, offset: Int) {
    for lane in 0..<stride { values[offset + lane] = weights[row * stride + lane] * variances[lane] }
    if !coupling.isIdentity { coupling.mixSquares(&values, offset: offset) }
  }

  /// Cross-entropy w · (log(1 + e^z) − y z) of each head, its derivative w · (σ(z) − y).
  private func evaluateHeads(row: Int, logits: inout MutableSpan<Double>, offset: Int) -> Double {
    var loss = 0.0
    for lane in 0..<stride {
      let weight = weights[row * stride + lane]
      guard weight > 0 else {
        logits[offset + lane] = 0
        continue
      }
      let logit = logits[offset + lane]
      let target = targets[row * stride + lane]
      let decay = exp(-abs(logit))
      loss += weight * (log1p(decay) + max(logit, 0) - target * logit)
      logits[offset + lane] = weight * ((logit >= 0 ? 1 : decay) / (1 + decay) - target)
    }
    return loss
  }
}
