import Evaluation
import Foundation
import Statistics

/// What is played.
struct Play {
  /// Requests of a loop, and of the period whose estimate has an interval of its own.
  var requests = 20_000
  var period = 8_000
  var auditRate = 0.01
  var rate = 0.5
  /// How far apart intensities may be; 1 for equal ones.
  var intensities = 2.5
  /// With what probability a judge is wrong about an answer, and people rate a labelled pair again.
  var noise = 0.0
  var goldRate = 0.0
  var followsCost = true
  var resamples = 300
}

/// One loop: traffic drawn from a pool by conversation, labels drawn from it by the design that the gateway uses, and what they say.
struct Loop {
  let contest: Contest
  let play: Play
  private let design: LabelDesign
  private var generator: SplitMix64
  private var intensity: LabelIntensity

  init(_ contest: Contest, _ play: Play, seed: UInt64) {
    self.contest = contest
    self.play = play
    design = LabelDesign(auditRate: play.auditRate)
    generator = SplitMix64(seed: seed)
    intensity = LabelIntensity(range: (1 / play.intensities)...1)
  }

  private mutating func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

  /// A conversation's pairs, with the rows that they come from, and its number of requests.
  mutating func conversation(_ number: Int) -> (rows: [Int], pairs: [LabelledPair]) {
    let rows = contest.conversations[generator.next(below: contest.conversations.count)]
    var pairs: [LabelledPair] = []
    for row in rows where contest.disagrees(row) { pairs.append(pair(row, number)) }
    return (rows, pairs)
  }

  private mutating func pair(_ row: Int, _ number: Int) -> LabelledPair {
    let intensity = intensity(of: row)
    let inclusion = design.inclusion(rate: play.rate, intensity: intensity)
    let isDrawn = design.pick(unit: unit(), rate: play.rate, intensity: intensity) != .none
    var pair = LabelledPair(
      conversation: number, inclusion: inclusion, isDrawn: isDrawn, prediction: contest.prediction(row),
      labelWeight: design.weight(rate: play.rate, inclusion: inclusion))
    guard isDrawn else { return pair }
    pair.difference = judged(row)
    if play.goldRate > 0, unit() < play.goldRate {
      (pair.gold, pair.goldInclusion) = (contest.difference[row], play.goldRate)
    }
    return pair
  }

  private mutating func intensity(of row: Int) -> Double {
    intensity.intensity(
      deviation: contest.deviation(row), costUSD: play.followsCost ? contest.labelUSD(row) : nil)
  }

  private mutating func judged(_ row: Int) -> Double {
    let (ours, theirs) = (contest.pool.quality[row][contest.tier[row]], contest.pool.quality[row][contest.strongest])
    return (unit() < play.noise ? 1 - ours : ours) - (unit() < play.noise ? 1 - theirs : theirs)
  }

  /// The greatest weight that a label can have in this play.
  var greatestWeight: Double {
    design.weight(
      rate: play.rate, inclusion: design.inclusion(rate: play.rate, intensity: 1 / play.intensities))
  }

  /// The inclusion at full intensity.
  var scale: Double { design.inclusion(rate: play.rate, intensity: 1) }

  /// A number below a bound, for what is drawn beside the traffic.
  mutating func randomNumber(below bound: Int) -> Int { generator.next(below: bound) }

  /// A candidate that is made from the labels of a period: it leaves the incumbent where the nearest labelled request, by what the model
  /// predicts, gained by it. What the labels it was made from say of it, what later ones say, and the true value.
  mutating func overfit(requests: Int) -> (own: Double, later: Double, trueValue: Double)? {
    let labels = labelled(requests: requests)
    guard !labels.isEmpty else { return nil }
    let known = labels.map { (contest.prediction($0.row), $0.difference) }
    let follows = contest.difference.indices.map { row in
      guard contest.disagrees(row) else { return false }
      let place = contest.prediction(row)
      return (known.min { abs($0.0 - place) < abs($1.0 - place) }?.1 ?? 0) > 0
    }
    func estimate(_ labels: [(row: Int, difference: Double, inclusion: Double)]) -> Double {
      labels.reduce(0) { $0 + (follows[$1.row] ? $1.difference / $1.inclusion : 0) } / Double(requests)
    }
    let trueValue = contest.difference.indices.reduce(0) { $0 + (follows[$1] ? contest.difference[$1] : 0) }
    return (
      estimate(labels), estimate(labelled(requests: requests)), trueValue / Double(contest.difference.count)
    )
  }

  private mutating func labelled(requests: Int) -> [(row: Int, difference: Double, inclusion: Double)] {
    (0..<requests).compactMap { _ in
      let row = generator.next(below: contest.difference.count)
      guard contest.disagrees(row) else { return nil }
      let pair = pair(row, 0)
      return pair.difference.map { (row, $0, pair.inclusion) }
    }
  }
}
