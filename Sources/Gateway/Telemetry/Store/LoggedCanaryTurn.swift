import GatewayCore

/// One request of a canary, as a store has it: what it cost and took in its arm, and what a label says of the two versions' tiers.
struct LoggedCanaryTurn: Sendable, Hashable {
  /// What is known of the difference between the versions' answers.
  enum Comparison: Sendable, Hashable {
    /// Labels may say nothing of the request.
    case ineligible
    case agreement
    /// They disagree, and the request was not drawn, or not yet.
    case undrawn
    /// It was drawn, and the rating is in progress.
    case pending
    /// It was drawn, or would have to be, and has no rating.
    case missing
    /// Candidate − incumbent, −1…1, and the probability of the draw.
    case rated(difference: Double, inclusion: Double)
  }

  /// In the order of writing.
  var number: Int
  var requestID: String
  var conversation: String
  /// When the request came, in seconds since 1970.
  var time: Double
  var isCandidate: Bool
  /// K; `nil` where labels may say nothing.
  var scale: Double?
  var comparison: Comparison
  /// `nil` where it is not known.
  var costUSD: Double?
  var latencyMilliseconds: Double
  /// Whether the client got an error that another version might have spared it.
  var hasFailed: Bool
}

// In the table `canary_turns`.
extension LoggedCanaryTurn {
  /// `nil` for a request that is no canary's.
  static func row(of trace: RequestTrace) -> TelemetryRow? {
    guard let turn = trace.decision.canary, trace.kind == .chat else { return nil }
    var row = TelemetryRow(capacity: 12)
    row.set("canary", .text(turn.canary))
    row.set("request_id", .text(trace.id))
    row.set("conversation", .text(trace.decision.conversation?.hexadecimal ?? trace.id))
    row.set("time", .real(trace.time))
    row.set("is_candidate", TelemetryValue(turn.isCandidate))
    row.set("other_tier", TelemetryValue(turn.otherTier.flatMap { trace.tierName($0) }))
    row.set("scale", TelemetryValue(turn.labels?.scale))
    row.set("comparison", TelemetryValue(turn.labels.map(state)))
    row.set("cost_usd", TelemetryValue(trace.costUSD))
    row.set("latency_ms", .real(trace.latencyMilliseconds))
    row.set("failed", TelemetryValue(trace.hasFailedForItsClient))
    return row
  }

  private static func state(_ labels: CanaryTurn.Labels) -> String {
    switch labels {
    case .agreement: "agreement"
    case .disagreement: "undrawn"
    case .closed: "missing"
    }
  }

  /// What a label makes of the row of its request.
  struct Verdict: Sendable, Hashable {
    /// The tier that stands beside the one that served.
    var otherTier: String
    var comparison: String
    var inclusion: Double
    /// Of the answer that was served, less that of the other tier.
    var servedLessOther: Double?

    /// One for each tier that was drawn: the request's row is that of one of them, or of none.
    static func all(of label: ShadowLabel) -> [Verdict] {
      label.outcomes.map { outcome in
        let difference = label.servedQuality.flatMap { served in outcome.quality.map { served - $0 } }
        return Verdict(
          otherTier: outcome.name,
          comparison: difference != nil
            ? "rated" : label.isPending ? "pending" : "missing",
          inclusion: outcome.inclusion, servedLessOther: difference)
      }
    }

    /// Writes it into a row that it is about.
    func apply(to row: inout TelemetryRow) {
      guard row["other_tier"] == .text(otherTier), !["agreement", nil].contains(row["comparison"].text) else { return }
      row["comparison"] = .text(comparison)
      row["inclusion"] = .real(inclusion)
      row["served_less_other"] = TelemetryValue(servedLessOther)
    }
  }

  /// - Parameter row: with its `number`.
  init?(_ row: TelemetryRow) {
    guard case .integer(let number) = row["number"], let id = row["request_id"].text,
      let conversation = row["conversation"].text, let time = row["time"].real
    else { return nil }
    let isCandidate = row["is_candidate"] == .integer(1)
    let comparison: Comparison =
      switch (row["comparison"].text, row["served_less_other"].real, row["inclusion"].real) {
      case (nil, _, _): .ineligible
      case ("agreement", _, _): .agreement
      case ("undrawn", _, _): .undrawn
      case ("pending", _, _): .pending
      case ("rated", let less?, let inclusion?): .rated(difference: isCandidate ? less : -less, inclusion: inclusion)
      default: .missing
      }
    self.init(
      number: Int(number), requestID: id, conversation: conversation, time: time, isCandidate: isCandidate,
      scale: row["scale"].real, comparison: comparison, costUSD: row["cost_usd"].real,
      latencyMilliseconds: row["latency_ms"].real ?? 0, hasFailed: row["failed"] == .integer(1))
  }
}
