import Evaluation
import RequestLog

/// The requests of a period, and of one of the same length before it.
struct AuditPeriods {
  private(set) var now: Traffic
  private(set) var before: Traffic?
  /// Requests without a time, in logs where others have one.
  private(set) var untimed = 0
  private var turns = FirstTurns()
  private let isTimed: Bool
  /// The share of the period before that the log may lack.
  private static let tolerableGap = 0.1

  var hasTooManyConversations: Bool { turns.isFull }

  init(_ survey: AuditSurvey, tiers: AuditTiers, period: Range<Double>, prices: PriceList?) throws {
    now = Traffic(tierNames: tiers.names, period: period)
    isTimed = survey.times != nil
    let length = period.upperBound - period.lowerBound
    let begin = period.lowerBound - length
    // Half a period would look like a change.
    if let times = survey.times, times.lowerBound < begin + Self.tolerableGap * length {
      before = Traffic(tierNames: tiers.names, period: begin..<period.lowerBound)
    }
    for log in survey.gateways {
      try log.forEach(in: (before == nil ? period.lowerBound : begin)..<period.upperBound) { decision in
        add(TrafficRow(decision, tiers: tiers, begins: turns.begins(decision.conversation)))
      }
    }
    _ = try survey.records?.forEachRecord { record in
      add(TrafficRow(record, tiers: tiers, prices: prices, begins: turns.begins(record.conversation)))
    }
  }

  private mutating func add(_ row: TrafficRow) {
    guard isTimed else { return now.add(row) }
    if now.period.contains(row.time) {
      now.add(row)
    } else if before?.period.contains(row.time) == true {
      before?.add(row)
    } else if row.time == 0 {
      untimed += 1
    }
  }
}
