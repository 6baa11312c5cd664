/// Recognises the kind of task: a softmax over ``TaskKind`` from the same features as the tiers' heads.
///
/// It reads the buckets of all namespaces folded to a smaller table, each with value 1/√(number of
/// buckets): a translation and a proof take far fewer distinctions than an easy proof and a hard one.
struct TaskHead: Sendable {
  let table: NGramTable
  let dense: DenseLayer

  /// The probability of each kind [10], in the order of ``TaskKind``.
  func apply(_ buckets: ArraySlice<UInt32>, dense standardised: [Float], using buffers: inout TaskBuffers) {
    dense.apply(standardised, to: &buffers.probabilities)
    if !buckets.isEmpty {
      table.accumulate(buckets, into: &buffers.totals)
      let value = 1 / Float(buckets.count).squareRoot()
      for kind in buffers.probabilities.indices {
        buffers.probabilities[kind] += Float(buffers.totals[kind]) * table.scales[kind] * value
      }
    }
    for kind in buffers.probabilities.indices { buffers.probabilities[kind] = finite(buffers.probabilities[kind]) }
    Self.softmax(&buffers.probabilities)
  }

  /// The kinds that ``softmax(_:)`` is written for: two to a lane.
  static let kindCount = 10

  /// Softmax of ``kindCount`` logits, a pair at a time.
  static func softmax(_ probabilities: inout [Float]) {
    precondition(probabilities.count == kindCount)
    var logits = probabilities.mutableSpan
    var largest = -Float.infinity
    for index in logits.indices { largest = max(largest, logits[index]) }
    var powers = InlineArray<5, SIMD2<Double>>(repeating: SIMD2())
    var total = 0.0
    for pair in powers.indices {
      powers[pair] = exponential(SIMD2(Double(logits[2 * pair] - largest), Double(logits[2 * pair + 1] - largest)))
    }
    for pair in powers.indices { total = (total + powers[pair][0]) + powers[pair][1] }
    for pair in powers.indices {
      let shares = SIMD2<Double>(SIMD2<Float>(powers[pair])) / total
      logits[2 * pair] = Float(shares[0])
      logits[2 * pair + 1] = Float(shares[1])
    }
  }
}

/// Storage for one pass through a ``TaskHead``; empty for a model without one.
struct TaskBuffers {
  var totals: [Int64] = []
  var probabilities: [Float] = []

  init(_ head: TaskHead?) {
    guard let head else { return }
    totals = [Int64](repeating: 0, count: head.table.stride)
    probabilities = [Float](repeating: 0, count: TaskKind.allCases.count)
  }
}

extension TaskHead {
  /// The head, or `nil` for a file without one.
  init?(from reader: inout ModelReader, bucketCount: Int) throws(ModelFileError) {
    let name = TensorName.taskGramWeight
    guard let shape = reader[name]?.shape else { return nil }
    let kinds = TaskKind.allCases.count
    let rows = shape.first ?? 0
    guard rows > 0, rows & (rows - 1) == 0, rows <= bucketCount else {
      throw .tensorShape(
        tensor: name, expected: "I16 [a power of two up to \(bucketCount), \(kinds)]", found: "\(shape)")
    }
    self.init(
      table: try NGramTable(from: &reader, name, TensorName.taskGramScale, rows: rows, columns: kinds),
      dense: try DenseLayer(
        from: &reader, TensorName.taskDenseWeight, TensorName.taskBias, inputs: DenseFeatures.names.count,
        outputs: kinds))
  }
}
