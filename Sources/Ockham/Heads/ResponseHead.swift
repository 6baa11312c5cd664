/// The head of one answering tier t: from its response, and from what the prompt's heads said, to T − t probabilities: that the
/// response is good, and that each tier above would be.
///
/// The logits of the prompt's heads, as they are before calibration, are inputs behind the response's dense features: what a
/// response says is what it adds to the prompt. Kept behind one reference, as ``ModelContents`` is.
final class ResponseHead: Sendable {
  let tier: Int
  let table: NGramTable
  let standardizer: DenseStandardizer
  let heads: Heads
  let calibrations: [Calibration]
  /// The share of n-grams that no answer of the training log had from which on a response is unlike any of them.
  let unlike: Float

  /// The largest absolute value of a prompt's logit that is looked at.
  static let largestLogit: Float = 16

  /// The number of dense inputs of a model of T tiers.
  static func inputs(tiers: Int) -> Int { ResponseFeatures.names.count + tiers }

  /// Probabilities of tiers t … T − 1.
  var outputs: Int { calibrations.count }

  init(
    from reader: inout ModelReader, tier: Int, tiers: Int, kinds: [String], options: FeatureOptions
  ) throws(ModelFileError) {
    let (outputs, inputs) = (tiers - tier, Self.inputs(tiers: tiers))
    self.tier = tier
    table = try NGramTable(from: &reader, bucketCount: options.bucketCount, tiers: outputs)
    standardizer = try DenseStandardizer(from: &reader, width: inputs)
    heads = try Heads(from: &reader, dense: inputs, tiers: outputs, bagWidth: table.columns - 1 - outputs)
    calibrations = try Calibration.readAll(kinds, from: &reader, key: ResponseHeads.part)
    unlike = try reader.readFloats(TensorName.unlike, [1])[0]
    guard unlike > 0, unlike <= 2 else {
      throw .tensorValue(tensor: TensorName.unlike, index: 0, expected: "a number above 0, at most 2")
    }
  }

  /// Scores the response that `vector` describes.
  ///
  /// A response that is unlike those of the training log counts as not good, whatever the head would say of it; of the tiers
  /// above it contains nothing.
  ///
  /// - Complexity: O(buckets + weights), no allocation.
  ///
  /// - Parameters:
  ///   - logits: of the request, by tier, not calibrated [T].
  ///   - probabilities: of the request, by tier [T].
  func score(
    _ vector: ResponseVector, logits: [Float], probabilities: [Float], using buffers: inout ResponseBuffers
  ) {
    gather(vector.dense, logits, into: &buffers.inputs)
    standardizer.apply(buffers.inputs, to: &buffers.standardised)
    sumGrams(vector.content, into: &buffers)
    heads.score(sums: buffers.sums, dense: buffers.standardised, to: &buffers.logits, using: &buffers.heads)
    for output in 0..<outputs {
      buffers.logits[output] = finite(buffers.logits[output])
      buffers.probabilities[output] = calibrations[output].probability(buffers.logits[output])
    }
    guard isUnlike(vector.content) else { return }
    buffers.probabilities[0] = 0
    for output in 1..<outputs { buffers.probabilities[output] = probabilities[tier + output] }
  }

  private func gather(_ dense: [Float], _ logits: [Float], into inputs: inout [Float]) {
    precondition(inputs.count == dense.count + logits.count)
    let dense = dense.span
    var inputs = inputs.mutableSpan
    for index in dense.indices { unsafe inputs[unchecked: index] = unsafe dense[unchecked: index] }
    for tier in logits.indices {
      inputs[dense.count + tier] = min(Self.largestLogit, max(-Self.largestLogit, logits[tier]))
    }
  }

  private func sumGrams(_ content: FeatureVector, into buffers: inout ResponseBuffers) {
    for column in buffers.sums.indices { buffers.sums[column] = 0 }
    var start = 0
    for namespace in 0..<4 {
      let end = content.groupEnds[namespace]
      if start < end {
        table.addNormalised(content.bucketSet.storage[start..<end], to: &buffers.sums, using: &buffers.totals)
      }
      start = end
    }
  }

  /// What the words of each namespace add to output `upper` more than to the first [4].
  func nGramContributions(_ content: FeatureVector, to upper: Int) -> Explanation.NGrams {
    var totals = [Int64](repeating: 0, count: table.stride)
    var start = 0
    return Explanation.NGrams { namespace in
      let end = content.groupEnds[namespace.rawValue]
      var sums = [Float](repeating: 0, count: table.stride)
      table.addNormalised(content.bucketSet.storage[start..<end], to: &sums, using: &totals)
      start = end
      return sums[1 + upper] - sums[1]
    }
  }

  /// Whether too many n-grams of the text and the calls are new.
  private func isUnlike(_ content: FeatureVector) -> Bool {
    let answer = content.bucketSet.slice
    return unlike <= 1 && ratio(table.unseen(answer), answer.count) >= unlike
  }
}

/// Storage for one pass through a ``ResponseHead``.
struct ResponseBuffers: Sendable {
  var inputs: [Float]
  var standardised: [Float]
  var sums: [Float]
  var totals: [Int64]
  var logits: [Float]
  var probabilities: [Float]
  var heads: HeadBuffers

  init(_ head: ResponseHead) {
    inputs = [Float](repeating: 0, count: head.standardizer.means.count)
    standardised = inputs
    sums = [Float](repeating: 0, count: head.table.stride)
    totals = [Int64](repeating: 0, count: head.table.stride)
    logits = [Float](repeating: 0, count: head.outputs)
    probabilities = logits
    heads = HeadBuffers(head.heads)
  }
}
