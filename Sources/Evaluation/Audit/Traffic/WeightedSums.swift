/// Sums of draws with unequal probabilities, from which a mean and its variance follow. Adding sums is adding draws.
///
/// A draw of inclusion probability ι weighs w = 1/ι. The mean is Hájek's Σwx / Σw (Hájek 1971); its variance the linearised one of draws
/// made independently of one another, Σw²(x − mean)² / (Σw)², times n / (n − 1).
package struct WeightedSums: Sendable, Hashable {
  package var count = 0
  /// Σw, Σw², Σwx, Σw²x, Σw²x².
  package var weight = 0.0
  package var squaredWeight = 0.0
  package var value = 0.0
  package var weightedValue = 0.0
  package var weightedSquare = 0.0

  package init() {}

  /// Adds a draw of a positive weight.
  package mutating func add(_ value: Double, weight w: Double) {
    count += 1
    weight += w
    squaredWeight += w * w
    self.value += w * value
    weightedValue += w * w * value
    weightedSquare += w * w * value * value
  }

  package mutating func merge(_ other: WeightedSums) {
    count += other.count
    weight += other.weight
    squaredWeight += other.squaredWeight
    value += other.value
    weightedValue += other.weightedValue
    weightedSquare += other.weightedSquare
  }

  /// `nil` of no draws.
  package var mean: Double? { count > 0 ? value / weight : nil }

  /// The variance of ``mean``; `nil` of fewer than two draws.
  package var variance: Double? {
    guard count > 1, let mean else { return nil }
    let squares = weightedSquare - 2 * mean * weightedValue + mean * mean * squaredWeight
    return max(0, squares) / (weight * weight) * Double(count) / Double(count - 1)
  }

  /// Kish's effective number of draws: what as many draws of equal weights would show.
  package var effectiveCount: Double { squaredWeight > 0 ? weight * weight / squaredWeight : 0 }
}

/// The same of pairs: two answers to one request, rated in one draw.
package struct PairSums: Sendable, Hashable {
  /// A quality from here on is good enough.
  package static let adequate = 0.5

  package var count = 0
  /// Σw, Σw², Σwa, Σwb.
  package var weight = 0.0
  package var squaredWeight = 0.0
  package var first = 0.0
  package var second = 0.0
  /// Σw²a, Σw²b, Σw²a², Σw²ab, Σw²b².
  package var weightedFirst = 0.0
  package var weightedSecond = 0.0
  package var firstSquare = 0.0
  package var product = 0.0
  package var secondSquare = 0.0
  /// Σw where the first alone is good enough, where the second alone is, and where both are; and how many pairs that are.
  package var onlyFirst = 0.0
  package var onlySecond = 0.0
  package var both = 0.0
  package var onlyFirstCount = 0
  package var onlySecondCount = 0
  package var bothCount = 0

  package init() {}

  /// Adds a pair of a positive weight.
  package mutating func add(_ a: Double, _ b: Double, weight w: Double) {
    let square = w * w
    count += 1
    weight += w
    squaredWeight += square
    first += w * a
    second += w * b
    weightedFirst += square * a
    weightedSecond += square * b
    firstSquare += square * a * a
    product += square * a * b
    secondSquare += square * b * b
    count(a >= Self.adequate, b >= Self.adequate, w)
  }

  private mutating func count(_ isFirst: Bool, _ isSecond: Bool, _ w: Double) {
    switch (isFirst, isSecond) {
    case (true, true): (both, bothCount) = (both + w, bothCount + 1)
    case (true, false): (onlyFirst, onlyFirstCount) = (onlyFirst + w, onlyFirstCount + 1)
    case (false, true): (onlySecond, onlySecondCount) = (onlySecond + w, onlySecondCount + 1)
    case (false, false): break
    }
  }

  package mutating func merge(_ other: PairSums) {
    count += other.count
    weight += other.weight
    squaredWeight += other.squaredWeight
    first += other.first
    second += other.second
    weightedFirst += other.weightedFirst
    weightedSecond += other.weightedSecond
    firstSquare += other.firstSquare
    product += other.product
    secondSquare += other.secondSquare
    onlyFirst += other.onlyFirst
    onlySecond += other.onlySecond
    both += other.both
    onlyFirstCount += other.onlyFirstCount
    onlySecondCount += other.onlySecondCount
    bothCount += other.bothCount
  }

  /// The sums of a·α + b·β, for a mean and its variance.
  package func combination(_ alpha: Double, _ beta: Double) -> WeightedSums {
    var sums = WeightedSums()
    sums.count = count
    sums.weight = weight
    sums.squaredWeight = squaredWeight
    sums.value = alpha * first + beta * second
    sums.weightedValue = alpha * weightedFirst + beta * weightedSecond
    sums.weightedSquare = alpha * alpha * firstSquare + 2 * alpha * beta * product + beta * beta * secondSquare
    return sums
  }
}
