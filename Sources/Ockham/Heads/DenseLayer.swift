/// An affine map y = bias + x·W of small width, in a fixed order of additions.
///
/// W is row-major [inputs × outputs], padded to a multiple of 4 outputs. Four partial sums take the inputs in turn
/// (input i goes to sum i mod 4) and are added as (s₀ + s₁) + (s₂ + s₃), then the bias: the order is part of the
/// specification, because single-precision sums depend on it.
struct DenseLayer: Sendable {
  let inputs: Int
  let outputs: Int
  /// Weights per input: ``outputs`` rounded up to a multiple of 4.
  private let stride: Int
  private let weights: [Float]
  private let bias: [Float]

  /// - Parameters:
  ///   - weights: row-major [inputs × outputs].
  ///   - bias: [outputs].
  init(weights: [Float], bias: [Float]) {
    outputs = bias.count
    inputs = weights.count / bias.count
    stride = (bias.count + 3) / 4 * 4
    let padding = [Float](repeating: 0, count: stride - outputs)
    var packed: [Float] = []
    packed.reserveCapacity(inputs * stride)
    for input in 0..<inputs { packed += weights[(input * outputs)..<((input + 1) * outputs)] + padding }
    self.weights = packed
    self.bias = bias + padding
  }

  /// The same layer with one more output.
  ///
  /// - Parameter weights: [inputs].
  func adding(weights column: [Float], bias last: Float) -> DenseLayer {
    precondition(column.count == inputs)
    let rows = (0..<inputs).flatMap { input in (0..<outputs).map { weight(input, $0) } + [column[input]] }
    return DenseLayer(weights: rows, bias: bias.prefix(outputs) + [last])
  }

  /// Room for what the layer computes.
  var zeros: [Float] { [Float](repeating: 0, count: outputs) }

  /// Computes the layer for `input` [at least inputs] into `output` [at least outputs].
  ///
  /// Twelve, eight or four outputs at a time: four sums of twelve lanes are as many as the sixteen vector registers of a
  /// plain x86-64 hold beside an input and its weights.
  func apply(_ input: [Float], to output: inout [Float]) {
    precondition(input.count >= inputs && output.count >= outputs)
    var output = output.mutableSpan
    var column = 0
    while stride - column >= 8 {
      if stride - column == 12 {
        let (first, second) = totals(of: input, column: column)
        store(first, at: column, to: &output)
        store(second, at: column + 8, to: &output)
        return
      }
      store(total(of: input, column: column, as: SIMD8.self), at: column, to: &output)
      column += 8
    }
    if column < stride { store(total(of: input, column: column, as: SIMD4.self), at: column, to: &output) }
  }

  /// The outputs `column ..< column + 12`.
  private func totals(of input: [Float], column: Int) -> (SIMD8<Float>, SIMD4<Float>) {
    let (input, rows) = unsafe (input.span, weights.span.bytes)
    var sums = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
    var rest = (SIMD4<Float>(), SIMD4<Float>(), SIMD4<Float>(), SIMD4<Float>())
    @inline(__always) func add(_ index: Int, to sum: inout SIMD8<Float>, rest: inout SIMD4<Float>) {
      let value = unsafe input[unchecked: index]
      sum += SIMD8(repeating: value) * row(rows, index, column, as: SIMD8.self)
      rest += SIMD4(repeating: value) * row(rows, index, column &+ 8, as: SIMD4.self)
    }
    var index = 0
    while index &+ 4 <= inputs {
      add(index, to: &sums.0, rest: &rest.0)
      add(index &+ 1, to: &sums.1, rest: &rest.1)
      add(index &+ 2, to: &sums.2, rest: &rest.2)
      add(index &+ 3, to: &sums.3, rest: &rest.3)
      index &+= 4
    }
    if index < inputs { add(index, to: &sums.0, rest: &rest.0) }
    if index &+ 1 < inputs { add(index &+ 1, to: &sums.1, rest: &rest.1) }
    if index &+ 2 < inputs { add(index &+ 2, to: &sums.2, rest: &rest.2) }
    return (
      ((sums.0 + sums.1) + (sums.2 + sums.3)) + bias(column, as: SIMD8.self),
      ((rest.0 + rest.1) + (rest.2 + rest.3)) + bias(column + 8, as: SIMD4.self)
    )
  }

  /// One weight, for explanations.
  func weight(_ input: Int, _ output: Int) -> Float { weights[input * stride + output] }

  /// One bias, for explanations.
  func bias(_ output: Int) -> Float { bias[output] }

  /// Weights of an input from `column` on, `rows` being all weights. Rows have ``stride`` columns: no load can leave the array.
  @inline(__always) private func row<Lanes: SIMD<Float> & BitwiseCopyable>(
    _ rows: RawSpan, _ input: Int, _ column: Int, as _: Lanes.Type
  ) -> Lanes {
    unsafe rows.unsafeLoadUnaligned(fromUncheckedByteOffset: (input &* stride &+ column) &* 4, as: Lanes.self)
  }

  @inline(__always) private func bias<Lanes: SIMD<Float> & BitwiseCopyable>(_ column: Int, as _: Lanes.Type) -> Lanes {
    unsafe bias.span.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: column &* 4, as: Lanes.self)
  }

  @inline(__always) private func total<Lanes: SIMD<Float> & BitwiseCopyable>(
    of input: [Float], column: Int, as _: Lanes.Type
  ) -> Lanes {
    let (input, rows) = unsafe (input.span, weights.span.bytes)
    @inline(__always) func term(_ index: Int) -> Lanes {
      Lanes(repeating: unsafe input[unchecked: index]) * row(rows, index, column, as: Lanes.self)
    }
    var sums = (Lanes(), Lanes(), Lanes(), Lanes())
    var index = 0
    while index &+ 4 <= inputs {
      sums.0 += term(index)
      sums.1 += term(index &+ 1)
      sums.2 += term(index &+ 2)
      sums.3 += term(index &+ 3)
      index &+= 4
    }
    if index < inputs { sums.0 += term(index) }
    if index &+ 1 < inputs { sums.1 += term(index &+ 1) }
    if index &+ 2 < inputs { sums.2 += term(index &+ 2) }
    return ((sums.0 + sums.1) + (sums.2 + sums.3)) + bias(column, as: Lanes.self)
  }

  @inline(__always) private func store<Lanes: SIMD<Float> & BitwiseCopyable>(
    _ lanes: Lanes, at column: Int, to output: inout MutableSpan<Float>
  ) {
    guard outputs - column < lanes.scalarCount else {
      var bytes = unsafe output.mutableBytes
      return bytes.storeBytes(of: lanes, toByteOffset: column * 4, as: Lanes.self)
    }
    for lane in 0..<outputs - column { output[column + lane] = lanes[lane] }
  }
}

extension DenseLayer {
  init(
    from reader: inout ModelReader, _ weights: String, _ bias: String, inputs: Int, outputs: Int
  ) throws(ModelFileError) {
    self.init(
      weights: try reader.readFloats(weights, [inputs, outputs]), bias: try reader.readFloats(bias, [outputs]))
  }
}

extension DenseLayer {
  /// What each input that is not 0 adds to output `upper` more than to output `lower`, where that is not 0.
  func contributions(of input: [Float], from lower: Int, to upper: Int) -> [(feature: Int, value: Float)] {
    input.indices.compactMap { index in
      let value = input[index] * (weight(index, upper) - weight(index, lower))
      return value == 0 ? nil : (index, value)
    }
  }
}
