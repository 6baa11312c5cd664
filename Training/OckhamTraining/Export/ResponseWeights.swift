package import Ockham

/// What goes into a model file for one tier's response head.
package struct ResponseWeights: Sendable {
  /// The tier that answers.
  package var tier: Int
  package var transform: FeatureTransform
  package var heads: any HeadWeights
  /// Of the answer, then of each tier above.
  package var calibrations: [Calibration]
  /// The share of n-grams that training has not seen from which on an answer is unlike any.
  package var unlike: Float

  /// What a model file calls the part that response heads are.
  static let part = "response"
}

extension ResponseWeights {
  /// The tensors, with the head's prefix.
  var tensors: [Tensor] {
    let own =
      transform.scalingTensors + heads.tensors(transform) + calibrations.tensors
      + [Tensor(name: TensorName.unlike, shape: [1], floats: [unlike])]
    let prefix = TensorName.responsePrefix(tier: tier)
    return own.map { tensor in
      var tensor = tensor
      tensor.name = prefix + tensor.name
      return tensor
    }
  }
}
