import Ockham
import Statistics

/// One number that a day's bins are summed up in: a mean rank, or the share of a bin.
struct DriftComponent: Sendable {
  /// What moved when the number did.
  enum Subject: Sendable, Hashable {
    /// Where the values stand among the reference's: the mean of their ranks, 0 to 1.
    case rank
    /// The share of one choice.
    case share(Int)
    /// The share of values that no one knows.
    case unknown
  }

  let subject: Subject
  /// By bin, 0 to 1; `nil` for a bin that does not count.
  let scores: [Double?]
  /// What a single draw scatters by in the reference.
  let scale: Double
  /// In the reference.
  let mean: Double

  /// Below this a reference shows too little of how far draws scatter.
  private static let leastScale = 0.05

  private init(_ subject: Subject, _ scores: [Double?], _ weights: [Double]) {
    (self.subject, self.scores) = (subject, scores)
    var (sum, total, squares) = (0.0, 0.0, 0.0)
    for case (let score?, let weight) in zip(scores, weights) {
      sum += score * weight
      squares += score * score * weight
      total += weight
    }
    mean = total > 0 ? sum / total : 0
    // Where nearly all weight is in one bin, rounding may leave less than nothing.
    scale = total > 0 ? max(max(0, squares / total - mean * mean).squareRoot(), Self.leastScale) : 1
  }

  /// The components of a statistic.
  ///
  /// - Parameter weights: of its bins in the reference.
  static func all(_ kind: DriftReference.Statistic.Kind, weights: [Double]) -> [DriftComponent] {
    func share(_ bin: Int, _ subject: Subject) -> DriftComponent {
      DriftComponent(subject, weights.indices.map { $0 == bin ? 1 : 0 }, weights)
    }
    switch kind {
    case .number: return [DriftComponent(.rank, ranks(weights), weights)]
    case .answer:
      let known = Array(weights.dropLast())
      return [DriftComponent(.rank, ranks(known) + [nil], weights), share(weights.count - 1, .unknown)]
    case .flag: return [share(1, .share(1))]
    case .choice(let count): return (0..<count).map { share($0, .share($0)) }
    }
  }

  /// The middle rank of each bin.
  private static func ranks(_ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    guard total > 0 else { return weights.map { _ in 0.5 } }
    var below = 0.0
    return weights.map { weight in
      defer { below += weight }
      return (below + weight / 2) / total
    }
  }

  /// The fewest rows that a day says anything with.
  static let leastRows = 20

  /// The day's number, with the variance that follows from its conversations; `nil` with too few rows.
  ///
  /// - Parameter groups: of the day, the weights of the statistic's bins in each.
  func day(_ number: Int, groups: [ArraySlice<Double>], rows: Int) -> ShiftDetector.Day? {
    var parts: [(sum: Double, weight: Double)] = []
    for group in groups {
      var (sum, weight) = (0.0, 0.0)
      for case (let score?, let share) in zip(scores, group) {
        sum += score * share
        weight += share
      }
      if weight > 0 { parts.append((sum, weight)) }
    }
    let weight = parts.reduce(0) { $0 + $1.weight }
    guard parts.count > 1, weight > 0 else { return nil }
    let mean = parts.reduce(0) { $0 + $1.sum } / weight
    let squares = parts.reduce(0) { sum, part in
      let residual = part.sum - mean * part.weight
      return sum + residual * residual
    }
    let count = Double(parts.count)
    let byGroups = squares / (weight * weight) * count / (count - 1)
    // Few rows, or none unlike the others, are no proof that there are none.
    let draws = max(1, Double(rows))
    let smoothed = (mean * draws + 0.5) / (draws + 1)
    let least = subject == .rank ? scale * scale / draws / 2 : smoothed * (1 - smoothed) / draws
    return ShiftDetector.Day(
      number: number < 0 ? nil : number, value: mean, variance: max(byGroups, least, 1e-9))
  }
}
