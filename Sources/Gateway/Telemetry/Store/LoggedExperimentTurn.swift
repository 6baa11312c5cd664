import GatewayCore

/// One request in an arm of an experiment, as a store has it.
struct LoggedExperimentTurn: Sendable, Hashable {
  var number: Int
  var requestID: String
  var conversation: String
  var time: Double
  var arm: String
  /// `nil` where it is not known.
  var costUSD: Double?
  var latencyMilliseconds: Double
  /// Whether the client got an error that another arm might have spared it.
  var hasFailed: Bool
  /// Of the answer, where it was drawn to be audited and rated.
  var quality: Double?
}

// In the table `experiment_turns`.
extension LoggedExperimentTurn {
  /// One for each experiment that the request is in.
  static func rows(of trace: RequestTrace) -> [TelemetryRow] {
    guard trace.kind == .chat else { return [] }
    return trace.decision.experiments.map { place in
      var row = TelemetryRow(capacity: 10)
      row.set("design", .text(place.design))
      row.set("experiment", .text(place.experiment))
      row.set("arm", .text(place.arm))
      row.set("request_id", .text(trace.id))
      row.set("conversation", .text(trace.decision.conversation?.hexadecimal ?? trace.id))
      row.set("time", .real(trace.time))
      row.set("cost_usd", TelemetryValue(trace.costUSD))
      row.set("latency_ms", .real(trace.latencyMilliseconds))
      row.set("failed", TelemetryValue(trace.hasFailedForItsClient))
      return row
    }
  }

  /// - Parameter row: with its `number`.
  init?(_ row: TelemetryRow) {
    guard case .integer(let number) = row["number"], let id = row["request_id"].text, let arm = row["arm"].text,
      let conversation = row["conversation"].text, let time = row["time"].real
    else { return nil }
    self.init(
      number: Int(number), requestID: id, conversation: conversation, time: time, arm: arm,
      costUSD: row["cost_usd"].real, latencyMilliseconds: row["latency_ms"].real ?? 0,
      hasFailed: row["failed"] == .integer(1), quality: row["quality"].real)
  }
}

extension ShadowLabel {
  /// The quality of the answer that was served, where it was drawn as any other: what two policies disagree on is no sample of all.
  var auditedQuality: Double? { outcomes.contains { $0.origin == .audit } ? servedQuality : nil }
}

extension RequestTrace {
  /// Whether the client got an error that another way of routing might have spared it.
  var hasFailedForItsClient: Bool { Self.isFailure(status) }

  /// Whether a status says so.
  static func isFailure(_ status: Int) -> Bool { status >= 500 || status == 429 }
}
