/// An affine map y = bias + x·W of small width, in a fixed order of additions.
///
/// W is row-major [inputs × outputs], padded to a multiple of 4 outputs. Four partial sums take the inputs in turn
/// (input i goes to sum i mod 4) and are added as (s₀ + s₁) + (s₂ + s₃), then the bias: the order is part of the
/// specification, because single-precision sums depend on it.
struct DenseLayer: Sendable {
  let inputs: Int
  let outputs: Int
  private let paddedOutputs: Int
  let weights: [SIMD4<Float>]
  let bias: [SIMD4<Float>]

  /// - Parameters:
  ///   - weights: row-major [inputs × outputs].
  ///   - bias: [outputs].
  init(weights: [Float], bias: [Float]) {
    outputs = bias.count
    inputs = weights.count / bias.count
    paddedOutputs = (bias.count + 3) / 4 * 4
    var packed: [SIMD4<Float>] = []
    for input in 0..<inputs { packed += Self.pack(weights[(input * outputs)..<((input + 1) * outputs)]) }
    self.weights = packed
    self.bias = Self.pack(bias[...])
  }

  private static func pack(_ row: ArraySlice<Float>) -> [SIMD4<Float>] {
    stride(from: row.startIndex, to: row.endIndex, by: 4).map { start in
      var vector = SIMD4<Float>()
      for lane in 0..<min(4, row.endIndex - start) { vector[lane] = row[start + lane] }
      return vector
    }
  }

  /// Computes the layer for `input` [inputs] into `output` [outputs].
  func apply(_ input: [Float], to output: inout [Float]) {
    precondition(input.count >= inputs && output.count >= outputs)
    let blocks = bias.count
    for block in 0..<blocks {
      var sums = (SIMD4<Float>(), SIMD4<Float>(), SIMD4<Float>(), SIMD4<Float>())
      var index = 0
      while index + 4 <= inputs {
        sums.0 += input[index] * weights[index * blocks + block]
        sums.1 += input[index + 1] * weights[(index + 1) * blocks + block]
        sums.2 += input[index + 2] * weights[(index + 2) * blocks + block]
        sums.3 += input[index + 3] * weights[(index + 3) * blocks + block]
        index += 4
      }
      if index < inputs { sums.0 += input[index] * weights[index * blocks + block] }
      if index + 1 < inputs { sums.1 += input[index + 1] * weights[(index + 1) * blocks + block] }
      if index + 2 < inputs { sums.2 += input[index + 2] * weights[(index + 2) * blocks + block] }
      let total = ((sums.0 + sums.1) + (sums.2 + sums.3)) + bias[block]
      for lane in 0..<min(4, outputs - block * 4) { output[block * 4 + lane] = total[lane] }
    }
  }
}
