/// The tiers' heads: from the features of a request to one logit per tier.
///
/// What differs between architectures stands here: how heads are read, what storage a pass takes, how logits come about and
/// what explains them. A further architecture is a case, a type in a file of its own and a name in ``Model/Kind``; a switch
/// that forgets it does not compile. Calibration, task head and cost head do not depend on it.
///
/// Every architecture is given the dense features and the sums over the request's n-grams of the ``NGramTable``'s columns: the
/// norm, one column per tier, and what else the architecture has put there.
enum Heads: Sendable {
  /// Multi-head logistic regression.
  case logistic(DenseLayer)
  /// The same with an embedding bag and a hidden layer beside it.
  case mlp(DenseLayer, HiddenLayers)

  /// - Parameters:
  ///   - dense: the number of dense features.
  ///   - bagWidth: the table's columns behind those of the tiers.
  init(from reader: inout ModelReader, dense: Int, tiers: Int, bagWidth: Int) throws(ModelFileError) {
    let linear = try DenseLayer(
      from: &reader, TensorName.denseWeight, TensorName.bias, inputs: dense, outputs: tiers)
    if let layers = try HiddenLayers(from: &reader, dense: dense, tiers: tiers, bagWidth: bagWidth) {
      self = .mlp(linear, layers)
    } else {
      self = .logistic(linear)
    }
  }

  /// These heads with a further sum of the dense features, which a pass leaves behind the tiers' in ``HeadBuffers/linear``.
  ///
  /// Rows of weights are padded to whole vectors: with three tiers the sum costs nothing.
  func adding(weights: [Float], bias: Float) -> Heads {
    switch self {
    case .logistic(let linear): .logistic(linear.adding(weights: weights, bias: bias))
    case .mlp(let linear, let layers): .mlp(linear.adding(weights: weights, bias: bias), layers)
    }
  }

  /// Computes the logits [tiers] from the table's sums and standardised dense features [d].
  ///
  /// - Complexity: O(weights) but for the table's, no allocation.
  func score(sums: [Float], dense: [Float], to logits: inout [Float], using buffers: inout HeadBuffers) {
    switch self {
    case .logistic(let linear): buffers.score(linear, sums: sums, dense: dense, to: &logits)
    case .mlp(let linear, let layers):
      buffers.score(linear, sums: sums, dense: dense, to: &logits)
      layers.add(sums: sums, dense: dense, to: &logits, using: &buffers.hidden)
    }
  }

  /// What makes logit `upper` larger than logit `lower`, beside the n-grams, in the pass that `buffers` was last used for.
  func explain(
    dense: [Float], _ buffers: HeadBuffers, from lower: Int, to upper: Int
  ) -> (bias: Float, contributions: [(feature: Int, value: Float)], hidden: Float) {
    switch self {
    case .logistic(let linear):
      (linear.bias(upper) - linear.bias(lower), linear.contributions(of: dense, from: lower, to: upper), 0)
    case .mlp(let linear, _):
      (
        linear.bias(upper) - linear.bias(lower), linear.contributions(of: dense, from: lower, to: upper),
        buffers.hidden.output[upper] - buffers.hidden.output[lower]
      )
    }
  }
}

/// Storage for one pass through ``Heads``; what an architecture has no use for is empty.
struct HeadBuffers {
  /// What the dense features add up to: a sum for each tier, and those that were added to them.
  fileprivate(set) var linear: [Float]
  var hidden: HiddenBuffers

  init(_ heads: Heads) {
    switch heads {
    case .logistic(let layer): (linear, hidden) = (layer.zeros, HiddenBuffers())
    case .mlp(let layer, let layers): (linear, hidden) = (layer.zeros, HiddenBuffers(layers))
    }
  }

  fileprivate mutating func score(_ layer: DenseLayer, sums: [Float], dense: [Float], to logits: inout [Float]) {
    layer.apply(dense, to: &linear)
    for tier in logits.indices { logits[tier] = linear[tier] + sums[1 + tier] }
  }
}

/// A sum as a finite number: one that overflowed is cut to the largest there is, and a NaN, which is what is left when two
/// overflows meet, becomes the lowest. Weights of any trained model stay far below; those of a hostile file need not.
@inline(__always) func finite(_ sum: Float) -> Float {
  min(.greatestFiniteMagnitude, max(-.greatestFiniteMagnitude, sum))
}
