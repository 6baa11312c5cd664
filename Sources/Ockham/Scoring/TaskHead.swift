/// Recognises the kind of task: a softmax over ``TaskKind`` from the same features as the tiers' heads.
///
/// It reads the buckets of all namespaces folded to a smaller table (the low bits), each with value 1/√(number of
/// buckets): telling a translation from a proof needs far fewer distinctions than telling an easy proof from a hard one.
struct TaskHead: Sendable {
  let table: GramTable
  let mask: UInt32
  let dense: DenseLayer

  /// The probability of each kind [10], in the order of ``TaskKind``.
  func apply(_ vector: FeatureVector, dense standardised: [Float], using buffers: inout TaskBuffers) {
    let buckets = vector.buckets
    buffers.folded.removeAll(keepingCapacity: true)
    for bucket in buckets { buffers.folded.append(bucket & mask) }
    dense.apply(standardised, to: &buffers.probabilities)
    if !buckets.isEmpty {
      table.accumulate(buffers.folded[...], into: &buffers.totals)
      let value = 1 / Float(buckets.count).squareRoot()
      for kind in buffers.probabilities.indices {
        buffers.probabilities[kind] += Float(buffers.totals[kind]) * table.scales[kind] * value
      }
    }
    for kind in buffers.probabilities.indices { buffers.probabilities[kind] = finite(buffers.probabilities[kind]) }
    Self.softmax(&buffers.probabilities)
  }

  static func softmax(_ logits: inout [Float]) {
    var largest = -Float.infinity
    for logit in logits { largest = max(largest, logit) }
    var total = 0.0
    for index in logits.indices {
      let power = exponential(Double(logits[index] - largest))
      total += power
      logits[index] = Float(power)
    }
    for index in logits.indices { logits[index] = Float(Double(logits[index]) / total) }
  }
}

/// Storage for one pass through a ``TaskHead``.
struct TaskBuffers {
  var folded: [UInt32] = []
  var totals: [Int64]
  var probabilities: [Float]

  init(_ head: TaskHead) {
    folded.reserveCapacity(2_048)
    totals = [Int64](repeating: 0, count: head.table.stride)
    probabilities = [Float](repeating: 0, count: TaskKind.allCases.count)
  }
}
