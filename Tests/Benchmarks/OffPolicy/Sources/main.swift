import Evaluation
import Foundation
import Ockham
import Statistics

/// How often the interval of an off-policy estimate contains the true value, over resamples of a pool of scored rows whose outcomes
/// are all known: `coverage POOL RESAMPLES SIZE...`. A line of JSON per logging policy and size.
struct Pool: Decodable {
  /// P(good) by tier [rows × T].
  let probability: [[Double]]
  /// The quality by tier [rows × T].
  let quality: [[Double]]
  /// The thresholds of the policy in question.
  let thresholds: [Float]
}

/// How a log comes about: the probability of each tier given the one that the logging policy likes best.
struct Logging {
  let name: String
  let exploration: Double

  func chances(_ best: Int, tiers: Int) -> [Double] {
    (0..<tiers).map { exploration / Double(tiers) + ($0 == best ? 1 - exploration : 0) }
  }
}

/// What resamples of one size came to.
struct Counts {
  var given = 0
  var held = 0
  var widths: [Double] = []
  var oracleWidths: [Double] = []
  var errors: [Double] = []
}

let pool = try JSONDecoder().decode(Pool.self, from: Data(contentsOf: URL(filePath: CommandLine.arguments[1])))
let resamples = Int(CommandLine.arguments[2]) ?? 1_000
let sizes = CommandLine.arguments.dropFirst(3).compactMap { Int($0) }
let tiers = pool.quality[0].count
let policy = Thresholds(increments: pool.thresholds)
// The logging policy asks for a gain of its own, so that it disagrees with the policy in question.
let incumbent = Thresholds(increments: pool.thresholds.map { $0 + 0.1 })

func tier(_ thresholds: Thresholds, _ row: Int) -> Int {
  let probabilities = pool.probability[row].map { Float($0) }
  return thresholds.choose(probabilities.span).tier
}

let chosen = pool.quality.indices.map { tier(policy, $0) }
let liked = pool.quality.indices.map { tier(incumbent, $0) }
let trueValue = pool.quality.indices.reduce(0) { $0 + pool.quality[$1][chosen[$1]] } / Double(pool.quality.count)

func oracleWidth(_ rows: [Int]) -> Double {
  let values = rows.map { pool.quality[$0][chosen[$0]] }
  let mean = values.reduce(0, +) / Double(values.count)
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  return 2 * StudentT.quantile(0.975, degrees: Double(values.count - 1))
    * (variance / Double(values.count)).squareRoot()
}

func log(_ rows: [Int], _ logging: Logging, _ generator: inout SplitMix64) throws -> ScoredLog {
  var quality = [Double](repeating: .nan, count: rows.count * tiers)
  let draws = rows.enumerated().map { place, row in
    let chances = logging.chances(liked[row], tiers: tiers)
    let unit = Double(generator.next() >> 11) * 0x1p-53
    var (tier, sum) = (0, chances[0])
    while sum <= unit, tier < tiers - 1 { (tier, sum) = (tier + 1, sum + chances[tier + 1]) }
    quality[place * tiers + tier] = pool.quality[row][tier]
    return LoggedDraw(tier: tier, propensity: chances[tier], quality: pool.quality[row][tier])
  }
  return try ScoredLog(
    tierNames: (0..<tiers).map { "t\($0)" }, origins: rows.indices.map { RowOrigin(id: "\($0)") },
    promptBytes: rows, probability: Matrix(rows.flatMap { pool.probability[$0].map { Float($0) } }, columns: tiers),
    quality: Matrix(quality, columns: tiers), cost: Matrix(repeating: .nan, rows: rows.count, columns: tiers),
    draws: draws)
}

func median(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.sorted()[values.count / 2] }

for logging in [
  Logging(name: "one tier at random", exploration: 1), Logging(name: "exploration of 20 %", exploration: 0.2),
] {
  for size in sizes {
    var generator = SplitMix64(seed: UInt64(size), logging.exploration.bitPattern)
    var statistics = Counts()
    for _ in 0..<resamples {
      let rows = (0..<size).map { _ in generator.next(below: pool.quality.count) }
      let report = OffPolicyReport(try log(rows, logging, &generator), thresholds: policy)
      statistics.oracleWidths.append(oracleWidth(rows))
      guard let found = report?.own.quality.robust else { continue }
      statistics.given += 1
      if found.low <= trueValue, trueValue <= found.high { statistics.held += 1 }
      statistics.widths.append(found.high - found.low)
      statistics.errors.append(found.value - trueValue)
    }
    let bias = statistics.errors.reduce(0, +) / Double(max(1, statistics.errors.count))
    print(
      #"{"logging":"\#(logging.name)","rows":\#(size),"resamples":\#(resamples),"given":\#(statistics.given),"held":\#(statistics.held),"#
        + #""width":\#(statistics.given > 0 ? "\(median(statistics.widths))" : "null"),"oracle_width":\#(median(statistics.oracleWidths)),"#
        + #""bias":\#(bias),"truth":\#(trueValue)}"#)
    fflush(nil)
  }
}
