/// The routing audit of a period: what was spent and saved, whether quality held, what to change, and what no one knows.
package struct AuditReport: Sendable {
  /// One period with its figures.
  package struct Period: Sendable {
    package var traffic: Traffic
    package var total: TrafficCell
    package var money: AuditMoney
    package var quality: AuditQuality
    let shares: TrafficShares

    init(_ traffic: Traffic, options: AuditOptions) {
      self.traffic = traffic
      total = traffic.total
      shares = TrafficShares(traffic, confidence: options.confidence)
      money = AuditMoney(traffic, shares: shares, confidence: options.confidence)
      quality = AuditQuality(traffic, shares: shares, options: options)
    }
  }

  package var options: AuditOptions
  package var now: Period
  /// `nil` where nothing is known of the period before.
  package var before: Period?
  package var misrouting: AuditMisrouting
  package var thresholds: AuditThresholds
  package var targets: AuditTargets
  package var changes: [AuditChange]

  /// - Parameter earlier: the period before, of the same length; `nil` where the log does not reach so far.
  package init(_ traffic: Traffic, earlier: Traffic? = nil, options: AuditOptions = AuditOptions()) {
    self.options = options
    now = Period(traffic, options: options)
    before = earlier.flatMap { $0.cells.isEmpty ? nil : Period($0, options: options) }
    misrouting = AuditMisrouting(traffic, shares: now.shares, confidence: options.confidence)
    thresholds = AuditThresholds(traffic, guarantee: now.quality.guarantee, confidence: options.confidence)
    targets = AuditTargets(traffic, confidence: options.confidence)
    changes = []
    changes = before.map { AuditChange.all(now, $0) } ?? []
  }

  package var traffic: Traffic { now.traffic }
  package var money: AuditMoney { now.money }
  package var quality: AuditQuality { now.quality }
  package var total: TrafficCell { now.total }

  /// Whether more was spent than the period may take; `nil` without a budget.
  package var isOverBudget: Bool? { options.budgetUSD.map { money.spentUSD + money.labelUSD + money.judgeUSD > $0 } }
}
