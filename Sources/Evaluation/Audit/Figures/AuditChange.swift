/// A figure of this period beside the same of the period before.
package struct AuditChange: Sendable, Equatable {
  /// What the figure is in.
  package enum Unit: String, Sendable {
    case count, usd, share, milliseconds
  }

  package var name: String
  package var unit: Unit
  package var before: Double?
  package var now: Double?

  package var difference: Double? { now.flatMap { now in before.map { now - $0 } } }

  /// What may be compared between periods of one length.
  static func all(_ now: AuditReport.Period, _ before: AuditReport.Period) -> [AuditChange] {
    var changes: [AuditChange] = []
    func note(_ name: String, _ unit: Unit, figure: (AuditReport.Period) -> Double?) {
      changes.append(AuditChange(name: name, unit: unit, before: figure(before), now: figure(now)))
    }
    note("requests", .count) { Double($0.total.requests) }
    note("spent", .usd) { $0.total.priced > 0 ? $0.total.costUSD : nil }
    note("spent per 1,000 requests", .usd) {
      $0.total.priced > 0 ? $0.total.costUSD / Double($0.total.priced) * 1_000 : nil
    }
    note("saved against all to the strongest tier", .usd) { $0.money.saved.value }
    note("quality of what was served", .share) { $0.quality.served.value }
    for tier in now.traffic.tierNames {
      note("requests to \(tier)", .share) { period in
        let requests = period.traffic.totals(by: \.tier)[tier]?.requests ?? 0
        return period.total.requests > 0 ? Double(requests) / Double(period.total.requests) : nil
      }
    }
    note("failures", .share) {
      $0.total.requests > 0 ? Double($0.total.failures) / Double($0.total.requests) : nil
    }
    note("time that 95 % of requests do not pass", .milliseconds) { $0.total.latency.quantile(0.95) }
    note("labels and judge", .usd) { $0.total.labelUSD + $0.total.judgeUSD }
    return changes
  }
}
