/// What a router gives on requests that were never sent, beside all of them at the strongest tier, by conversation.
struct Truth {
  private struct Sums { var cost = 0.0, quality = 0.0, strongestCost = 0.0, strongestQuality = 0.0 }
  private var sums: [String: Sums] = [:]

  mutating func add(_ row: World.Row, tier: Int) {
    var own = sums[row.conversation] ?? Sums()
    own.cost += row.costUSD[tier]
    own.quality += row.quality[tier]
    own.strongestCost += row.costUSD[row.costUSD.count - 1]
    own.strongestQuality += row.quality[row.quality.count - 1]
    sums[row.conversation] = own
  }

  var isEmpty: Bool { sums.isEmpty }

  var saved: Ratio {
    Ratio(sums.values.map { ($0.strongestCost - $0.cost, $0.strongestCost) })
  }
  var kept: Ratio {
    Ratio(sums.values.map { ($0.quality, $0.strongestQuality) })
  }
}

/// A ratio of sums over conversations, which are a sample: its standard error by the delta method.
struct Ratio {
  var value = 0.0
  var error = 0.0

  init() {}

  init(_ parts: [(upper: Double, lower: Double)]) {
    let lower = parts.reduce(0) { $0 + $1.lower }
    guard lower > 0, parts.count > 1 else { return }
    let found = parts.reduce(0) { $0 + $1.upper } / lower
    let squares = parts.reduce(0) { sum, part in
      let residual = part.upper - found * part.lower
      return sum + residual * residual
    }
    let count = Double(parts.count)
    (value, error) = (found, (squares * count / (count - 1)).squareRoot() / lower)
  }
}
