package import Foundation

/// What an audit is told beside the traffic.
package struct AuditOptions: Sendable {
  /// The confidence of intervals.
  package var confidence = 0.95
  /// Days are those of this zone, and times are shown in it.
  package var timeZone = TimeZone(identifier: "UTC") ?? .gmt
  /// The logs as they were named.
  package var logs: [String] = []
  /// When the report is made, in seconds since 1970.
  package var madeAt: Double?
  /// The share of the strongest tier's quality that was guaranteed; `nil` where nothing was.
  package var targetQuality: Double?
  /// Who guaranteed it, such as a model's certificate.
  package var guaranteeSource: String?
  /// The dollars that the period may take; `nil` for any number.
  package var budgetUSD: Double?
  /// What a model makes of the log; `nil` where none is named.
  package var drift: DriftReport?
  /// The arms of experiments and canaries; `nil` where the log has no such record.
  package var arms: [AuditArm]?
  /// What is raised; `nil` where the log has no such record.
  package var alerts: [AuditAlert]?
  /// Texts of requests by id, where the log keeps them and they are asked for.
  package var texts: [String: String] = [:]

  package init() {}
}

/// One arm of an experiment or of a canary, added up.
package struct AuditArm: Sendable, Equatable {
  package var experiment: String
  package var arm: String
  package var requests: Int
  package var conversations: Int
  package var failures: Int
  /// Requests whose cost is known, and their dollars.
  package var priced: Int
  package var costUSD: Double
  package var meanLatencyMilliseconds: Double?
  package var rated: Int
  package var meanQuality: Double?

  package init(
    experiment: String, arm: String, requests: Int, conversations: Int, failures: Int, priced: Int, costUSD: Double,
    meanLatencyMilliseconds: Double?, rated: Int, meanQuality: Double?
  ) {
    (self.experiment, self.arm, self.requests, self.conversations) = (experiment, arm, requests, conversations)
    (self.failures, self.priced, self.costUSD) = (failures, priced, costUSD)
    (self.meanLatencyMilliseconds, self.rated, self.meanQuality) = (meanLatencyMilliseconds, rated, meanQuality)
  }
}

/// An alert that is raised.
package struct AuditAlert: Sendable, Equatable {
  package var name: String
  package var cause: String
  package var remedy: String
  /// Since when, in seconds since 1970.
  package var time: Double

  package init(name: String, cause: String, remedy: String, time: Double) {
    (self.name, self.cause, self.remedy, self.time) = (name, cause, remedy, time)
  }
}
