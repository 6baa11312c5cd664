import Statistics
import Evaluation
import Foundation

/// The contents of `Tests/Golden/evaluation/golden.json`, written by `generate.py` beside it.
struct GoldenFile: Decodable {
  struct Log: Decodable {
    let id: [String]
    let weight: [Double]
    let bytes: [Int]
    let probability: [[Double]]
    let quality: [[Double?]]
    let cost: [[Double?]]
  }
  struct Head: Decodable {
    let rows: Int
    let logLoss, brier, auc, ece: Double
  }
  struct Pair: Decodable {
    let pair: [Int]
    let score: String
    let points: [[Double]]
    let apgr, cpt50, cpt80: Double
  }
  struct Bootstrap: Decodable {
    let resamples, seed, questions: Int
    let apgr, apgrOverLength, qualityOverRandom: [Double]
  }
  struct Outcome: Decodable {
    let share: [Double]
    let quality, costUsd: Double
  }
  struct Policies: Decodable {
    let completeRows, pricedRows: Int
    let allCheapest, allStrongest, oracle, own: Outcome
  }
  struct Costs: Decodable {
    let scale: [[Float]]
    let apgr, flat: Double
    let interval, flatInterval, overFlat: [Double]
  }
  struct Betting: Decodable {
    let values: [Double]
    let low, high, level, p: Double
  }
  struct Binomial: Decodable {
    let k, n: Int
    let share, p, upper: Double
  }

  let log: Log
  let steps: [Float]
  let heads: [Head]
  let pairs: [Pair]
  let bootstrap: Bootstrap
  let policies: Policies
  let costs: Costs
  let betting: [Betting]
  let binomial: [Binomial]

  static let shared: GoldenFile = {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    do {
      let data = try Data(contentsOf: tests.appendingPathComponent("Golden/evaluation/golden.json"))
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(GoldenFile.self, from: data)
    } catch {
      fatalError("Tests/Golden/evaluation/golden.json cannot be read: \(error); run generate.py")
    }
  }()

  var scoredLog: ScoredLog { get throws { try scoredLog(thresholdScale: nil) } }

  func scoredLog(thresholdScale: Matrix<Float>?) throws -> ScoredLog {
    func known(_ rows: [[Double?]]) -> Matrix<Double> { Matrix(rows.flatMap { $0.map { $0 ?? .nan } }, columns: 3) }
    return try ScoredLog(
      tierNames: ["small", "mid", "frontier"], origins: log.id.map { RowOrigin(id: $0) }, weights: log.weight,
      promptBytes: log.bytes, probability: Matrix(log.probability.flatMap { $0.map { Float($0) } }, columns: 3),
      quality: known(log.quality), cost: known(log.cost), thresholdScale: thresholdScale)
  }
}

/// Whether two numbers agree to a relative and absolute tolerance.
func agree(_ left: Double?, _ right: Double?, within tolerance: Double = 1e-9) -> Bool {
  guard let left, let right else { return left == nil && right == nil }
  return abs(left - right) <= tolerance * max(1, abs(right))
}

func agree(_ left: [Double], _ right: [Double], within tolerance: Double = 1e-9) -> Bool {
  left.count == right.count && zip(left, right).allSatisfy { agree($0, $1, within: tolerance) }
}
