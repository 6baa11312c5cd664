import Evaluation
import Statistics

/// Requests of a made-up fortnight, the same for the same seed: three tiers, keys, tasks, failures, unknown costs, ratings.
enum MadeUpTraffic {
  static let tiers = ["small", "mid", "frontier"]
  static let prices: [(input: Double, output: Double)] = [(1.5e-7, 6e-7), (6e-7, 2.4e-6), (2.5e-6, 1e-5)]
  static let begin = 1_764_000_000.0
  static let days = 14.0
  static var period: Range<Double> { begin..<begin + days * 86_400 }

  static func rows(_ count: Int, seed: UInt64 = 1) -> [TrafficRow] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { row($0, &random) }
  }

  static func unit(_ random: inout SplitMix64) -> Double { Double(random.next() >> 11) * 0x1p-53 }

  private static func pick<Value>(_ values: [Value], _ random: inout SplitMix64) -> Value {
    values[Int(random.next() % UInt64(values.count))]
  }

  private static func row(_ number: Int, _ random: inout SplitMix64) -> TrafficRow {
    let probability = unit(&random)
    let gain = 1 - probability
    let tier = gain < 0.3 ? 0 : gain < 0.7 ? 1 : 2
    let (input, output) = (50 + Int(unit(&random) * 4_000), 10 + Int(unit(&random) * 900))
    let costs = prices.map { Double(input) * $0.input + Double(output) * $0.output }
    var row = TrafficRow(
      id: "r\(number)", time: begin + unit(&random) * days * 86_400, conversation: "c\(number / 3)",
      key: pick(["alpha", "beta", "gamma", nil], &random), task: pick(["extraction", "code", nil], &random),
      policy: pick(["default", "cheap"], &random),
      reason: tier == 0 ? "gain_below_threshold" : "gain_reaches_threshold", tier: tiers[tier],
      answeredTier: tiers[tier], target: "\(tiers[tier])-model", status: 200,
      latencyMilliseconds: 80 + 2_000 * unit(&random), firstTokenMilliseconds: 50 + 300 * unit(&random),
      decisionNanoseconds: 9_000 + number % 100, inputTokens: input, outputTokens: output, costUSD: costs[tier],
      strongestUSD: costs[2], cheapestUSD: costs[0],
      tierUSD: Dictionary(uniqueKeysWithValues: zip(tiers, costs)), attempts: 1, beginsConversation: number % 3 == 0,
      isEligible: number % 10 != 0, gain: gain, threshold: tier == 2 ? 0.7 : 0.3,
      probabilities: ["small": probability, "mid": probability + gain * (tier == 2 ? 0.4 : 1), "frontier": 1])
    if tier == 2 { row.gain = 1 - probability }
    if number % 50 == 7 { (row.isFailure, row.status) = (true, 503) }
    if number % 40 == 11 { (row.costUSD, row.strongestUSD, row.cheapestUSD) = (nil, nil, nil) }
    rate(&row, tier: tier, probability, &random)
    return row
  }

  /// An audit of one in ten of the requests that may be rated.
  private static func rate(_ row: inout TrafficRow, tier: Int, _ probability: Double, _ random: inout SplitMix64) {
    let good = [probability, 0.5 + probability / 2, 0.97]
    let qualities = good.map { unit(&random) < $0 ? 1.0 : 0.0 }
    let isDrawn = unit(&random) < 0.1
    guard row.isEligible == true, isDrawn else { return }
    (row.isDrawn, row.labelUSD, row.judgeUSD) = (true, 0.001, 0.0005)
    row.labels = tiers.indices.map { other in
      TrafficLabel(
        tier: tiers[other], quality: qualities[other], inclusion: 0.1,
        costUSD: other == tier ? nil : (row.tierUSD[tiers[other]] ?? 0) * (0.8 + 0.4 * unit(&random)))
    }
  }
}
