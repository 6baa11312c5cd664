import ChatProtocols
import GRDB
import TextKit

extension TelemetryWriter {
  static let insertRequest = """
    INSERT OR IGNORE INTO requests (id, dataset, request, features, propensity, timestamp) VALUES (?, ?, ?, ?, ?, ?)
    """

  /// Of several answers of a tier the first counts; feedback fills in the quality.
  static let insertOutcome = """
    INSERT OR IGNORE INTO outcomes (request_id, name, cost_usd, output_tokens, latency_ms) VALUES (?, ?, ?, ?, ?)
    """

  /// Only where the request is there: its batch may have been lost, or retention may have passed since.
  static let insertFeedback = """
    INSERT INTO feedback (request_id, quality, source, time)
    SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM decisions WHERE request_id = ?1)
    """

  static let updateQuality = """
    UPDATE outcomes SET quality = ? WHERE request_id = ? AND name =
      (SELECT coalesce(answered_tier, answered_target) FROM decisions WHERE request_id = ?)
    """

  static let addSpend = """
    INSERT INTO spend (key_name, day, requests, unpriced_requests, input_tokens, output_tokens, cost_usd)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key_name, day) DO UPDATE SET
      requests = requests + excluded.requests, unpriced_requests = unpriced_requests + excluded.unpriced_requests,
      input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
      cost_usd = cost_usd + excluded.cost_usd
    """

  static let insertDecision = insert(
    "decisions",
    [
      "request_id", "time", "dialect", "is_stream", "requested_model", "key_name", "policy", "reason", "rules", "tier",
      "target", "probabilities", "gain", "threshold", "propensity", "task", "model_hash", "expected_cost_usd",
      "is_cache_hit", "session", "decision_ns", "answered_tier", "answered_target", "status", "error_code",
      "finish_reason", "ttft_ms", "latency_ms", "upstream_ms", "prompt_bytes", "content_hash",
    ] + usageColumns)

  static let insertAttempt = insert(
    "attempts",
    ["request_id", "position", "target", "tier", "failure", "status", "latency_ms", "ttft_ms"] + usageColumns)

  private static let usageColumns = [
    "input_tokens", "output_tokens", "cached_input_tokens", "cache_write_tokens", "reasoning_tokens", "cost_usd",
  ]

  private static func insert(_ table: String, _ columns: [String]) -> String {
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    return "INSERT OR IGNORE INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
  }

  /// The values of ``insertDecision``.
  static func decision(_ trace: RequestTrace) -> StatementArguments {
    let decision = trace.decision
    let weighed: [(any DatabaseValueConvertible)?] = [
      probabilities(of: trace), decision.gain, decision.threshold, decision.propensity, decision.task?.name,
      decision.modelIdentifier.map(\.hexadecimal), decision.expectedCostUSD,
    ]
    let isWeighed = !decision.probabilities.isEmpty
    let what: [(any DatabaseValueConvertible)?] = [
      trace.id, trace.time, trace.dialect.rawValue, trace.isStream, String(trace.requestedModel.prefix(128)), trace.key,
      decision.policy, decision.reason.name, decision.rules.isEmpty ? nil : array(decision.rules),
      decision.tier.flatMap { trace.tierNames.indices.contains($0) ? trace.tierNames[$0] : nil }, decision.target,
    ]
    let when: [(any DatabaseValueConvertible)?] = [
      decision.isFromCache, decision.session.map(\.hexadecimal), Int64(clamping: decision.nanoseconds), trace.tier,
      trace.target, trace.status, trace.errorCode?.rawValue, trace.finishReason?.name, trace.firstTokenMilliseconds,
      finite(trace.latencyMilliseconds), finite(trace.upstreamMilliseconds), trace.request.textBytes,
      trace.request.contentHash.hexadecimal,
    ]
    let scores = isWeighed ? weighed : [nil, nil, nil, decision.propensity] + weighed[4...]
    return StatementArguments(what + scores + when + usage(trace.usage, trace.costUSD))
  }

  /// The values of ``insertAttempt``.
  static func attempt(_ attempt: Attempt, _ position: Int, of trace: RequestTrace) -> StatementArguments {
    let values: [(any DatabaseValueConvertible)?] = [
      trace.id, position, attempt.target, attempt.tier, attempt.failure?.rawValue, attempt.status,
      finite(attempt.latencyMilliseconds), attempt.firstTokenMilliseconds,
    ]
    return StatementArguments(values + usage(attempt.usage, attempt.costUSD))
  }

  private static func usage(_ usage: TokenUsage?, _ costUSD: Double?) -> [(any DatabaseValueConvertible)?] {
    [
      usage?.inputTokens, usage?.outputTokens, usage?.cachedInputTokens, usage?.cacheWriteTokens,
      usage?.reasoningTokens, costUSD,
    ]
  }
}

// Values as readers of a log accept them.
extension TelemetryWriter {
  /// The probability of the tier in the log; unknown where another tier answered than was drawn.
  static func propensity(of trace: RequestTrace) -> Double? {
    let decision = trace.decision
    guard let tier = decision.tier, trace.tierNames.indices.contains(tier), trace.tierNames[tier] == trace.tier else {
      return nil
    }
    return decision.propensity > 0 && decision.propensity <= 1 ? decision.propensity : nil
  }

  static func timestamp(_ time: Double) -> String? {
    CivilTime.secondsRange.contains(time) ? CivilTime.timestamp(seconds: time) : nil
  }

  static func notNegative(_ value: Double?) -> Double? { value.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil } }

  /// 0 in place of what SQLite would store as NULL.
  private static func finite(_ value: Double) -> Double { value.isFinite ? value : 0 }

  private static func array(_ names: [String]) -> String {
    var text = JSONBuilder()
    text.beginArray()
    for name in names {
      text.beginElement()
      text.append(string: name)
    }
    text.endArray()
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// P(good) by tier as a JSON object.
  private static func probabilities(of trace: RequestTrace) -> String? {
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
