import Evaluation
import Foundation
import Statistics

/// How often a cascade that was chosen for a goal keeps it, over logs drawn from a population whose true values are known.
///
/// Half of the scored requests fix the path of policies, the other half is the population; a log is `rows` requests of it, drawn with
/// replacement, each a question of its own.
struct Guarantee {
  private let population: ScoredLog
  private let path: CascadePath
  private var generator: SplitMix64

  init?(_ log: ScoredLog, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let order = generator.permutation(of: log.rowCount)
    let middle = log.rowCount / 2
    guard let path = CascadePath(log.selecting(Array(order[..<middle]))) else { return nil }
    self.path = path
    population = log.selecting(Array(order[middle...]))
    self.generator = generator
  }

  private mutating func draw(_ rows: Int) throws -> ScoredLog {
    let drawn = population.selecting((0..<rows).map { _ in generator.next(below: population.rowCount) })
    return try ScoredLog(
      tierNames: drawn.tierNames, origins: (0..<rows).map { RowOrigin(id: "\($0)") }, promptBytes: drawn.promptBytes,
      probability: drawn.probability, quality: drawn.quality, cost: drawn.cost, responses: drawn.responses)
  }

  /// Plays `draws` logs and prints a line of JSON.
  ///
  /// - Parameter isFixed: whether the path was fixed beforehand, or is that of each log itself.
  mutating func play(_ goal: ThresholdGoal, rows: Int, draws: Int, isFixed: Bool) throws {
    let parameters = ThresholdChoiceParameters(gridCount: 200, orders: 40)
    var (proven, broken) = (0, 0)
    var savings: [Double] = []
    for _ in 0..<draws {
      let log = try draw(rows)
      guard let own = isFixed ? path : CascadePath(log) else { continue }
      let choice = try CascadeChoice(log, goal: goal, path: own, parameters: parameters)
      guard let choice, choice.isProven, let policy = choice.policy else {
        savings.append(0)
        continue
      }
      proven += 1
      let trueValue = CascadeEstimate(policy, on: population)
      savings.append(trueValue.saved ?? 0)
      if !goal.isKept(by: trueValue) { broken += 1 }
    }
    let median = savings.sorted()[savings.count / 2]
    let all = Double(savings.count)
    print(
      """
      {"member":"\(path.member.rawValue)","path":"\(isFixed ? "fixed" : "own")","goal":"\(goal)","rows":\(rows),"draws":\(savings.count),\
      "proven":\(Double(proven) / all),"kept":\(1 - Double(broken) / all),"median_saved":\(median)}
      """)
    fflush(nil)
  }
}

extension ThresholdGoal {
  /// Whether a policy truly keeps the guarantee.
  fileprivate func isKept(by trueValue: CascadeEstimate) -> Bool {
    switch self {
    case .targetQuality(let fraction): (trueValue.qualityKept ?? 0) >= fraction
    case .maximumCostPer1000(let usd): trueValue.costUSD * 1_000 <= usd
    case .maximumShare: false
    }
  }
}
