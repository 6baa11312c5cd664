import Statistics
import Testing

@testable import Evaluation

/// A candidate that was made from labels is judged by others.
@Suite struct DoubleDippingTests {
  private struct Request {
    var place: Double
    var difference: Double
    var pair: LabelledPair
  }

  /// Requests whose gain from leaving the incumbent has nothing to do with where they lie: one in four wins, one in three loses.
  private func requests(_ count: Int, _ generator: inout SplitMix64) -> [Request] {
    (0..<count).map { index in
      let unit = generator.nextUnit()
      let difference: Double = unit < 0.25 ? 1 : unit < 0.25 + 1.0 / 3 ? -1 : 0
      let isDrawn = generator.nextUnit() < 0.4
      return Request(
        place: Double(generator.nextUnit()), difference: difference,
        pair: LabelledPair(
          conversation: index, inclusion: 0.4, isDrawn: isDrawn, difference: isDrawn ? difference : nil))
    }
  }

  /// What labels say of the candidate that goes where the nearest label gained.
  private func estimate(_ requests: [Request], _ labels: [Request]) -> LabelEstimate {
    let pairs = requests.filter { follows($0, labels) }.map(\.pair)
    return LabelEstimate(
      LabelSample(pairs: pairs, requests: [Double](repeating: 1, count: requests.count)),
      parameters: BootstrapParameters(resamples: 100), threads: 1)
  }

  /// - Parameter labels: by place.
  private func follows(_ request: Request, _ labels: [Request]) -> Bool {
    var (low, high) = (0, labels.count)
    while low < high {
      let middle = (low + high) / 2
      if labels[middle].place < request.place { low = middle + 1 } else { high = middle }
    }
    let near = labels[max(0, low - 1)..<min(labels.count, low + 1)]
    return (near.min { abs($0.place - request.place) < abs($1.place - request.place) }?.difference ?? 0) > 0
  }

  @Test func aCandidateMadeFromLabelsDoesNotLookBetterThanItIs() throws {
    var generator = SplitMix64(seed: 8)
    var (own, later, held, given) = (0.0, [Double](), 0, 0)
    for _ in 0..<200 {
      let training = requests(600, &generator)
      let labels = training.filter { $0.pair.difference != nil }.sorted { $0.place < $1.place }
      let deciding = requests(600, &generator)
      let trueValue = deciding.reduce(0) { $0 + (follows($1, labels) ? $1.difference : 0) } / 600
      own += try #require(estimate(training, labels).value) / 200
      let found = estimate(deciding, labels)
      later.append(try #require(found.value) - trueValue)
      guard let interval = found.interval else { continue }
      given += 1
      // Δ of all traffic: a quarter of the requests follow, and gain 1/4 − 1/3 on average.
      held += interval.low <= -1.0 / 48 && -1.0 / 48 <= interval.high ? 1 : 0
    }
    let mean = later.reduce(0, +) / 200
    let error = PairedDifference(later, weights: [Double](repeating: 1, count: 200)).standardError
    #expect(own > 0.2, "its own labels praise it: \(own)")
    #expect(abs(mean) < 4 * error, "later labels say what is so: \(mean) ± \(error)")
    #expect(given > 150 && Double(held) > 0.88 * Double(given), "\(held) of \(given)")
  }
}
