import Ockham

/// A log under two policies: where each would send every request, and what is known of either tier.
package struct ReplayLog: Sendable {
  let records: [ReplayRecord]
  /// Scores, weights, origins and draws. Its probabilities are those of the candidate's model where it has one.
  let log: ScoredLog
  /// The tier that each policy sends a row to [n].
  let incumbent: [Int]
  let candidate: [Int]
  /// Whether the candidate's rules would treat a row otherwise than it was logged, or may: it then counts as the log allows [n].
  let isForeign: [Bool]
  /// The conversation of each row, a request by itself being one [n]; numbered from 0.
  let conversations: [Int]
  /// The number of conversations.
  let conversationCount: Int

  /// - Precondition: a record per row of either log, with an outcome per tier.
  package init(_ records: [ReplayRecord], incumbent: ReplayPolicy, candidate: ReplayPolicy) {
    let log = if case .tier = candidate.choice { incumbent.log } else { candidate.log }
    precondition(records.count == log.rowCount && incumbent.log.rowCount == log.rowCount, "a record per row")
    precondition(records.allSatisfy { $0.outcomes.count == log.tierCount }, "an outcome per tier")
    var isForeign = [Bool](repeating: false, count: records.count)
    let choices = records.indices.map { row -> (Int, Int) in
      let draw = log.draws[row]
      let allowed = draw.map { $0.allowed.union(TierSet(only: $0.tier)) } ?? .all
      let first = incumbent.tier(row: row, allowed: allowed)
      guard records[row].isEligible else { return (draw?.tier ?? first, draw?.tier ?? first) }
      let (own, inDoubt) = (records[row].allowed, records[row].allowedInDoubt)
      let second = candidate.tier(row: row, allowed: own == .all ? allowed : own)
      let isSure =
        !own.isDisjoint(with: inDoubt)
        && candidate.tier(row: row, allowed: inDoubt == .all ? allowed : inDoubt) == second
      if isSure, allowed.contains(second) { return (first, second) }
      isForeign[row] = true
      return (first, candidate.tier(row: row, allowed: allowed))
    }
    self.init(records, log: log, incumbent: choices.map(\.0), candidate: choices.map(\.1), isForeign: isForeign)
  }

  private init(
    _ records: [ReplayRecord], log: ScoredLog, incumbent: [Int], candidate: [Int], isForeign: [Bool]
  ) {
    self.isForeign = isForeign
    self.records = records
    self.log = log
    self.incumbent = incumbent
    self.candidate = candidate
    (conversations, conversationCount) = Self.numbered(log.draws.map { $0?.conversation })
  }

  /// The same log of the given rows, in their order.
  package func selecting(_ rows: [Int]) -> ReplayLog {
    ReplayLog(
      rows.map { records[$0] }, log: log.selecting(rows), incumbent: rows.map { incumbent[$0] },
      candidate: rows.map { candidate[$0] },
      isForeign: rows.map { isForeign[$0] })
  }

  /// A number for each row that the turns of one conversation share.
  private static func numbered(_ names: [String?]) -> (numbers: [Int], count: Int) {
    var known: [String: Int] = [:]
    var count = 0
    let numbers = names.map { name in
      if let name, let number = known[name] { return number }
      if let name { known[name] = count }
      count += 1
      return count - 1
    }
    return (numbers, count)
  }
}

extension ReplayLog {
  var rowCount: Int { records.count }

  /// Whether the policies send a row to different tiers; never one that neither could have sent elsewhere.
  func differs(_ row: Int) -> Bool { incumbent[row] != candidate[row] }

  /// The share of rows, by weight, for which a condition holds.
  func share(_ holds: (Int) -> Bool) -> Double {
    let total = log.weights.reduce(0, +)
    return total > 0 ? records.indices.reduce(0) { $0 + (holds($1) ? log.weights[$1] : 0) } / total : 0
  }

  /// What stands against the comparison as a whole: rows that the candidate's rules would treat otherwise, above 1 % of the requests or
  /// of the dollars.
  var objection: ReplayRefusal? {
    let rows = share { isForeign[$0] }
    let spent = records.indices.map { log.weights[$0] * (log.draws[$0]?.costUSD ?? 0) }
    let total = spent.reduce(0, +)
    let dollars = total > 0 ? zip(spent, isForeign).reduce(0) { $0 + ($1.1 ? $1.0 : 0) } / total : nil
    return max(rows, dollars ?? 0) > ReplayRefusal.unsupportedShare ? .rules(rows: rows, dollars: dollars) : nil
  }

  /// The rules that the log cannot cover, each with the number of rows that hang on it, the most first.
  var doubtfulRules: [(name: String, rows: Int)] {
    var counts: [String: Int] = [:]
    for row in records.indices where isForeign[row] {
      for name in records[row].doubtfulRules { counts[name, default: 0] += 1 }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// Whether what is known of served answers is in part what users rated of their own accord.
  var usesFeedback: Bool {
    records.indices.contains { row in
      log.draws[row].map { $0.quality != nil && records[row].outcomes[$0.tier].quality == nil } ?? false
    }
  }

  /// The share of rows per tier, by weight [T].
  func shares(_ tiers: [Int]) -> [Double] {
    (0..<log.tierCount).map { tier in share { tiers[$0] == tier } }
  }
}
