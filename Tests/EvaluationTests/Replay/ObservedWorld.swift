import Ockham
import Statistics

@testable import Evaluation

/// Requests that a strong tier served, of which copies were asked of a weak one with known probabilities: a population of which
/// everything is known, and logs drawn from it.
struct ObservedWorld {
  /// Every outcome of every row, two tiers, in conversations of four.
  let whole: ScoredLog
  let thresholds = Thresholds(increments: [0.15])
  /// The probability of a label on a disagreement, and elsewhere.
  var (rate, audit) = (0.3, 0.1)
  /// Whether the log keeps these.
  var knowsRates = false
  private var generator: SplitMix64

  init(rows: Int, seed: UInt64) throws {
    var made = MadeUpLog(seed: seed)
    whole = try made.log(rows: rows)
    generator = SplitMix64(seed: seed &+ 77)
  }

  /// All to the strong tier against the model's thresholds.
  func replay(_ records: [ReplayRecord], _ log: ScoredLog) -> ReplayLog {
    ReplayLog(
      records, incumbent: ReplayPolicy(name: "all to mid", log: log, choice: .tier(1)),
      candidate: ReplayPolicy(name: "router", log: log, choice: .thresholds(thresholds)))
  }

  /// What the candidate truly gives less what the incumbent does, over the whole population.
  func trueValue(_ values: Matrix<Double>) -> Double {
    let tiers = thresholds.tiers(whole, rows: Array(0..<whole.rowCount))
    return (0..<whole.rowCount).reduce(0) { $0 + values[$1, tiers[$1]] - values[$1, 1] } / Double(whole.rowCount)
  }

  /// A log of conversations of four rows drawn with replacement, each labelled or not by chance.
  ///
  /// - Parameters:
  ///   - missing: the share of drawn labels that are not there.
  ///   - decides: whether row i decides.
  mutating func log(
    conversations: Int, missing: Double = 0, decides: (Int) -> Bool = { _ in true }
  ) throws -> ReplayLog {
    var (rows, names): ([Int], [String]) = ([], [])
    for conversation in 0..<conversations {
      let first = 4 * generator.next(below: whole.rowCount / 4)
      rows += first..<first + 4
      names += [String](repeating: "c\(conversation)", count: 4)
    }
    let drawn = whole.selecting(rows)
    let tiers = thresholds.tiers(drawn, rows: Array(rows.indices))
    let records = rows.indices.map { row in
      let inclusion = tiers[row] == 1 ? audit : 1 - (1 - audit) * (1 - rate)
      var outcomes = [ReplayRecord.Outcome(), .init(costUSD: drawn.cost[row, 1], latencyMilliseconds: 900)]
      if Double(generator.nextUnit()) < inclusion {
        let isThere = Double(generator.nextUnit()) >= missing
        outcomes[1].inclusion = inclusion
        outcomes[1].quality = isThere ? drawn.quality[row, 1] : nil
        outcomes[0] = .init(
          quality: isThere ? drawn.quality[row, 0] : nil, inclusion: inclusion, costUSD: drawn.cost[row, 0],
          latencyMilliseconds: 300)
      }
      var record = ReplayRecord(outcomes: outcomes, time: Double(row), decides: decides(row))
      if knowsRates, outcomes[0].inclusion != nil { (record.labelRate, record.auditRate) = (rate, audit) }
      return record
    }
    let draws = rows.indices.map { row in
      LoggedDraw(
        tier: 1, propensity: 1, isEligible: true, conversation: names[row], costUSD: drawn.cost[row, 1],
        latencyMilliseconds: 900, hasFailed: false)
    }
    let log = try ScoredLog(
      tierNames: drawn.tierNames, origins: rows.indices.map { RowOrigin(id: "\($0)", dataset: "k\($0 % 2)") },
      promptBytes: drawn.promptBytes, probability: drawn.probability, quality: drawn.quality, cost: drawn.cost,
      draws: draws)
    return replay(records, log)
  }
}
