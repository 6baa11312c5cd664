import Evaluation
import GRDB
import TextKit

/// Reads requests as an audit sees them, whichever rows they stand in.
///
/// Also where the cells are told what to add: the same request is always the same ``TrafficRow``. A request that nothing was asked for
/// and nothing booked took nothing; of any other without a cost no one knows it.
struct TrafficReader {
  /// How much is read of each request.
  enum Depth: Sendable, Hashable {
    /// What cells need.
    case sums
    /// Rules and probabilities too.
    case whole
  }

  let depth: Depth

  private static let select = """
    SELECT decisions.request_id, decisions.time, decisions.conversation, decisions.key_name, decisions.task,
      decisions.policy, decisions.reason, decisions.rules, decisions.requested_model, decisions.tier,
      decisions.answered_tier, decisions.answered_target, decisions.status, decisions.latency_ms, decisions.ttft_ms,
      decisions.decision_ns, decisions.input_tokens, decisions.output_tokens,
      coalesce(decisions.cost_usd, CASE WHEN decisions.answered_target IS NULL AND decisions.booked_usd = 0 THEN 0 END)
        AS cost_usd,
      decisions.strongest_usd, decisions.cheapest_usd, decisions.tier_usd, decisions.observed_tier,
      decisions.begins_conversation, decisions.eligible, decisions.gain, decisions.threshold, decisions.probabilities,
      (SELECT count(*) FROM attempts WHERE attempts.request_id = decisions.request_id) AS attempts,
      (SELECT count(*) FROM attempts WHERE attempts.request_id = decisions.request_id AND failure = 'rejected')
        AS rejected,
      (SELECT total(attempts.cost_usd) FROM attempts
        WHERE attempts.request_id = decisions.request_id AND failure = 'rejected') AS rejected_usd,
      (SELECT count(*) FROM attempts WHERE attempts.request_id = decisions.request_id AND failure <> 'rejected')
        AS failed_attempts,
      labels.request_id IS NOT NULL AS is_drawn, labels.missing, labels.cost_usd AS label_usd, labels.judge_usd,
      (SELECT quality FROM feedback WHERE feedback.request_id = decisions.request_id ORDER BY id DESC LIMIT 1)
        AS feedback,
      (SELECT request IS NOT NULL FROM requests WHERE requests.id = decisions.request_id) AS has_text
    FROM decisions LEFT JOIN labels ON labels.request_id = decisions.request_id
    """

  private static let selectLabels = """
    SELECT name, quality, cost_usd, inclusion, origin FROM outcomes
    WHERE request_id = ? AND inclusion IS NOT NULL AND inclusion > 0 ORDER BY rowid
    """

  /// The requests that the rest of a statement picks, which follows `FROM decisions LEFT JOIN labels`.
  func rows(
    _ rest: String, _ arguments: StatementArguments = StatementArguments(), in database: Database
  ) throws -> [TrafficRow] {
    var rows: [TrafficRow] = []
    try forEach(rest, arguments, in: database) { rows.append($0) }
    return rows
  }

  func row(_ id: String, in database: Database) throws -> TrafficRow? {
    try rows("WHERE decisions.request_id = ?", [id], in: database).first
  }

  func forEach(
    _ rest: String, _ arguments: StatementArguments, in database: Database, body: (TrafficRow) throws -> Void
  ) throws {
    let statement = try database.cachedStatement(sql: "\(Self.select) \(rest)")
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    while let row = try rows.next() { try body(try traffic(row, in: database)) }
  }

  private func traffic(_ row: Row, in database: Database) throws -> TrafficRow {
    let status: Int = row["status"]
    var traffic = TrafficRow(
      id: row["request_id"], time: row["time"], conversation: row["conversation"], key: row["key_name"],
      task: row["task"], policy: row["policy"], reason: row["reason"], requestedModel: row["requested_model"],
      tier: row["tier"], answeredTier: row["answered_tier"], target: row["answered_target"], status: status,
      isFailure: RequestTrace.isFailure(status))
    setWork(row, of: &traffic)
    traffic.observedTier = row["observed_tier"]
    traffic.beginsConversation = row["begins_conversation"] ?? false
    traffic.isEligible = row["eligible"]
    (traffic.gain, traffic.threshold) = (row["gain"], row["threshold"])
    traffic.feedback = row["feedback"]
    traffic.hasText = row["has_text"] ?? false
    if depth == .whole {
      traffic.rules = Self.names(row["rules"])
      traffic.probabilities = Self.numbers(row["probabilities"])
    }
    traffic.isDrawn = row["is_drawn"]
    if traffic.isDrawn { try setLabels(row, of: &traffic, in: database) }
    if depth == .whole || traffic.isDrawn { traffic.tierUSD = Self.numbers(row["tier_usd"]) }
    return traffic
  }

  private func setWork(_ row: Row, of traffic: inout TrafficRow) {
    traffic.latencyMilliseconds = row["latency_ms"]
    traffic.firstTokenMilliseconds = row["ttft_ms"]
    traffic.decisionNanoseconds = row["decision_ns"]
    (traffic.inputTokens, traffic.outputTokens) = (row["input_tokens"], row["output_tokens"])
    (traffic.costUSD, traffic.strongestUSD) = (row["cost_usd"], row["strongest_usd"])
    traffic.cheapestUSD = row["cheapest_usd"]
    traffic.attempts = row["attempts"]
    traffic.rejectedUSD = row["rejected_usd"]
    let (rejected, failed): (Int, Int) = (row["rejected"], row["failed_attempts"])
    traffic.isEscalated = rejected > 0
    traffic.isFallback = failed > 0
  }

  private func setLabels(_ row: Row, of traffic: inout TrafficRow, in database: Database) throws {
    let missing: String? = row["missing"]
    traffic.isLabelMissing = missing != nil
    (traffic.labelUSD, traffic.judgeUSD) = (row["label_usd"] ?? 0, row["judge_usd"] ?? 0)
    let statement = try database.cachedStatement(sql: Self.selectLabels)
    let outcomes = try Row.fetchAll(statement, arguments: [traffic.id])
    let isAudit = outcomes.contains { $0["origin"] == ShadowLabel.Origin.audit.rawValue }
    traffic.labels = outcomes.map { outcome in
      let tier: String = outcome["name"]
      let isServed = tier == traffic.answeredTier
      return TrafficLabel(
        tier: tier, quality: outcome["quality"], inclusion: outcome["inclusion"],
        isUniform: isAudit,
        costUSD: isServed ? nil : outcome["cost_usd"])
    }
  }

  /// A JSON object's numbers by name.
  static func numbers(_ text: String?) -> [String: Double] {
    guard let text, let members = (try? JSONParser.parse(Array(text.utf8)))?.members else { return [:] }
    return Dictionary(members.compactMap { member in member.value.number.map { (member.key, $0) } }) { $1 }
  }

  private static func names(_ text: String?) -> [String] {
    guard let text, let elements = (try? JSONParser.parse(Array(text.utf8)))?.elements else { return [] }
    return elements.compactMap(\.string)
  }
}
