import GRDB
import TextKit

/// A decision of a gateway's database with its result: one row of `decisions`, and what other tables say of its request.
///
/// What an older gateway did not write is `nil`.
package struct GatewayDecision: Sendable {
  /// A rating of a tier's answer, or only its cost where the rating is missing.
  package struct Outcome: Sendable, Hashable {
    package var name: String
    package var quality: Double?
    package var costUSD: Double?
    package var inclusion: Double?
    package var origin: OutcomeOrigin?
  }

  package var id: String
  package var time: Double
  package var conversation: String?
  package var key: String?
  package var task: String?
  package var policy: String
  package var reason: String
  package var rules: [String]
  package var requestedModel: String
  package var tier: String?
  package var answeredTier: String?
  package var target: String?
  package var status: Int
  package var latencyMilliseconds: Double
  package var firstTokenMilliseconds: Double?
  package var decisionNanoseconds: Int
  package var inputTokens: Int?
  package var outputTokens: Int?
  package var costUSD: Double?
  package var bookedUSD: Double?
  package var strongestUSD: Double?
  package var isEligible: Bool?
  package var observedTier: String?
  package var gain: Double?
  package var threshold: Double?
  /// P(good) by tier, cheapest first.
  package var probabilities: [(tier: String, value: Double)]
  package var attempts: Int
  /// Attempts whose answers were thrown away, their dollars, and attempts that failed.
  package var rejected: Int
  package var rejectedUSD: Double
  package var failed: Int
  /// Of the attempt that answered.
  package var answerInputTokens: Int?
  package var answerOutputTokens: Int?
  package var answerUSD: Double?
  /// Whether it was drawn to be rated; why a rating is missing; what that took.
  package var isDrawn: Bool
  package var missing: String?
  package var labelUSD: Double
  package var judgeUSD: Double
  package var outcomes: [Outcome] = []
  package var feedback: Double?
  package var hasText: Bool
}

extension GatewayDecision {
  /// The columns that a query gives, with what stands in for those that a file does not have.
  static func columns(_ schema: GatewaySchema) -> String {
    let own = [
      "request_id", "time", "key_name", "policy", "reason", "rules", "requested_model", "tier", "target",
      "probabilities",
      "gain", "threshold", "task", "decision_ns", "answered_tier", "answered_target", "status", "ttft_ms", "latency_ms",
      "input_tokens", "output_tokens", "cost_usd", "booked_usd", "strongest_usd", "conversation", "eligible",
      "observed_tier",
    ].map { schema.decisions.contains($0) ? "d.\($0) AS \($0)" : "NULL AS \($0)" }
    let labels =
      schema.tables.contains("labels")
      ? ["l.request_id AS drawn", "l.missing AS missing", "l.cost_usd AS label_usd", "l.judge_usd AS judge_usd"]
      : ["NULL AS drawn", "NULL AS missing", "NULL AS label_usd", "NULL AS judge_usd"]
    let text = "EXISTS (SELECT 1 FROM requests r WHERE r.id = d.request_id AND r.request IS NOT NULL) AS has_text"
    return (own + labels + [text]).joined(separator: ", ")
  }

  init(_ row: Row) {
    id = row["request_id"]
    time = row["time"]
    (conversation, key, task) = (row["conversation"], row["key_name"], row["task"])
    (policy, reason, requestedModel) = (row["policy"], row["reason"], row["requested_model"])
    rules = Self.names(row["rules"])
    (tier, answeredTier, target) = (row["tier"], row["answered_tier"], row["answered_target"])
    status = row["status"]
    (latencyMilliseconds, firstTokenMilliseconds) = (row["latency_ms"], row["ttft_ms"])
    decisionNanoseconds = row["decision_ns"]
    (inputTokens, outputTokens) = (row["input_tokens"], row["output_tokens"])
    (costUSD, bookedUSD, strongestUSD) = (row["cost_usd"], row["booked_usd"], row["strongest_usd"])
    (isEligible, observedTier) = (row["eligible"], row["observed_tier"])
    (gain, threshold) = (row["gain"], row["threshold"])
    probabilities = Self.numbers(row["probabilities"])
    (attempts, rejected, rejectedUSD, failed) = (0, 0, 0, 0)
    let drawn: String? = row["drawn"]
    isDrawn = drawn != nil
    missing = row["missing"]
    (labelUSD, judgeUSD) = (row["label_usd"] ?? 0, row["judge_usd"] ?? 0)
    hasText = row["has_text"]
  }

  private static func names(_ text: String?) -> [String] {
    text.flatMap { try? JSONParser.parse(Array($0.utf8)) }?.elements?.compactMap(\.string) ?? []
  }

  /// The numbers of an object in their order.
  static func numbers(_ text: String?) -> [(tier: String, value: Double)] {
    let members = text.flatMap { try? JSONParser.parse(Array($0.utf8)) }?.members ?? []
    return members.compactMap { member in member.value.number.map { (member.key, $0) } }
  }

  /// Adds what was tried.
  mutating func add(attempt row: Row) {
    attempts += 1
    let failure: String? = row["failure"]
    switch failure {
    case "rejected":
      rejected += 1
      rejectedUSD += row["cost_usd"] ?? 0
    case nil:
      guard row["target"] == target, row["tier"] == (answeredTier ?? ""), answerUSD == nil else { return }
      (answerInputTokens, answerOutputTokens) = (row["input_tokens"], row["output_tokens"])
      answerUSD = row["cost_usd"]
    default: failed += 1
    }
  }
}
