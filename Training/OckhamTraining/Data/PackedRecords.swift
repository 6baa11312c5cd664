import Ockham
import RequestLog
import TextKit

/// What records contain besides their request, packed: 32 bytes an outcome, every name once.
struct PackedRecords: Sendable {
  private struct Outcome: Sendable {
    var name: Int32
    /// NaN where unknown.
    var inclusion: Float
    /// −1 where unknown.
    var outputTokens: Int
    /// NaN where unknown.
    var quality: Double
    var costUSD: Double
  }

  private var names: [String] = []
  private var numbers: [String: Int32] = [:]
  private var outcomes: [Outcome] = []
  /// Where each record's outcomes end [rows].
  private var ends: [Int] = []
  /// The names of tier labels, −1 for none [rows].
  private var tiers: [Int32] = []
  private var weights: [Float] = []
  private var tasks: [TaskKind?] = []
  private var groups: [Int32] = []
  private var ids: [String] = []
  /// NaN where unknown [rows].
  private var propensities: [Double] = []
  /// The probability with which a cascade reached an outcome, by its place among all; 1 where there is none.
  private var reaches: [Int: Float] = [:]
  /// Hashes of the conversations that records are turns of, 0 for none [rows]; empty until a record names one.
  private(set) var conversations: [UInt64] = []

  var count: Int { ids.count }

  mutating func append(_ record: LogRecord) {
    for outcome in record.outcomes {
      let reach = record.reach(of: outcome.name)
      if reach < 1 { reaches[outcomes.count] = Float(reach) }
      outcomes.append(
        Outcome(
          name: number(of: outcome.name), inclusion: outcome.inclusion.map { Float($0) } ?? .nan,
          outputTokens: outcome.outputTokens ?? -1, quality: outcome.quality ?? .nan,
          costUSD: outcome.costUSD ?? .nan))
    }
    ends.append(outcomes.count)
    tiers.append(record.tier.map { number(of: $0) } ?? -1)
    weights.append(record.weight)
    tasks.append(record.task)
    groups.append(record.dataset.map { number(of: $0) } ?? -1)
    ids.append(record.id)
    propensities.append(record.propensity ?? .nan)
    if let conversation = record.conversation {
      conversations += [UInt64](repeating: 0, count: ids.count - 1 - conversations.count)
      conversations.append(max(1, ContentHash(conversation).value))
    }
  }

  private mutating func number(of name: String) -> Int32 {
    if let number = numbers[name] { return number }
    let number = Int32(names.count)
    names.append(name)
    numbers[name] = number
    return number
  }

  /// A record as it was, but for its request, latencies and time.
  subscript(row: Int) -> LogRecord {
    let places = (row == 0 ? 0 : ends[row - 1])..<ends[row]
    return LogRecord(
      id: ids[row], dataset: name(groups[row]), request: Request(segments: []), outcomes: outcomes[places].map(unpack),
      tier: name(tiers[row]), weight: weights[row], task: tasks[row],
      propensity: propensities[row].isNaN ? nil : propensities[row])
  }

  /// The probability with which a cascade reached each outcome of a record; `nil` where it did all for sure.
  func reaches(ofRow row: Int) -> [Float]? {
    let places = (row == 0 ? 0 : ends[row - 1])..<ends[row]
    guard !reaches.isEmpty, places.contains(where: { reaches[$0] != nil }) else { return nil }
    return places.map { reaches[$0] ?? 1 }
  }

  private func name(_ number: Int32) -> String? { number < 0 ? nil : names[Int(number)] }

  private func unpack(_ outcome: Outcome) -> ModelOutcome {
    ModelOutcome(
      name: names[Int(outcome.name)], quality: outcome.quality.isNaN ? nil : outcome.quality,
      costUSD: outcome.costUSD.isNaN ? nil : outcome.costUSD,
      outputTokens: outcome.outputTokens < 0 ? nil : outcome.outputTokens,
      inclusion: outcome.inclusion.isNaN ? nil : Double(outcome.inclusion))
  }
}
