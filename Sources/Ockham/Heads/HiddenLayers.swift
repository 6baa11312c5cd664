/// The deep part of the MLP kind: embedding bag and dense features → ReLU hidden layer → one number per tier.
struct HiddenLayers: Sendable {
  /// Dimensions of the embedding bag; they follow the tiers in the ``NGramTable``.
  let bagWidth: Int
  let hidden: DenseLayer
  let output: DenseLayer

  /// Adds the deep part to the tiers' logits.
  ///
  /// - Parameters:
  ///   - sums: the table's columns for this request: norm, tiers, bag.
  ///   - dense: standardised dense features [d].
  ///   - buffers: reused storage.
  func add(sums: [Float], dense: [Float], to logits: inout [Float], using buffers: inout HiddenBuffers) {
    let tiers = logits.count
    for index in 0..<bagWidth { buffers.input[index] = sums[1 + tiers + index] }
    for index in dense.indices { buffers.input[bagWidth + index] = dense[index] }
    hidden.apply(buffers.input, to: &buffers.hidden)
    for index in buffers.hidden.indices { buffers.hidden[index] = max(0, buffers.hidden[index]) }
    output.apply(buffers.hidden, to: &buffers.output)
    for tier in 0..<tiers { logits[tier] += buffers.output[tier] }
  }
}

/// Storage for one pass through ``HiddenLayers``.
struct HiddenBuffers {
  var input: [Float] = []
  var hidden: [Float] = []
  var output: [Float] = []

  /// For heads without hidden layers.
  init() {}

  init(_ layers: HiddenLayers) {
    input = [Float](repeating: 0, count: layers.hidden.inputs)
    hidden = [Float](repeating: 0, count: layers.hidden.outputs)
    output = [Float](repeating: 0, count: layers.output.outputs)
  }
}

extension HiddenLayers {
  /// The most dimensions of the embedding bag and of the hidden layer.
  static let maximumWidth = 1_024

  /// The deep part, or `nil` for a file without any.
  init?(from reader: inout ModelReader, dense: Int, tiers: Int, bagWidth: Int) throws(ModelFileError) {
    let name = TensorName.hiddenWeight
    guard let shape = reader[name]?.shape else {
      if bagWidth > 0 { throw .missingTensor(name) }
      return nil
    }
    let inputs = bagWidth + dense
    guard shape.count == 2, (1...Self.maximumWidth).contains(shape[1]) else {
      throw .tensorShape(tensor: name, expected: "F32 [\(inputs), 1 to \(Self.maximumWidth)]", found: "\(shape)")
    }
    self.init(
      bagWidth: bagWidth,
      hidden: try DenseLayer(from: &reader, name, TensorName.hiddenBias, inputs: inputs, outputs: shape[1]),
      output: try DenseLayer(
        from: &reader, TensorName.outputWeight, TensorName.outputBias, inputs: shape[1], outputs: tiers))
  }
}
