import Statistics

extension OutcomeTable {
  /// One or two tiers that share the requests: the best that chance can do for an amount of dollars.
  struct TierMix: Equatable {
    var lower: Int
    var upper: Int
    /// The share of requests that go to ``upper``, 0…1.
    var upperShare: Double
  }

  /// Of all random mixes that cost no more than an amount on average, the one of highest quality; of equal ones, the
  /// cheapest. No mix of three tiers is better than the best of two. Where no tier is so cheap, the cheapest alone.
  ///
  /// - Returns: `nil` without priced rows.
  /// - Complexity: O(T²).
  func mix(costingAtMost costUSD: Double) -> TierMix? {
    guard let costs = tierCostUSD else { return nil }
    let tiers = costs.indices
    var mixes = tiers.filter { costs[$0] <= costUSD }.map { TierMix(lower: $0, upper: $0, upperShare: 0) }
    for lower in tiers where costs[lower] <= costUSD {
      for upper in tiers where costs[upper] > costUSD {
        mixes.append(
          TierMix(lower: lower, upper: upper, upperShare: (costUSD - costs[lower]) / (costs[upper] - costs[lower])))
      }
    }
    guard !mixes.isEmpty else {
      return tiers.min { (costs[$0], $0) < (costs[$1], $1) }.map { TierMix(lower: $0, upper: $0, upperShare: 0) }
    }
    return mixes.max { worth($0) < worth($1) }
  }

  /// What mixes are compared by.
  private func worth(_ mix: TierMix) -> (quality: Double, saving: Double) {
    func mean(_ values: [Double]) -> Double {
      mix.upperShare > 0
        ? values[mix.lower] + mix.upperShare * (values[mix.upper] - values[mix.lower]) : values[mix.lower]
    }
    return (mean(tierQuality), -mean(tierCostUSD ?? tierQuality))
  }

  /// The outcome of a mix at random, whatever the request.
  func outcome(randomBy mix: TierMix) -> PolicyOutcome {
    var shares = [Double](repeating: 0, count: log.tierCount)
    shares[mix.lower] = 1 - mix.upperShare
    shares[mix.upper] += mix.upperShare
    return outcome(randomWith: shares)
  }

  /// The outcome of sending the longest prompts to the upper tier of a mix, up to the same dollars, and the others to the
  /// lower one. The last prompts to go up, of one length, go with the chance that makes the dollars meet.
  func outcome(longestBy mix: TierMix, costUSD: Double) -> PolicyOutcome {
    let cut = mix.lower == mix.upper ? nil : lengthCut(mix, costUSD: costUSD)
    var chances = Matrix(repeating: 0.0, rows: rows.count, columns: log.tierCount)
    for (position, row) in rows.enumerated() {
      let bytes = log.promptBytes[row]
      let chance = cut.map { bytes > $0.bytes ? 1 : bytes == $0.bytes ? $0.chance : 0 } ?? 0
      chances[position, mix.lower] += 1 - chance
      chances[position, mix.upper] += chance
    }
    return outcome(chances: chances)
  }

  /// The length above which prompts go up, and the chance of those that have it; found on the priced rows.
  private func lengthCut(_ mix: TierMix, costUSD: Double) -> (bytes: Int, chance: Double) {
    let longest = pricedPositions.map { rows[$0] }.sorted { log.promptBytes[$0] > log.promptBytes[$1] }
    func sum(_ rows: some Sequence<Int>, _ cost: (Int) -> Double) -> Double {
      rows.reduce(0) { $0 + log.weights[$1] * cost($1) } / pricedWeight
    }
    var reached = sum(longest) { log.cost[$0, mix.lower] }
    var start = 0
    while start < longest.count {
      let bytes = log.promptBytes[longest[start]]
      let group = longest[start...].prefix { log.promptBytes[$0] == bytes }
      let extra = sum(group) { log.cost[$0, mix.upper] - log.cost[$0, mix.lower] }
      if extra > 0, reached + extra >= costUSD { return (bytes, max(0, (costUSD - reached) / extra)) }
      reached += extra
      start += group.count
    }
    return (-1, 1)
  }
}
