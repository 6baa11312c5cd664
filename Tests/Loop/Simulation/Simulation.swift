import Evaluation
import Foundation
import Statistics

/// The questions that are put to a pool.
struct Simulation {
  let pool: Pool
  let loops: Int
  let share: Double
  let seed: UInt64
  /// How far intervals of Δ shall reach to each side.
  private static let aim = 0.01

  /// Prints one figure.
  private func report(_ kind: String, _ values: KeyValuePairs<String, Any?>) {
    var parts = [#""kind":"\#(kind)""#]
    for (key, value) in values {
      switch value {
      case let text as String: parts.append(#""\#(key)":"\#(text)""#)
      case let number as Double where number.isFinite: parts.append(#""\#(key)":\#(number)"#)
      case let count as Int: parts.append(#""\#(key)":\#(count)"#)
      default: parts.append(#""\#(key)":null"#)
      }
    }
    print("{\(parts.joined(separator: ","))}")
    fflush(nil)
  }

  private func median(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.sorted()[values.count / 2] }

  private func contest(noise: Double = 0) -> Contest { Contest(pool, wantedShare: share, noise: noise) }

  /// The rate with which a loop gathers about so many labels.
  private func rate(_ contest: Contest, labels: Double, of play: Play) -> Double {
    var (low, high) = (LabelPacing.leastRate, 1.0)
    for _ in 0..<12 {
      var play = play
      play.rate = (low + high) / 2
      var loop = Loop(contest, play, seed: 0)
      var (requests, drawn) = (0, 0)
      while requests < 5_000 {
        let (rows, pairs) = loop.conversation(0)
        requests += rows.count
        drawn += pairs.count(where: \.isDrawn)
      }
      if Double(drawn) / Double(requests) * Double(play.requests) < labels { low = play.rate } else { high = play.rate }
    }
    return high
  }

  func describe() {
    let contest = contest()
    let rows = contest.difference.indices.filter { contest.disagrees($0) }
    let mean = rows.reduce(0) { $0 + contest.difference[$1] } / Double(rows.count)
    let variance = rows.reduce(0) { $0 + pow(contest.difference[$1] - mean, 2) } / Double(rows.count)
    let predictions = rows.map(contest.prediction)
    let centre = predictions.reduce(0, +) / Double(rows.count)
    let spread = predictions.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    let shared = zip(rows, predictions).reduce(0) { $0 + ($1.1 - centre) * (contest.difference[$1.0] - mean) }
    report(
      "pool",
      [
        "rows": contest.difference.count, "conversations": contest.conversations.count, "truth": contest.trueValue,
        "share": contest.share, "variance": variance,
        "explained": spread > 0 && variance > 0 ? shared * shared / (spread * variance * Double(rows.count)) : nil,
        "labels_of_normal_interval": pow(1.96 * contest.share / Self.aim, 2) * variance,
      ])
  }

  /// Estimator A with its interval by conversation.
  func fixedPeriod(noise: Double, goldRate: Double, prediction: Prediction = .fitted) {
    let contest = contest(noise: noise)
    for labels in goldRate > 0 ? [1_000.0] : [150, 500] {
      var play = Play(noise: noise, goldRate: goldRate)
      play.rate = rate(contest, labels: labels * Double(play.requests) / Double(play.period), of: play)
      let trueValue = goldRate > 0 ? contest.trueValue : contest.judged
      var (given, held, widths, errors, rated) = (0, 0, [Double](), [Double](), [Double]())
      for number in 0..<loops {
        var loop = Loop(contest, play, seed: seed &+ UInt64(number))
        let estimate = LabelEstimate(
          prediction.of(loop.sample(requests: play.period)),
          parameters: BootstrapParameters(resamples: play.resamples, seed: UInt64(number)))
        rated.append(Double(estimate.counts.rated))
        guard let interval = estimate.interval, goldRate == 0 || estimate.isGoldCorrected else { continue }
        given += 1
        held += interval.low <= trueValue && trueValue <= interval.high ? 1 : 0
        widths.append(interval.high - interval.low)
        errors.append(interval.value - trueValue)
      }
      report(
        "period",
        [
          "prediction": prediction.rawValue, "noise": noise, "gold": goldRate, "labels": median(rated), "loops": loops,
          "given": given, "held": held, "width": median(widths),
          "bias": errors.reduce(0, +) / Double(max(1, given)),
        ])
    }
  }

  /// What is predicted of a difference.
  enum Prediction: String {
    case nothing
    case model = "the model's"
    case fitted

    func of(_ sample: LabelSample) -> LabelSample {
      switch self {
      case .nothing:
        LabelSample(
          pairs: sample.pairs.map { pair in
            var pair = pair
            pair.prediction = 0
            return pair
          }, requests: sample.requests)
      case .model: sample
      case .fitted: sample.crossFitted()
      }
    }
  }

  /// The deciding sequence: looked at after every conversation, and at a random time.
  func deciding() {
    for noise in [0, 0.1] {
      let contest = contest(noise: noise)
      for (name, intensities, followsCost) in [
        ("σ/√cost, within 2.5", 2.5, true), ("σ/√cost, within 5", 5, true), ("σ, within 2.5", 2.5, false),
        ("equal", 1, false),
      ] where noise == 0 || intensities == 2.5 && followsCost {
        var play = Play(intensities: intensities, noise: noise, followsCost: followsCost)
        play.rate = rate(contest, labels: 1_300, of: play)
        var counts = SequenceStatistics()
        for number in 0..<loops {
          var loop = Loop(contest, play, seed: seed &+ UInt64(number) &+ 1_000_000)
          counts.add(loop.decide(aim: Self.aim, trueValue: contest.judged))
        }
        report("deciding", counts.figures(["noise": noise, "intensities": name]))
      }
    }
  }

  /// Other sequences on labels of equal weight, for θ alone: the share is taken as known.
  func compare() {
    let contest = contest()
    var play = Play(intensities: 1, followsCost: false)
    play.rate = rate(contest, labels: 1_300, of: play)
    let reach = Self.aim / contest.share
    let kinds: [(String, () -> any AnytimeInterval)] = [
      ("bets, planned", { Betting(reach: reach) }), ("bets, without a plan", { Betting(reach: nil) }),
      ("empirical Bernstein", { EmpiricalBernstein() }), ("asymptotic, planned for 500", { Asymptotic(planned: 500) }),
    ]
    for (name, make) in kinds {
      var counts = SequenceStatistics()
      for number in 0..<min(loops, 300) {
        var loop = Loop(contest, play, seed: seed &+ UInt64(number) &+ 2_000_000)
        counts.add(loop.look(make(), reach: reach, trueValue: contest.trueValue / contest.share))
      }
      report("sequence", counts.figures(["intensities": name, "scale": contest.share]))
    }
  }

  /// Labels until ±1 point, by a normal interval at a fixed time, where they are spread evenly over all requests, and where none is asked
  /// for but a tenth of the requests goes to a tier at random.
  func others() {
    let contest = contest()
    let squares = contest.difference.reduce(0) { $0 + $1 * $1 } / Double(contest.difference.count)
    let variance = squares - contest.trueValue * contest.trueValue
    let exploration = 0.1
    let tiers = Double(contest.strongest + 1)
    let scores = contest.difference.indices.flatMap { row -> [(chance: Double, score: Double)] in
      guard contest.disagrees(row) else { return [(1, 0)] }
      let (probability, quality) = (pool.probability[row], pool.quality[row])
      let ours = contest.tier[row], theirs = contest.strongest
      let (low, high) = (exploration / tiers, 1 - exploration + exploration / tiers)
      let predicted = contest.prediction(row)
      return [
        (low, predicted + (quality[ours] - probability[ours]) / low),
        (high, predicted - (quality[theirs] - probability[theirs]) / high), (1 - low - high, predicted),
      ]
    }
    let count = Double(contest.difference.count)
    let spread = scores.reduce(0) { $0 + $1.chance * pow($1.score - contest.trueValue, 2) } / count
    let needed = pow(1.96 / Self.aim, 2)
    report(
      "others",
      [
        "uniform": needed * variance, "exploration_requests": needed * spread,
        "exploration_rated": needed * spread * contest.share,
      ])
  }

  /// A candidate made from the labels themselves (it goes where a label says that it is right to go), judged by these labels and by later
  /// ones.
  func doubleDipping() {
    let contest = contest()
    let play = Play(rate: 0.2)
    var (own, later, trueValues) = ([Double](), [Double](), [Double]())
    for number in 0..<200 {
      var loop = Loop(contest, play, seed: seed &+ UInt64(number) &+ 3_000_000)
      guard let found = loop.overfit(requests: 4_000) else { continue }
      own.append(found.own)
      later.append(found.later)
      trueValues.append(found.trueValue)
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    let gaps = zip(later, trueValues).map { $0 - $1 }
    let error = (gaps.reduce(0) { $0 + pow($1 - mean(gaps), 2) } / Double(gaps.count * max(1, gaps.count - 1)))
      .squareRoot()
    report(
      "double dipping",
      [
        "draws": own.count, "by_its_labels": mean(own), "by_later_labels": mean(later), "truth": mean(trueValues),
        "error": error,
      ])
  }
}
