import Foundation
import Statistics

/// The mean difference in quality of two policies over a period that was fixed beforehand, from labels drawn with known probabilities.
///
/// Δ̂ = (1/N) Σ [m + 1{rated}·(D − m)/ι] over the N eligible requests, the sum over disagreements alone: elsewhere both sides are 0. It is
/// right on average whatever the prediction m is, and the sharper the better m is (Horvitz & Thompson 1952; Cassel, Särndal & Wretman 1976).
/// With at least ``leastGold`` ratings G by people, drawn among the rated with probability γ, D − m gives way to λ·(D − m) + 1{gold}·(G − m −
/// λ·(D − m))/γ: then it speaks of what people say, and the judge only sharpens it, as far as he agrees with them (λ, the slope of the one over
/// the other; prediction-powered inference with tuning, Angelopoulos, Duchi & Zrnic 2023).
///
/// The interval resamples conversations. A few labels with a difference carry the spread, and resampling cannot show what they did not: so two
/// made-up labels, one of the least and one of the greatest difference, add to it (in the manner of Agresti & Coull 1998), and it is
/// stretched as Student's t is over the normal distribution, with the degrees of freedom that the kurtosis leaves (Satterthwaite 1946).
/// Requests that were drawn and have no label count as predicted in the value and as the worst at each end of the interval.
package struct LabelEstimate: Sendable, Equatable {
  /// The least number of gold ratings that correct the judge.
  package static let leastGold = 50

  /// Δ̂; `nil` without requests.
  package var value: Double?
  /// Δ̂ with its interval; `nil` where ``refusal`` says why.
  package var interval: IntervalEstimate?
  /// Why there is no interval.
  package var refusal: LabelRefusal?
  /// What it rests on.
  package var counts: LabelCounts
  /// Whether ratings by people corrected the judge's.
  package var isGoldCorrected: Bool

  /// - Complexity: O(resamples · conversations).
  package init(_ sample: LabelSample, parameters: BootstrapParameters = BootstrapParameters()) {
    self.init(sample, parameters: parameters, threads: nil)
  }

  /// - Parameter threads: `nil` for one per processor.
  init(_ sample: LabelSample, parameters: BootstrapParameters, threads: Int?) {
    let counts = LabelCounts(sample)
    self.counts = counts
    isGoldCorrected = counts.gold >= Self.leastGold
    let total = sample.requests.reduce(0, +)
    refusal = LabelRefusal(counts, hasRequests: total > 0)
    guard total > 0 else { return }
    let sums = ConversationSums(sample, usesGold: isGoldCorrected)
    let estimate = sums.value
    value = estimate
    guard refusal == nil else { return }
    let samples =
      threads.map { sums.samples(parameters.resamples, seed: parameters.seed, threads: $0) }
      ?? sums.samples(parameters.resamples, seed: parameters.seed)
    guard let found = Interval(estimate: estimate, values: samples, confidence: parameters.confidence) else { return }
    let unknown = Self.unknown(sample, total: total)
    let unseen = counts.dominantWeight * 2.squareRoot() / total
    let (normal, student) = sums.quantiles(parameters.confidence)
    func reach(_ seen: Double) -> Double { student / normal * (seen * seen + pow(normal * unseen, 2)).squareRoot() }
    interval = IntervalEstimate(
      value: estimate, low: max(-1, estimate - reach(estimate - found.lower) - unknown.down),
      high: min(1, estimate + reach(found.upper - estimate) + unknown.up))
  }

  /// How far the labels that are missing could move the value down and up.
  private static func unknown(_ sample: LabelSample, total: Double) -> (down: Double, up: Double) {
    sample.pairs.filter(\.isMissing).reduce((0, 0)) { sum, pair in
      let weight = pair.weight / (pair.inclusion * total)
      return (sum.0 + weight * (1 + pair.prediction), sum.1 + weight * (1 - pair.prediction))
    }
  }
}

/// What conversations add to the estimate: the independent draws.
private struct ConversationSums: Resampling {
  let clusterCount: Int
  private var sums: [Double]
  private let requests: [Double]

  init(_ sample: LabelSample, usesGold: Bool) {
    clusterCount = sample.requests.count
    requests = sample.requests
    sums = [Double](repeating: 0, count: clusterCount)
    let trust = usesGold ? Self.trust(sample) : nil
    for pair in sample.pairs { sums[pair.conversation] += pair.weight * Self.score(pair, trust: trust) }
  }

  /// m + (λ·(D − m) + 1{gold}·(G − m − λ·(D − m))/γ)/ι.
  private static func score(_ pair: LabelledPair, trust: Double?) -> Double {
    guard let difference = pair.difference else { return pair.prediction }
    let residual = (trust ?? 1) * (difference - pair.prediction)
    guard trust != nil, let gold = pair.gold else { return pair.prediction + residual / pair.inclusion }
    let correction = (gold - pair.prediction - residual) / pair.goldInclusion
    return pair.prediction + (residual + correction) / pair.inclusion
  }

  /// λ: the slope of what people say over what the judge says.
  private static func trust(_ sample: LabelSample) -> Double {
    let sums = sample.pairs.reduce((0.0, 0.0)) { sums, pair in
      guard let difference = pair.difference, let gold = pair.gold else { return sums }
      let weight = pair.weight / (pair.inclusion * pair.goldInclusion)
      let judged = difference - pair.prediction
      return (sums.0 + weight * judged * (gold - pair.prediction), sums.1 + weight * judged * judged)
    }
    return sums.1 > 0 ? min(max(sums.0 / sums.1, 0), 1) : 1
  }

  /// Δ̂.
  var value: Double { sums.reduce(0, +) / requests.reduce(0, +) }

  /// The quantiles of the standard normal distribution and of Student's t with the degrees of freedom 2C / (κ − 1), κ being the kurtosis of
  /// what the C conversations add.
  func quantiles(_ confidence: Double) -> (normal: Double, student: Double) {
    let (count, value) = (Double(clusterCount), value)
    let squares = zip(sums, requests).map { pow($0 - value * $1, 2) }
    let spread = squares.reduce(0, +)
    let kurtosis = spread > 0 ? count * squares.reduce(0) { $0 + $1 * $1 } / (spread * spread) : 3
    let degrees = min(max(2 * count / max(kurtosis - 1, 1e-9), 3), 1e6)
    let probability = (1 + confidence) / 2
    return (StandardNormal.quantile(probability), StudentT.quantile(probability, degrees: degrees))
  }

  func figures(_ multiplicities: [Int]) -> Double? {
    var (sum, count) = (0.0, 0.0)
    for (index, times) in multiplicities.enumerated() where times > 0 {
      sum += Double(times) * sums[index]
      count += Double(times) * requests[index]
    }
    return count > 0 ? sum / count : nil
  }
}
