package import ChatProtocols

/// What `/metrics` counts. Units are seconds, tokens and US dollars; labels take few values, so that series stay few.
package final class GatewayMetrics: TraceSink {
  package typealias Family = MetricFamily<MetricCell>
  package typealias Histogram = MetricFamily<HistogramCell>

  private static func name(_ name: String) -> String { "ockham_gateway_" + name }

  // Requests.
  package let requests = Family(
    name("requests_total"), "HTTP requests by route and class of status.", labels: ["route", "status_class"])
  package let errors = Family(
    name("errors_total"), "Requests that ended with an error, by its code.", labels: ["code"])
  package let duration = Histogram(
    name("request_duration_seconds"), "From the request read to the last byte of its answer.", labels: ["route"],
    bounds: slowBounds)
  package let overhead = Histogram(
    name("overhead_seconds"), "What the gateway added: the duration less the time spent waiting for providers.",
    bounds: fastBounds)
  package let firstToken = Histogram(
    name("time_to_first_token_seconds"), "From the request read to the first content sent.", labels: ["tier"],
    bounds: slowBounds)
  package let requestsInFlight = Family(name("requests_in_flight"), "Requests that are worked on.")
  package let requestsQueued = Family(name("requests_queued"), "Requests that wait for their turn.")
  package let requestBytes = Family(name("request_bytes"), "Bytes of the bodies of requests that are here.")
  package let requestsShed = Family(name("requests_shed_total"), "Requests refused since too many waited.")

  package let connections = Family(name("connections"), "Connections of clients.")
  package let connectionsClosed = Family(
    name("connections_closed_total"),
    "Connections that the gateway ended: a head or body that came too slowly, an answer that was left unread, or idle ones for want of room.",
    labels: ["cause"])

  // Routing.
  package let decisions = Family(
    name("decisions_total"), "Routing decisions by chosen tier and reason.", labels: ["tier", "reason"])
  package let observed = Family(
    name("observed_decisions_total"),
    "Decisions that were made and not followed, by the tier that was chosen and the one asked instead.",
    labels: ["tier", "instead"])
  package let decisionTime = Histogram(
    name("decision_seconds"), "Time that routing decisions took.", bounds: decisionBounds)
  package let decisionCache = Family(
    name("decision_cache_total"), "Scored requests by whether the decision was remembered.", labels: ["result"])
  package let fallbacks = Family(
    name("fallbacks_total"), "Requests that another tier answered than the chosen one.", labels: ["from", "to"])

  // Targets.
  package let attempts = Family(
    name("attempts_total"), "Attempts at targets by outcome: ok, or what failed.",
    labels: ["target", "tier", "outcome"])
  package let attemptTime = Histogram(
    name("attempt_duration_seconds"), "Time that attempts at targets took.", labels: ["target"], bounds: slowBounds)
  package let breaker = Family(
    name("breaker_state"), "Circuit breakers: 0 closed, 1 half open, 2 open.", labels: ["target"])

  package let calls = Family(name("provider_calls"), "Calls of providers in progress.", labels: ["provider"])
  package let callsQueued = Family(
    name("provider_calls_queued"), "Calls that wait for one of the provider's connections.", labels: ["provider"])
  package let queueTime = Histogram(
    name("provider_queue_seconds"), "Time that attempts waited for one of the provider's connections.",
    labels: ["target"], bounds: slowBounds)

  // Accounts.
  package let tokens = Family(
    name("tokens_total"), "Tokens by kind; cached_input and cache_write are part of input, reasoning of output.",
    labels: ["tier", "kind"])
  package let cost = Family(name("cost_usd_total"), "Known cost in US dollars.", labels: ["tier", "target"])
  package let unpriced = Family(
    name("unpriced_requests_total"), "Answered requests whose cost is not known.", labels: ["target"])
  package let flagged = Family(
    name("usage_flagged_total"), "Attempts whose count of tokens could not be true.", labels: ["target"])
  package let keySpent = Family(
    name("key_spent_usd"), "What a key with a budget has spent of it by the period: the UTC day or month.",
    labels: ["key", "period"])
  package let keyBudget = Family(
    name("key_budget_usd"), "What a key may spend by the period.", labels: ["key", "period"])
  package let dearestShare = Family(
    name("key_dearest_share"), "Share of a key's last hundred decisions that chose the most expensive tier.",
    labels: ["key"])
  package let dearestAlarm = Family(
    name("key_dearest_alarm"), "Whether a key's share of the most expensive tier has jumped against its own past.",
    labels: ["key"])
  package let feedback = Family(name("feedback_total"), "Outcomes that clients reported.", labels: ["source"])
  package let shadowLabels = Family(
    name("shadow_labels_total"), "Requests drawn for a shadow label, by result: rated, or what was missing.",
    labels: ["result"])
  package let shadowSpent = Family(name("shadow_usd_total"), "What copies and their judge cost, in US dollars.")
  package let shadowRate = Family(
    name("shadow_rate"), "The rate of shadow labels on disagreements that is in force, 0 to 1.")
  package let shadowRuns = Family(
    name("shadow_runs"), "Copies that wait, and that are in progress.", labels: ["state"])
  package let canaryConversations = Family(
    name("canary_conversations"), "Conversations of the canary in progress that are over, by arm.", labels: ["arm"])
  package let canaryDecisions = Family(
    name("canary_decisions_total"), "Canaries that the gateway decided by itself.", labels: ["decision"])
  package let reloads = Family(
    name("reloads_total"), "Reloads of configuration and model by result.", labels: ["result"])

  package let alert = Family(name("alert"), "1 while an alert is raised.", labels: ["alert"])
  package let alerts = Family(
    name("alerts_total"), "Changes of alerts: raised, cleared.", labels: ["alert", "change"])
  package let webhooks = Family(
    name("alert_webhook_total"), "Messages to the webhook of alerts: sent, failed attempts, dropped for good.",
    labels: ["result"])
  package let driftEvidence = Family(
    name("drift_evidence"), "The logarithm of the evidence that a statistic is not what it was, by statistic.",
    labels: ["test"])
  package let driftUnknown = Family(
    name("drift_tests_unknown"), "Tests of drift that are watched and have too little data.")
  package let canaryPrompts = Family(
    name("canary_prompts_total"), "Fixed prompts by target and result: good, bad, failed.",
    labels: ["target", "result"])

  package init() {}

  /// From 25 µs: the gateway's own work.
  static let fastBounds = [
    0.000025, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 1,
  ]
  static let decisionBounds = [0.000001, 0.000002, 0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.001, 0.01]
  static let slowBounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]
}

// Counting.
extension GatewayMetrics {
  /// Counts a request that is over; of one that was no chat, what it took.
  package func record(_ trace: RequestTrace) {
    guard trace.kind == .chat else {
      for attempt in trace.attempts { record(attempt) }
      return recordUse(trace)
    }
    let seconds = trace.latencyMilliseconds / 1000
    countRequest(route: trace.apiFormat.route, status: trace.status, error: trace.errorCode)
    duration[trace.apiFormat.route].observe(seconds)
    overhead[].observe(seconds - trace.upstreamMilliseconds / 1000)
    if let first = trace.firstTokenMilliseconds { firstToken[trace.tier ?? ""].observe(first / 1000) }
    recordDecision(trace)
    for attempt in trace.attempts { record(attempt) }
    recordUse(trace)
  }

  /// Counts a request of any kind. `route` is a template such as `/v1/models`, never the path of a request.
  package func countRequest(route: String, status: Int, error: GatewayError.Code?) {
    requests[route, "\(min(9, max(0, status / 100)))xx"].add()
    if let error { errors[error.rawValue].add() }
  }

  private func recordDecision(_ trace: RequestTrace) {
    let decision = trace.decision
    let tier = decision.tier.flatMap { trace.tierNames.indices.contains($0) ? trace.tierNames[$0] : nil } ?? ""
    decisions[tier, decision.reason.name].add()
    if let would = decision.observed?.tier { observed[trace.tierNames[would], tier].add() }
    decisionTime[].observe(Double(decision.nanoseconds) / 1e9)
    if decision.isFromCache || !decision.probabilities.isEmpty {
      decisionCache[decision.isFromCache ? "hit" : "miss"].add()
    }
    if let answered = trace.tier, !tier.isEmpty, answered != tier { fallbacks[tier, answered].add() }
  }

  private func record(_ attempt: Attempt) {
    attempts[attempt.target, attempt.tier, attempt.failure?.rawValue ?? "ok"].add()
    attemptTime[attempt.target].observe(attempt.latencyMilliseconds / 1000)
    if attempt.queuedMilliseconds > 0 { queueTime[attempt.target].observe(attempt.queuedMilliseconds / 1000) }
    if attempt.usage?.isFlagged == true { flagged[attempt.target].add() }
  }

  private func recordUse(_ trace: RequestTrace) {
    let (tier, target) = (trace.tier ?? "", trace.target ?? "")
    if let usage = trace.usage {
      let counts = [
        ("input", usage.inputTokens), ("output", usage.outputTokens), ("cached_input", usage.cachedInputTokens),
        ("cache_write", usage.cacheWriteTokens), ("reasoning", usage.reasoningTokens),
      ]
      for (kind, count) in counts where count > 0 { tokens[tier, kind].add(Double(count)) }
    }
    if let costUSD = trace.costUSD {
      cost[tier, target].add(max(0, costUSD))
    } else if trace.target != nil {
      unpriced[target].add()
    }
  }
}

// Showing.
extension GatewayMetrics {
  /// What ``exposition(telemetry:spans:)`` is sent as.
  package static var contentType: String { MetricsText.contentType }

  /// The text of `/metrics`.
  package func exposition(telemetry: TelemetryCounters? = nil, spans: SpanCounters? = nil) -> String {
    var text = MetricsText()
    let counters = [
      requests, errors, requestsShed, decisions, observed, decisionCache, fallbacks, attempts, tokens, cost, unpriced,
      flagged, feedback, reloads, connectionsClosed, shadowLabels, shadowSpent, canaryDecisions, alerts, webhooks,
      canaryPrompts,
    ]
    for family in counters { text.append(family, .counter) }
    let gauges = [
      requestsInFlight, requestsQueued, requestBytes, connections, breaker, calls, callsQueued, dearestShare,
      dearestAlarm, keySpent, keyBudget, shadowRate, shadowRuns,
      canaryConversations, alert, driftEvidence, driftUnknown,
    ]
    for family in gauges { text.append(family, .gauge) }
    for family in [duration, overhead, firstToken, decisionTime, attemptTime, queueTime] { text.append(family) }
    if let telemetry { Self.append(telemetry, to: &text) }
    if let spans { Self.append(spans, to: &text) }
    return text.text
  }

  private static func append(_ counters: TelemetryCounters, to text: inout MetricsText) {
    let rows = [
      ("written", "Records written to the database.", counters.written),
      ("dropped", "Records that found no room in the queue.", counters.dropped),
      ("failed", "Records lost with a batch that the database refused.", counters.failed),
      ("deleted", "Requests deleted by retention.", counters.deleted),
    ]
    for (what, help, value) in rows {
      text.append(name("telemetry_\(what)_total"), help, kind: .counter, value: Double(value))
    }
    text.append(
      name("telemetry_queued"), "Records that wait to be written.", kind: .gauge, value: Double(counters.queued))
    text.append(
      name("telemetry_detached"), "1 where the database's file was deleted or replaced while it was open.",
      kind: .gauge,
      value: counters.isDetached ? 1 : 0)
  }

  private static func append(_ counters: SpanCounters, to text: inout MetricsText) {
    let rows = [
      ("sent", "Spans that the collector took.", counters.sent),
      ("dropped", "Spans that found no room in the queue.", counters.dropped),
      ("failed", "Spans that the collector did not take.", counters.failed),
    ]
    for (what, help, value) in rows {
      text.append(name("spans_\(what)_total"), help, kind: .counter, value: Double(value))
    }
  }
}

extension APIFormat {
  /// The route that clients of the API format use.
  package var route: String {
    switch self {
    case .chatCompletions: "/v1/chat/completions"
    case .completions: "/v1/completions"
    case .responses: "/v1/responses"
    case .messages: "/v1/messages"
    case .gemini: "/v1beta/models/{model}:generateContent"
    case .converse: "/model/{model}/converse"
    }
  }
}
