extension ModelReader {
  mutating func readTierCosts(tiers: Int) throws(ModelFileError) -> [Double] {
    guard file["tier_cost_usd"] != nil else { return [] }
    return try readDoubles("tier_cost_usd", [tiers], "a cost of at least 0") { $0 >= 0 && $0.isFinite }
  }

  /// The head of expected costs; `nil` for a file without `cost.weight`.
  mutating func readCostHead(tiers: Int) throws(ModelFileError) -> CostHead? {
    guard file["cost.weight"] != nil else { return nil }
    let layer = try readLayer("cost.weight", "cost.bias", inputs: DenseFeatures.names.count, outputs: tiers)
    let ranges = try readCostRanges(tiers: tiers)
    let smearing = try readFloats("cost.smearing", [tiers])
    if let index = smearing.firstIndex(where: { !($0 > 0 && $0 <= CostBounds.largestSmearing) }) {
      throw .tensorValue(tensor: "cost.smearing", index: index, expected: "a factor above 0 and up to 1000000")
    }
    let prices = try readDoubles("cost.price", [2, tiers], "a price from 0 to 1000000 USD") {
      $0 >= 0 && $0 <= CostBounds.largestPriceUSD
    }
    let steps = try readDoubles("cost.mean_step", [tiers - 1], "a finite number") { $0.isFinite }
    return CostHead(
      logLength: layer, ranges: ranges, smearing: smearing, inputPrices: Array(prices[..<tiers]),
      outputPrices: Array(prices[tiers...]), steps: StepScaling(meanStepUSD: steps))
  }

  private mutating func readCostRanges(tiers: Int) throws(ModelFileError) -> [ClosedRange<Float>] {
    let ends = try readFloats("cost.range", [2, tiers])
    if let index = ends.firstIndex(where: { abs($0) > CostBounds.largestLogLength }) {
      throw .tensorValue(tensor: "cost.range", index: index, expected: "a logarithm from -64 to 64")
    }
    if let tier = (0..<tiers).first(where: { ends[$0] > ends[tiers + $0] }) {
      throw .tensorValue(tensor: "cost.range", index: tiers + tier, expected: "an upper end not below the lower one")
    }
    return (0..<tiers).map { ends[$0]...ends[tiers + $0] }
  }

  private mutating func readDoubles(
    _ name: String, _ shape: [Int], _ expected: String, _ isAllowed: (Double) -> Bool
  ) throws(ModelFileError) -> [Double] {
    let values = try tensor(name, .float64, shape).doubles ?? []
    if let index = values.firstIndex(where: { !isAllowed($0) }) {
      throw .tensorValue(tensor: name, index: index, expected: expected)
    }
    return values
  }
}

/// Bounds of the cost head. Within them every expected cost is finite: at most 10⁶ · (2⁶³ + 10⁶ · e⁶⁴) USD.
enum CostBounds {
  static let largestLogLength: Float = 64
  static let largestSmearing: Float = 1e6
  static let largestPriceUSD = 1e6
}
