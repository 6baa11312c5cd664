import Ockham

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the share w of the base is fitted to: rows that a training had not seen, nor any of their family.
struct BlendSample: Sendable {
  /// One known quality of a row.
  struct Label: Sendable {
    /// What a model predicts that was trained without the family.
    let probability: Double
    /// The mean quality of the tier in other families.
    let base: Double
    let quality: Double
    let weight: Double
  }

  /// How far each row is from what was trained on.
  var u: [Float]
  /// All labels, and where those of each row end.
  let labels: [Label]
  let ends: [Int]

  func labels(ofRow row: Int) -> ArraySlice<Label> { labels[(row == 0 ? 0 : ends[row - 1])..<ends[row]] }
}

/// Fits w(u), which never falls, to the log-loss of p′ = (1 − w) p + w b.
///
/// Rows are cut into bins of u that weigh about the same. The loss of a bin is convex in w, and so is that of bins together: pools of
/// adjacent bins that would fall share the w of their common least loss, which is the least loss of all that do not fall (isotonic
/// regression for convex losses; M. J. Best and N. Chakravarti, "Active set algorithms for isotonic regression", 1990).
struct BlendFit: Sendable {
  /// The most bins.
  var bins = 16

  struct Result: Sendable {
    /// An isotonic map from u to w.
    let blend: Calibration
    /// Σ weight × loss over Σ weight, at the fitted shares.
    let loss: Double
  }

  /// - Parameter sample: at least one row.
  func fit(_ sample: BlendSample) -> Result {
    let order = sample.u.indices.sorted { (sample.u[$0], $0) < (sample.u[$1], $1) }
    var pools: [Pool] = []
    for bin in cut(order, sample) {
      var pool = Pool(bin, order: order, sample: sample)
      while let last = pools.last, last.share >= pool.share {
        pool = Pool(last.places.lowerBound..<pool.places.upperBound, order: order, sample: sample)
        pools.removeLast()
      }
      pools.append(pool)
    }
    var (x, y) = ([Float](), [Float]())
    for pool in pools {
      let ends = [sample.u[order[pool.places.lowerBound]], sample.u[order[pool.places.upperBound - 1]]]
      for end in ends where x.last.map({ $0 < end }) ?? true {
        x.append(end)
        y.append(Float(pool.share))
      }
    }
    let total = sample.labels.reduce(0) { $0 + $1.weight }
    return Result(blend: .isotonic(x: x, y: y), loss: pools.reduce(0) { $0 + $1.loss } / total)
  }

  /// Runs of places in the order; rows of the same u are in one.
  private func cut(_ order: [Int], _ sample: BlendSample) -> [Range<Int>] {
    let weights = order.map { row in sample.labels(ofRow: row).reduce(0) { $0 + $1.weight } }
    let total = weights.reduce(0, +)
    var result: [Range<Int>] = []
    var (start, sum) = (0, 0.0)
    for place in order.indices {
      sum += weights[place]
      let isEnd = place + 1 == order.count
      guard isEnd || sample.u[order[place]] < sample.u[order[place + 1]] else { continue }
      guard isEnd || sum >= total * Double(result.count + 1) / Double(bins) else { continue }
      result.append(start..<place + 1)
      start = place + 1
    }
    return result
  }
}

/// Adjacent bins with one share.
private struct Pool {
  let places: Range<Int>
  let share: Double
  /// Summed.
  let loss: Double

  init(_ places: Range<Int>, order: [Int], sample: BlendSample) {
    self.places = places
    let labels = places.flatMap { sample.labels(ofRow: order[$0]) }
    share = Self.bestShare(labels)
    let share = share
    loss = labels.reduce(0) { $0 + $1.weight * Self.loss($1, share) }
  }

  /// The share of the least summed loss: its derivative never falls, and is bisected where it has a zero inside.
  private static func bestShare(_ labels: [BlendSample.Label]) -> Double {
    if slope(labels, 0) >= 0 { return 0 }
    if slope(labels, 1) <= 0 { return 1 }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<24 {
      let middle = (low + high) / 2
      if slope(labels, middle) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private static func slope(_ labels: [BlendSample.Label], _ share: Double) -> Double {
    labels.reduce(0) { sum, label in
      let mixed = mixed(label, share)
      return sum + label.weight * (label.base - label.probability) * (mixed - label.quality) / (mixed * (1 - mixed))
    }
  }

  private static func loss(_ label: BlendSample.Label, _ share: Double) -> Double {
    let mixed = mixed(label, share)
    return -label.quality * log(mixed) - (1 - label.quality) * log(1 - mixed)
  }

  /// 10⁻⁶ away from 0 and 1.
  private static func mixed(_ label: BlendSample.Label, _ share: Double) -> Double {
    min(max(label.probability + share * (label.base - label.probability), 1e-6), 1 - 1e-6)
  }
}
