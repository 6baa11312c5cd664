import ChatProtocols
import Ockham
import RequestLog
import TextKit

/// The rows of one request: what every kind of store writes, column by column.
struct TelemetryRecord: Sendable {
  var id: String

  /// When the request came, in seconds since 1970: what retention goes by.
  var time: Double

  /// The name of the outcome that feedback rates: the tier that answered, or the target where it stands outside the
  /// tiers.
  var answeredName: String?

  /// Of the table `decisions`.
  var decision: TelemetryRow

  /// Of `policies`: what decided; `nil` for what is no chat.
  var policy: TelemetryRow?

  /// Of `attempts`, in order.
  var attempts: [TelemetryRow] = []

  /// Of `canary_turns`; `nil` for a request that is no canary's.
  var canaryTurn: TelemetryRow?

  /// Of `experiment_turns`, one for each experiment that the request is in.
  var experimentTurns: [TelemetryRow] = []

  /// Of `requests`; `nil` where nothing is kept that could be trained on.
  var request: TelemetryRow?

  /// Of `outcomes`; of several of one name the first counts.
  var outcomes: [TelemetryRow] = []
}

/// Makes records of traces. Belongs to one thread: it keeps buffers.
struct TelemetryRecordMaker {
  private var encoder = RecordEncoder()
  private var extraction: (extractor: ResponseExtractor, request: FeatureVector, response: ResponseVector)?

  mutating func record(of trace: RequestTrace, _ settings: TelemetrySettings) -> TelemetryRecord {
    var record = TelemetryRecord(
      id: trace.id, time: trace.time, answeredName: trace.outcomeName, decision: .decision(trace))
    record.policy = trace.decision.identity.map { .policy($0, at: trace.time) }
    record.attempts = trace.attempts.enumerated().map { .attempt($1, $0, of: trace) }
    record.canaryTurn = LoggedCanaryTurn.row(of: trace)
    record.experimentTurns = LoggedExperimentTurn.rows(of: trace)
    guard settings.prompts != .none, trace.kind == .chat else { return record }
    record.request = request(of: trace, settings)
    record.outcomes = Self.outcomes(of: trace)
    keepAnswers(of: trace, settings, in: &record.outcomes)
    return record
  }

  /// Adds to outcomes what answered, where it was looked at: features, and with prompts in full the first of the answers too.
  private mutating func keepAnswers(
    of trace: RequestTrace, _ settings: TelemetrySettings, in outcomes: inout [TelemetryRow]
  ) {
    for place in outcomes.indices {
      let seen = trace.answers.last { outcomes[place]["name"].text == $0.name }
      let choice = seen?.responses.first
      outcomes[place].set(
        "answer", settings.prompts == .full ? TelemetryValue(choice?.answer.json) : .null)
      outcomes[place].set(
        "response_features",
        choice.map { .bytes(features(of: $0.response, to: trace.request, settings.featureOptions)) } ?? .null)
    }
  }

  private mutating func request(of trace: RequestTrace, _ settings: TelemetrySettings) -> TelemetryRow {
    var row = TelemetryRow(capacity: 12)
    row.set("id", TelemetryValue(trace.id))
    row.set("dataset", TelemetryValue(trace.key))
    row.set("request", settings.prompts == .full ? .text(encoder.object(for: trace.request)) : .null)
    row.set(
      "features",
      settings.prompts == .features ? .bytes(features(of: trace.request, settings.featureOptions)) : .null)
    row.set("propensity", TelemetryValue(trace.loggedPropensity))
    row.set("timestamp", TelemetryValue(Self.timestamp(trace.time)))
    row.setDraw(trace)
    return row
  }

  private mutating func features(of request: Request, _ options: FeatureOptions) -> [UInt8] {
    prepare(options)
    guard let extractor = extraction?.extractor.extractor else { return [] }
    return StoredFeatures(request, extractor, using: &extraction!.request).bytes
  }

  private mutating func features(of response: Response, to request: Request, _ options: FeatureOptions) -> [UInt8] {
    prepare(options)
    guard let extractor = extraction?.extractor else { return [] }
    extractor.extractor.extract(request, into: &extraction!.request)
    return StoredResponse(response, to: extraction!.request, extractor, using: &extraction!.response).bytes
  }

  private mutating func prepare(_ options: FeatureOptions) {
    guard extraction?.extractor.extractor.options != options else { return }
    let extractor = ResponseExtractor(FeatureExtractor(options: options))
    extraction = (extractor, extractor.extractor.makeVector(), extractor.makeVector())
  }

  /// The tier that answered, with what its answer took; and tiers whose answers did not pass a cascade's check.
  private static func outcomes(of trace: RequestTrace) -> [TelemetryRow] {
    let own = trace.attempts.filter { !$0.isJudge && !$0.outcomeName.isEmpty }
    var rows = (own.filter { $0.failure == nil } + own.filter { $0.failure == .rejected }).map {
      TelemetryRow.outcome($0.outcomeName, of: trace.id, $0.costUSD, $0.usage, $0.latencyMilliseconds)
    }
    if let name = trace.outcomeName {
      rows.append(.outcome(name, of: trace.id, trace.costUSD, trace.usage, trace.latencyMilliseconds))
      for index in rows.indices where rows[index]["name"].text == name { rows[index]["origin"] = .text("served") }
    }
    return rows
  }

  private static func timestamp(_ time: Double) -> String? {
    CivilTime.secondsRange.contains(time) ? CivilTime.timestamp(seconds: time) : nil
  }
}

extension TelemetryRow {
  static func decision(_ trace: RequestTrace) -> TelemetryRow {
    var row = TelemetryRow(capacity: 51)
    row.setAsked(trace)
    row.setWeighed(trace)
    row.setAnswered(trace)
    row.set("prompt_bytes", TelemetryValue(trace.request.textBytes))
    row.set("content_hash", TelemetryValue(trace.request.contentHash.hexadecimal))
    row.set(trace.usage, trace.costUSD)
    row.set("booked_usd", TelemetryValue(trace.bookedUSD))
    let references = trace.referenceCosts
    row.set("strongest_usd", TelemetryValue(references.last?.costUSD))
    row.set("cheapest_usd", TelemetryValue(references.first?.costUSD))
    row.set("tier_usd", references.isEmpty ? .null : .text(Self.object(of: references)))
    return row
  }

  /// What was asked, and what was decided.
  private mutating func setAsked(_ trace: RequestTrace) {
    let decision = trace.decision
    set("request_id", TelemetryValue(trace.id))
    set("time", TelemetryValue(trace.time))
    set("dialect", TelemetryValue(trace.kind == .chat ? trace.apiFormat.rawValue : trace.kind.rawValue))
    set("is_stream", TelemetryValue(trace.isStream))
    set("requested_model", TelemetryValue(String(trace.requestedModel.prefix(128))))
    set("key_name", TelemetryValue(trace.key))
    set("policy", TelemetryValue(decision.policy))
    set("reason", TelemetryValue(decision.reason.name))
    set("rules", TelemetryValue(decision.rules.isEmpty ? nil : Self.array(decision.rules)))
    set("tier", TelemetryValue(trace.decidedTier))
    set("target", TelemetryValue(decision.target))
    set("conversation", TelemetryValue(decision.conversation?.hexadecimal))
    set("policy_hash", TelemetryValue(decision.identity?.hash.hexadecimal))
    set("eligible", TelemetryValue(decision.isEligible))
    set("observed_tier", TelemetryValue(decision.observed.flatMap { trace.tierName($0.tier) }))
    set("observed_reason", TelemetryValue(decision.observed?.reason.name))
    set("begins_conversation", trace.kind == .chat ? TelemetryValue(trace.beginsConversation) : .null)
  }

  /// What was weighed: the scores only where there were any.
  private mutating func setWeighed(_ trace: RequestTrace) {
    let decision = trace.decision
    let isWeighed = !decision.probabilities.isEmpty
    set("probabilities", isWeighed ? .text(Self.probabilities(of: trace)) : .null)
    set("gain", isWeighed ? TelemetryValue(Double(decision.gain)) : .null)
    set("threshold", isWeighed ? TelemetryValue(Double(decision.threshold)) : .null)
    set("propensity", TelemetryValue(decision.propensity))
    set("task", TelemetryValue(decision.task?.name))
    set("model_hash", TelemetryValue(decision.modelIdentifier?.hexadecimal))
    set("expected_cost_usd", TelemetryValue(decision.expectedCostUSD))
    set("is_cache_hit", TelemetryValue(decision.isFromCache))
    set("session", TelemetryValue(decision.session?.hexadecimal))
    set("decision_ns", .integer(Int64(clamping: decision.nanoseconds)))
  }

  /// How it went.
  private mutating func setAnswered(_ trace: RequestTrace) {
    set("answered_tier", TelemetryValue(trace.tier))
    set("answered_target", TelemetryValue(trace.target))
    set("status", TelemetryValue(trace.status))
    set("error_code", TelemetryValue(trace.errorCode?.rawValue))
    set("finish_reason", TelemetryValue(trace.finishReason?.name))
    set("ttft_ms", TelemetryValue(trace.firstTokenMilliseconds))
    set("latency_ms", .real(Self.finite(trace.latencyMilliseconds)))
    set("upstream_ms", .real(Self.finite(trace.upstreamMilliseconds)))
  }

  private mutating func set(_ usage: TokenUsage?, _ costUSD: Double?) {
    set("input_tokens", TelemetryValue(usage?.inputTokens))
    set("output_tokens", TelemetryValue(usage?.outputTokens))
    set("cached_input_tokens", TelemetryValue(usage?.cachedInputTokens))
    set("cache_write_tokens", TelemetryValue(usage?.cacheWriteTokens))
    set("reasoning_tokens", TelemetryValue(usage?.reasoningTokens))
    set("cost_usd", TelemetryValue(costUSD))
    set("usage_flagged", usage.map { .integer($0.isFlagged ? 1 : 0) } ?? .null)
  }

  fileprivate static func attempt(_ attempt: Attempt, _ position: Int, of trace: RequestTrace) -> TelemetryRow {
    var row = TelemetryRow(capacity: 16)
    row.set("request_id", TelemetryValue(trace.id))
    row.set("position", TelemetryValue(position))
    row.set("target", TelemetryValue(attempt.target))
    row.set("tier", TelemetryValue(attempt.tier))
    row.set("failure", TelemetryValue(attempt.failure?.rawValue))
    row.set("status", TelemetryValue(attempt.status))
    row.set("latency_ms", .real(finite(attempt.latencyMilliseconds)))
    row.set("ttft_ms", TelemetryValue(attempt.firstTokenMilliseconds))
    row.set(attempt.usage, attempt.costUSD)
    row.set("assumed_usd", TelemetryValue(attempt.assumedCostUSD))
    return row
  }

  fileprivate static func outcome(
    _ name: String, of id: String, _ costUSD: Double?, _ usage: TokenUsage?, _ latencyMilliseconds: Double
  ) -> TelemetryRow {
    var row = TelemetryRow(capacity: 8)
    row.set("request_id", TelemetryValue(id))
    row.set("name", TelemetryValue(name))
    row.set("cost_usd", TelemetryValue(notNegative(costUSD)))
    row.set("output_tokens", TelemetryValue(usage.map { max(0, $0.outputTokens) }))
    row.set("latency_ms", TelemetryValue(notNegative(latencyMilliseconds)))
    return row
  }
}

// Values as readers of a log accept them.
extension TelemetryRow {
  private static func notNegative(_ value: Double?) -> Double? { value.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil } }

  /// 0 in place of what is no number: the column must have one.
  private static func finite(_ value: Double) -> Double { value.isFinite ? value : 0 }

  /// What the tiers would have cost as a JSON object, cheapest first; what is not known is null.
  fileprivate static func object(of references: [(tier: String, costUSD: Double?)]) -> String {
    var text = JSONBuilder()
    text.beginObject()
    for (tier, cost) in references {
      text.append(key: tier)
      text.append(raw: cost.flatMap { $0.isFinite ? $0.description : nil } ?? "null")
    }
    text.endObject()
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// P(good) by tier as a JSON object.
  private static func probabilities(of trace: RequestTrace) -> String {
    var text = JSONBuilder()
    text.beginObject()
    for (name, probability) in zip(trace.tierNames, trace.decision.probabilities) where probability.isFinite {
      text.append(key: name)
      text.append(raw: probability.description)
    }
    text.endObject()
    return String(decoding: text.bytes, as: UTF8.self)
  }
}

extension RequestTrace {
  /// The outcome's name in the log: the tier that answered, or the target where it stands outside the tiers.
  var outcomeName: String? { tier ?? target }

  func tierName(_ tier: Int) -> String? { tierNames.indices.contains(tier) ? tierNames[tier] : nil }

  /// The name of the tier that was decided for.
  var decidedTier: String? { decision.tier.flatMap(tierName) }

  /// Whether no answer stands in the request yet.
  fileprivate var beginsConversation: Bool { !request.segments.contains { $0.role == .assistant } }

  /// The probability of the tier in the log; unknown where another tier answered than was drawn.
  fileprivate var loggedPropensity: Double? {
    guard let decidedTier, decidedTier == tier else { return nil }
    return decision.propensity > 0 && decision.propensity <= 1 ? decision.propensity : nil
  }
}

extension Attempt {
  fileprivate var outcomeName: String { tier.isEmpty ? target : tier }
}

extension FinishReason {
  /// The name in logs and spans: OpenAI's.
  var name: String {
    switch self {
    case .stop: "stop"
    case .length: "length"
    case .toolCalls: "tool_calls"
    case .contentFilter: "content_filter"
    case .other(let name): String(name.prefix(64))
    }
  }
}
