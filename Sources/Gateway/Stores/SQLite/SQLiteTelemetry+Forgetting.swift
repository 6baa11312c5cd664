import GRDB

/// Forgetting in SQLite. What is deleted is overwritten where the connection says so: see ``SQLiteFile``.
extension SQLiteTelemetry {
  /// The requests of the conversation that a name or one of its requests shows. Older gateways noted only conversations that
  /// they followed, as `session`.
  private static let conversation = """
    WITH named AS (
      SELECT ?1 AS name UNION SELECT conversation FROM decisions WHERE request_id = ?1
      UNION SELECT session FROM decisions WHERE request_id = ?1)
    SELECT request_id FROM decisions
    WHERE request_id = ?1 OR conversation IN (SELECT name FROM named) OR session IN (SELECT name FROM named)
    """

  static func forget(_ subject: ForgottenSubject, limit: Int, in database: Database) throws -> Int {
    switch subject {
    case .conversation(let name):
      // Reported once, before the request that reports it is gone.
      let ids = try String.fetchAll(database, sql: conversation, arguments: [name])
      var count = 0
      for id in ids {
        try removeFromCells(requests: "?", arguments: [id], in: database)
        count += try delete(requests: "?", arguments: [id], from: database)
      }
      return count
    case .key(let name, let keepsBudget):
      let own = "SELECT request_id FROM decisions WHERE key_name = ? ORDER BY time, request_id LIMIT ?"
      try removeFromCells(requests: own, arguments: [name, limit], in: database)
      let count = try delete(requests: own, arguments: [name, limit], from: database)
      if count < limit { try forgetSpending(of: name, keepsBudget: keepsBudget, in: database) }
      return count
    }
  }

  /// What was spent stays, as no one's; what budgets count goes with a key that is no longer in use.
  private static func forgetSpending(of name: String, keepsBudget: Bool, in database: Database) throws {
    let columns = "day, requests, unpriced_requests, input_tokens, output_tokens, cost_usd, booked_usd"
    try database.execute(
      sql: """
        INSERT INTO spend (key_name, \(columns)) SELECT '', \(columns) FROM spend WHERE key_name = ?
        ON CONFLICT (key_name, day) DO UPDATE SET
          requests = requests + excluded.requests, unpriced_requests = unpriced_requests + excluded.unpriced_requests,
          input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
          cost_usd = cost_usd + excluded.cost_usd,
          booked_usd = coalesce(booked_usd, cost_usd) + coalesce(excluded.booked_usd, excluded.cost_usd)
        """, arguments: [name])
    try database.execute(sql: "DELETE FROM spend WHERE key_name = ?", arguments: [name])
    try forgetKeyOfCells(name, in: database)
    if !keepsBudget { try database.execute(sql: "DELETE FROM ledger WHERE key_name = ?", arguments: [name]) }
  }
}
