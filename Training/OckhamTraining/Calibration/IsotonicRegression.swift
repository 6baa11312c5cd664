package import Ockham

/// Fits the best never-falling step function to a sample by pooling adjacent violators (Ayer et al. 1955), and draws it as
/// a piecewise linear one with few knots.
package struct IsotonicRegression: Sendable {
  /// The most knots kept; at least 2.
  package var maximumKnots = 64

  /// Creates the default fit.
  package init() {}

  /// A run of logits with one fitted value.
  struct Block: Sendable, Equatable {
    var lower: Float
    var upper: Float
    var mean: Double
    var weight: Double

    /// The block over both, at their weighted mean.
    func joined(with next: Block) -> Block {
      let total = weight + next.weight
      return Block(
        lower: lower, upper: next.upper, mean: (mean * weight + next.mean * next.weight) / total, weight: total)
    }

    /// One knot for a single logit, two for a run.
    var knots: Int { lower == upper ? 1 : 2 }
  }

  /// Fits a sample. Probabilities are kept in 1 / (n + 2) … 1 − 1 / (n + 2) for n rows, since none is certain.
  ///
  /// - Complexity: O(n log n), and O(blocks²) for the reduction to ``maximumKnots``.
  package func fit(_ sample: CalibrationSample) -> Calibration {
    let blocks = reduce(Self.pool(sample))
    let floor = 1 / (Double(sample.count) + 2)
    var x: [Float] = []
    var y: [Float] = []
    for block in blocks {
      let value = Float(min(max(block.mean, floor), 1 - floor))
      x.append(block.lower)
      y.append(value)
      guard block.knots == 2 else { continue }
      x.append(block.upper)
      y.append(value)
    }
    return .isotonic(x: x, y: y)
  }

  /// The blocks of the unreduced fit, by rising logit, means rising strictly. Equal logits are one point.
  static func pool(_ sample: CalibrationSample) -> [Block] {
    let order = sample.logits.indices.sorted { sample.logits[$0] < sample.logits[$1] }
    var points: [Block] = []
    for row in order {
      let logit = sample.logits[row]
      let point = Block(
        lower: logit, upper: logit, mean: Double(sample.labels[row]), weight: Double(sample.weights[row]))
      if let last = points.last, last.lower == logit {
        points[points.count - 1] = last.joined(with: point)
      } else {
        points.append(point)
      }
    }
    return pool(points)
  }

  private static func pool(_ points: [Block]) -> [Block] {
    var blocks: [Block] = []
    for point in points {
      var block = point
      while let last = blocks.last, last.mean >= block.mean {
        block = last.joined(with: block)
        blocks.removeLast()
      }
      blocks.append(block)
    }
    return blocks
  }

  /// Joins the neighbours that cost the least squared error, w₁ w₂ / (w₁ + w₂) (y₁ − y₂)², until the knots are few.
  private func reduce(_ blocks: [Block]) -> [Block] {
    var blocks = blocks
    var knots = blocks.reduce(0) { $0 + $1.knots }
    while knots > max(2, maximumKnots), blocks.count > 1 {
      let costs = zip(blocks, blocks.dropFirst()).map(Self.joinCost)
      let cheapest = costs.indices.min { costs[$0] < costs[$1] } ?? 0
      let joined = blocks[cheapest].joined(with: blocks[cheapest + 1])
      knots += joined.knots - blocks[cheapest].knots - blocks[cheapest + 1].knots
      blocks.replaceSubrange(cheapest...cheapest + 1, with: [joined])
    }
    return blocks
  }

  private static func joinCost(_ a: Block, _ b: Block) -> Double {
    a.weight * b.weight / (a.weight + b.weight) * (a.mean - b.mean) * (a.mean - b.mean)
  }
}
