#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The classes of all rows, ready to be summed: the weights of the rows with a class sum to 1.
struct ClassTargets: RowLoss {
  /// K.
  let classCount: Int

  /// The class of each row, −1 where unknown: `[n]`.
  let classes: [Int32]

  /// w_i / Σ w over the rows with a class, 0 elsewhere: `[n]`.
  let weights: [Double]

  /// The mean of p (1 − p) over the classes, p their shares: one number, so that steps keep the sum of the biases.
  private let variance: Double

  /// - Throws: ``TrainingError`` `noLabels` or `oneClass`.
  init(_ problem: SoftmaxProblem) throws(TrainingError) {
    let known = problem.classes.indices.filter { problem.classes[$0] != nil && problem.weights[$0] > 0 }
    let found = Set(known.compactMap { problem.classes[$0] })
    guard !known.isEmpty else { throw .noLabels(head: problem.headName, rows: problem.classes.count) }
    guard found.count >= 2 else { throw .oneClass(head: problem.headName, labels: known.count, found: found.count) }
    let total = known.reduce(0.0) { $0 + Double(problem.weights[$1]) }
    var shares = [Double](repeating: 0, count: problem.classes.count)
    for row in known { shares[row] = Double(problem.weights[row]) / total }
    classCount = problem.classCount
    classes = problem.classes.map { Int32($0 ?? -1) }
    weights = shares
    var sharesOfClasses = [Double](repeating: 0, count: problem.classCount)
    for row in known { sharesOfClasses[problem.classes[row] ?? 0] += shares[row] }
    variance = (1 - sharesOfClasses.reduce(0) { $0 + $1 * $1 }) / Double(problem.classCount)
  }

  func curvature(row: Int, into values: inout MutableSpan<Double>, offset: Int) {
    for lane in 0..<evenStride(classCount) { values[offset + lane] = lane < classCount ? weights[row] * variance : 0 }
  }

  /// Cross-entropy w · (log Σ_k e^{z_k} − z_c), its derivative w · (softmax(z) − onehot(c)).
  func evaluate(row: Int, logits: inout MutableSpan<Double>, offset: Int) -> Double {
    let end = offset + evenStride(classCount)
    let weight = weights[row]
    guard weight > 0 else {
      for place in offset..<end { logits[place] = 0 }
      return 0
    }
    let target = offset + Int(classes[row])
    let targetLogit = logits[target]
    let (largest, sum) = exponentiate(&logits, offset)
    for place in offset..<offset + classCount { logits[place] *= weight / sum }
    for place in offset + classCount..<end { logits[place] = 0 }
    logits[target] -= weight
    return weight * (log(sum) + largest - targetLogit)
  }

  /// Replaces the logits by e^{z − max z}; returns max z and the sum.
  private func exponentiate(_ logits: inout MutableSpan<Double>, _ offset: Int) -> (largest: Double, sum: Double) {
    var largest = -Double.infinity
    for place in offset..<offset + classCount { largest = max(largest, logits[place]) }
    var sum = 0.0
    for place in offset..<offset + classCount {
      logits[place] = exp(logits[place] - largest)
      sum += logits[place]
    }
    return (largest, sum)
  }
}
