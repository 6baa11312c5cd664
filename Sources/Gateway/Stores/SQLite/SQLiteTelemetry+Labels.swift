import GRDB

/// Labels in SQLite.
extension SQLiteTelemetry {
  /// Only where the request is there; the last label of a request counts.
  private static let insertLabel = """
    INSERT INTO labels (request_id, label_rate, audit_rate, cost_usd, judge_usd, unpriced, missing)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM decisions WHERE request_id = ?1)
    ON CONFLICT (request_id) DO UPDATE SET label_rate = excluded.label_rate, audit_rate = excluded.audit_rate,
      cost_usd = excluded.cost_usd, judge_usd = excluded.judge_usd, unpriced = excluded.unpriced,
      missing = excluded.missing
    """

  /// What is known stays where the new row does not say, but for the quality: a rating that is missing is missing.
  private static let insertOutcome = """
    INSERT INTO outcomes (
      request_id, name, quality, cost_usd, output_tokens, latency_ms, inclusion, origin, answer)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE EXISTS (SELECT 1 FROM requests WHERE id = ?1)
    ON CONFLICT (request_id, name) DO UPDATE SET quality = excluded.quality,
      cost_usd = coalesce(excluded.cost_usd, cost_usd), output_tokens = coalesce(excluded.output_tokens, output_tokens),
      latency_ms = coalesce(excluded.latency_ms, latency_ms), inclusion = excluded.inclusion, origin = excluded.origin,
      answer = coalesce(excluded.answer, answer)
    """

  private static let updateServed = """
    UPDATE outcomes SET quality = ?, inclusion = ?, origin = 'served' WHERE request_id = ? AND name =
      (SELECT coalesce(answered_tier, answered_target) FROM decisions WHERE request_id = ?)
    """

  private static let judgeTurn = """
    UPDATE canary_turns SET comparison = ?, inclusion = ?, served_less_other = ?
    WHERE request_id = ? AND other_tier = ? AND comparison <> 'agreement'
    """

  static func write(_ label: ShadowLabel, into database: Database) throws {
    try database.cachedStatement(sql: insertLabel).execute(arguments: TelemetryRow.label(label).arguments)
    guard database.changesCount > 0 else { return }
    for verdict in LoggedCanaryTurn.Verdict.all(of: label) {
      try database.cachedStatement(sql: judgeTurn).execute(arguments: [
        verdict.comparison, verdict.inclusion, verdict.servedLessOther, label.requestID, verdict.otherTier,
      ])
    }
    if let quality = label.auditedQuality {
      try database.cachedStatement(sql: "UPDATE experiment_turns SET quality = ? WHERE request_id = ?")
        .execute(arguments: [quality, label.requestID])
    }
    try database.cachedStatement(sql: "UPDATE requests SET label_rate = ?, audit_rate = ? WHERE id = ?")
      .execute(arguments: [label.labelRate, label.auditRate, label.requestID])
    let statement = try database.cachedStatement(sql: insertOutcome)
    for outcome in label.outcomes {
      try statement.execute(arguments: TelemetryRow.outcome(outcome, of: label.requestID).arguments)
    }
    try database.cachedStatement(sql: updateServed).execute(arguments: [
      label.servedQuality, label.servedInclusion, label.requestID, label.requestID,
    ])
  }

  static func labelSpending(since time: Double, in database: Database) throws -> LabelSpending {
    let sql = """
      SELECT count(*) AS labels, total(labels.cost_usd) AS cost_usd, total(judge_usd) AS judge_usd,
        coalesce(sum(unpriced), 0) AS unpriced
      FROM decisions JOIN labels USING (request_id) WHERE time >= ?
      """
    var spending = LabelSpending()
    guard let row = try Row.fetchOne(database, sql: sql, arguments: [time]) else { return spending }
    spending.labels = row["labels"]
    spending.costUSD = row["cost_usd"]
    spending.judgeUSD = row["judge_usd"]
    spending.unpriced = row["unpriced"]
    return spending
  }
}
