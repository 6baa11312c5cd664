import Testing

@testable import Ockham

struct DenseLayerTests {
  struct Example {
    var input: [Float]
    var weights: [Float]
    var bias: [Float]

    init(inputs: Int, outputs: Int, seed: UInt64) {
      var draws = SplitMix64(seed: seed)
      func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -2...2, using: &draws) } }
      (input, weights, bias) = (numbers(inputs), numbers(inputs * outputs), numbers(outputs))
    }

    /// In the specification's order of additions.
    func written(_ output: Int) -> Float {
      var sums: [Float] = [0, 0, 0, 0]
      for index in input.indices { sums[index % 4] += input[index] * weights[index * bias.count + output] }
      return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + bias[output]
    }

    func precise(_ output: Int) -> Double {
      input.indices.reduce(Double(bias[output])) { sum, index in
        sum + Double(input[index]) * Double(weights[index * bias.count + output])
      }
    }
  }

  @Test(arguments: 0...40) func agreesWithBothReferences(inputs: Int) {
    for outputs in 1...12 {
      let example = Example(inputs: inputs, outputs: outputs, seed: UInt64(inputs * 100 + outputs))
      let layer = DenseLayer(weights: example.weights, bias: example.bias)
      #expect(layer.inputs == inputs && layer.outputs == outputs)
      var output = [Float](repeating: 9, count: outputs + 1)
      layer.apply(example.input, to: &output)
      for index in 0..<outputs {
        #expect(output[index].bitPattern == example.written(index).bitPattern)
        #expect(abs(Double(output[index]) - example.precise(index)) < 1e-4)
      }
      #expect(output[outputs] == 9)
    }
  }

  @Test func standardisingClips() {
    let standardizer = DenseStandardizer(means: [1, 1, 1, 0], inverseDeviations: [2, 2, 2, 0], limit: 2)
    var result = [Float](repeating: 0, count: 4)
    standardizer.apply([2, 100, -100, 5], to: &result)
    #expect(result == [2, 2, -2, 0])
    let wide = DenseStandardizer(means: [1, 1, 1, 0], inverseDeviations: [2, 2, 2, 0], limit: 5)
    wide.apply([3, 100, -100, 5], to: &result)
    #expect(result == [4, 5, -5, 0])
  }
}
