/// Predicts what a request costs in each tier: its bytes at one price, the length of the tier's answer at another.
///
///     length[t] = smearing[t] · e^clip((x·W + b)[t])           tokens, or millionths of a dollar
///     cost[t]   = price[in][t] · bytes + price[out][t] · length[t]
///
/// The exponent is cut to what the training rows reached, so that no request, however odd, is predicted to cost more or
/// less per answer than the extremes of the log.
struct CostHead: Sendable {
  let logLength: DenseLayer
  /// The range of log-lengths per tier [tiers].
  let ranges: [ClosedRange<Float>]
  /// Brings the mean of e^(mean of logs) to the mean of lengths [tiers] (Duan 1983).
  let smearing: [Float]
  /// USD per byte of the request's text [tiers].
  let inputPrices: [Double]
  /// USD per unit of length [tiers].
  let outputPrices: [Double]
  let steps: ThresholdScaling

  /// The expected costs and step scales of a request with these standardised dense features [d].
  ///
  /// - Complexity: O(d · tiers), no allocation.
  func apply(dense standardised: [Float], promptBytes: Int, using buffers: inout CostBuffers) {
    logLength.apply(standardised, to: &buffers.logLengths)
    for tier in ranges.indices {
      let length = ExpectedCost.length(
        buffers.logLengths[tier], in: ranges[tier], smearing: smearing[tier], exponential: exponential)
      buffers.costUSD[tier] = ExpectedCost.usd(
        promptBytes: promptBytes, at: inputPrices[tier], length: length, at: outputPrices[tier])
    }
    for step in buffers.thresholdScales.indices {
      buffers.thresholdScales[step] = steps.scale(step, from: buffers.costUSD[step], to: buffers.costUSD[step + 1])
    }
  }
}

/// The two formulas of expected costs, as the runtime and the trainer use them.
package enum ExpectedCost {
  /// smearing · e^clip(logLength): the expected length behind a predicted logarithm.
  ///
  /// - Parameters:
  ///   - range: what the logarithm is cut to; a NaN becomes its lower end.
  ///   - exponential: e^x. The runtime has its own, the same on every platform; the trainer's sums take the C library's.
  @inline(__always)
  package static func length(
    _ logLength: Float, in range: ClosedRange<Float>, smearing: Float, exponential: (Double) -> Double
  ) -> Double {
    Double(smearing) * exponential(Double(clip(logLength, to: range)))
  }

  /// What a request of some bytes and an answer of a length cost, in USD.
  @inline(__always)
  package static func usd(
    promptBytes: Int, at inputPrice: Double, length: Double, at outputPrice: Double
  ) -> Double {
    inputPrice * Double(promptBytes) + outputPrice * length
  }

  /// The nearest number in the range; its lower end for a NaN.
  static func clip(_ value: Float, to range: ClosedRange<Float>) -> Float {
    value >= range.lowerBound ? min(value, range.upperBound) : range.lowerBound
  }
}

/// Storage for one pass through a ``CostHead``; empty for a model without one.
struct CostBuffers {
  var logLengths: [Float] = []
  var costUSD: [Double] = []
  var thresholdScales: [Float] = []

  init(_ head: CostHead?) {
    guard let head else { return }
    logLengths = [Float](repeating: 0, count: head.ranges.count)
    costUSD = [Double](repeating: 0, count: head.ranges.count)
    thresholdScales = [Float](repeating: 1, count: head.ranges.count - 1)
  }
}

extension CostHead {
  /// The head, or `nil` for a file without `cost.weight`.
  init?(from reader: inout ModelReader, tiers: Int) throws(ModelFileError) {
    guard reader[TensorName.costWeight] != nil else { return nil }
    logLength = try DenseLayer(
      from: &reader, TensorName.costWeight, TensorName.costBias, inputs: DenseFeatures.names.count, outputs: tiers)
    ranges = try Self.readRanges(from: &reader, tiers: tiers)
    smearing = try reader.readFloats(TensorName.costSmearing, [tiers])
    if let index = smearing.firstIndex(where: { !($0 > 0 && $0 <= CostBounds.largestSmearing) }) {
      throw .tensorValue(
        tensor: TensorName.costSmearing, index: index, expected: "a factor above 0 and up to 1000000")
    }
    let prices = try reader.readDoubles(TensorName.costPrice, [2, tiers], "a price from 0 to 1000000 USD") {
      $0 >= 0 && $0 <= CostBounds.largestPriceUSD
    }
    (inputPrices, outputPrices) = (Array(prices[..<tiers]), Array(prices[tiers...]))
    steps = ThresholdScaling(
      meanStepUSD: try reader.readDoubles(TensorName.costMeanStep, [tiers - 1], "a finite number") { $0.isFinite })
  }

  private static func readRanges(
    from reader: inout ModelReader, tiers: Int
  ) throws(ModelFileError) -> [ClosedRange<Float>] {
    let name = TensorName.costRange
    let ends = try reader.readFloats(name, [2, tiers])
    if let index = ends.firstIndex(where: { abs($0) > CostBounds.largestLogLength }) {
      throw .tensorValue(tensor: name, index: index, expected: "a logarithm from -64 to 64")
    }
    if let tier = (0..<tiers).first(where: { ends[$0] > ends[tiers + $0] }) {
      throw .tensorValue(tensor: name, index: tiers + tier, expected: "an upper end not below the lower one")
    }
    return (0..<tiers).map { ends[$0]...ends[tiers + $0] }
  }
}

/// Bounds of the cost head. Within them every expected cost is finite: at most 10⁶ · (2⁶³ + 10⁶ · e⁶⁴) USD.
private enum CostBounds {
  static let largestLogLength: Float = 64
  static let largestSmearing: Float = 1e6
  static let largestPriceUSD = 1e6
}
