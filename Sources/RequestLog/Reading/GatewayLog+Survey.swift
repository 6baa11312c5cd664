import GRDB

extension GatewayLog {
  /// What a gateway's database holds, told without a look at each request.
  package struct Survey: Sendable {
    /// The times of the first and the last request; `nil` where there is none.
    package var times: ClosedRange<Double>?
    package var requests: Int
    /// The tiers as the newest weighed request has them, cheapest first; empty where none was weighed.
    package var weighedTiers: [String]
    /// The names of all tiers that decided or answered.
    package var tiers: [String]
    package var tokens: [TokenSums]
    /// Whether rows of requests are kept, and with their texts.
    package var keepsRequests: Bool
    package var keepsTexts: Bool
    package var drawn: Int
  }

  /// Sums over attempts of one target that were paid in full, from which its prices follow.
  package struct TokenSums: Sendable, Hashable {
    package var tier: String
    package var target: String
    package var count: Int
    /// Σx², Σxy, Σy², Σxc, Σyc, Σc² of input tokens x, output tokens y, dollars c.
    package var inputSquare: Double
    package var product: Double
    package var outputSquare: Double
    package var inputCost: Double
    package var outputCost: Double
    package var costSquare: Double
  }

  package func survey() throws(LogError) -> Survey {
    try read { database in
      let times = try Row.fetchOne(database, sql: "SELECT min(time) AS first, max(time) AS last FROM decisions")
      let first: Double? = times?["first"]
      let last: Double? = times?["last"]
      let weighed = try String.fetchOne(
        database,
        sql: "SELECT probabilities FROM decisions WHERE probabilities IS NOT NULL ORDER BY time DESC LIMIT 1")
      return Survey(
        times: first.flatMap { first in last.map { first...$0 } },
        requests: try Int.fetchOne(database, sql: "SELECT count(*) FROM decisions") ?? 0,
        weighedTiers: GatewayDecision.numbers(weighed).map(\.tier), tiers: try tierNames(database),
        tokens: try tokens(database), keepsRequests: try exists("SELECT 1 FROM requests", database),
        keepsTexts: try exists("SELECT 1 FROM requests WHERE request IS NOT NULL", database),
        drawn: has("labels") ? try Int.fetchOne(database, sql: "SELECT count(*) FROM labels") ?? 0 : 0)
    }
  }

  private func exists(_ query: String, _ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: query + " LIMIT 1") != nil
  }

  private func tierNames(_ database: Database) throws -> [String] {
    try String.fetchAll(
      database,
      sql: """
        SELECT tier FROM decisions WHERE tier IS NOT NULL
        UNION SELECT answered_tier FROM decisions WHERE answered_tier IS NOT NULL ORDER BY 1
        """)
  }

  /// Answers that came out of a cache in part had another price.
  private func tokens(_ database: Database) throws -> [TokenSums] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT tier, target, count(*) AS count,
          total(1.0 * input_tokens * input_tokens) AS xx, total(1.0 * input_tokens * output_tokens) AS xy,
          total(1.0 * output_tokens * output_tokens) AS yy, total(input_tokens * cost_usd) AS xc,
          total(output_tokens * cost_usd) AS yc, total(cost_usd * cost_usd) AS cc
        FROM attempts
        WHERE tier <> '' AND cost_usd IS NOT NULL AND input_tokens IS NOT NULL AND output_tokens IS NOT NULL
          AND coalesce(cached_input_tokens, 0) = 0 AND coalesce(cache_write_tokens, 0) = 0
        GROUP BY tier, target ORDER BY tier, count(*) DESC, target
        """
    ).map { row in
      TokenSums(
        tier: row["tier"], target: row["target"], count: row["count"], inputSquare: row["xx"], product: row["xy"],
        outputSquare: row["yy"], inputCost: row["xc"], outputCost: row["yc"], costSquare: row["cc"])
    }
  }
}

// What runs beside single requests.
extension GatewayLog {
  /// One arm of an experiment, or of a canary, added up.
  package struct Arm: Sendable {
    package var experiment: String
    package var arm: String
    package var requests: Int
    package var conversations: Int
    package var failures: Int
    package var priced: Int
    package var costUSD: Double
    package var meanLatencyMilliseconds: Double?
    package var rated: Int
    package var meanQuality: Double?
  }

  /// An alert that is raised.
  package struct RaisedAlert: Sendable {
    package var name: String
    package var cause: String
    package var remedy: String
    package var time: Double
  }

  /// The arms of a period; `nil` where the database is older than experiments.
  package func arms(in period: Range<Double>) throws(LogError) -> [Arm]? {
    guard has("experiment_turns"), has("canary_turns") else { return nil }
    let sums = """
      count(*) AS requests, count(DISTINCT conversation) AS conversations, total(failed) AS failures,
      count(cost_usd) AS priced, total(cost_usd) AS cost_usd, avg(latency_ms) AS latency_ms
      """
    return try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT 'canary ' || canary AS experiment, iif(is_candidate, 'candidate', 'incumbent') AS arm, \(sums),
            0 AS rated, NULL AS quality
          FROM canary_turns WHERE time >= ?1 AND time < ?2 GROUP BY 1, 2
          UNION ALL
          SELECT experiment, arm, \(sums), count(quality), avg(quality)
          FROM experiment_turns WHERE time >= ?1 AND time < ?2 GROUP BY 1, 2 ORDER BY 1, 2
          """, arguments: [period.lowerBound, period.upperBound]
      ).map { row in
        let failures: Double = row["failures"]
        return Arm(
          experiment: row["experiment"], arm: row["arm"], requests: row["requests"],
          conversations: row["conversations"],
          failures: Int(failures), priced: row["priced"], costUSD: row["cost_usd"],
          meanLatencyMilliseconds: row["latency_ms"], rated: row["rated"], meanQuality: row["quality"])
      }
    }
  }

  /// What is raised now; `nil` where the database is older than alerts.
  package func alerts() throws(LogError) -> [RaisedAlert]? {
    guard has("alerts") else { return nil }
    return try read { database in
      try Row.fetchAll(database, sql: "SELECT name, cause, remedy, time FROM alerts ORDER BY time, name").map { row in
        RaisedAlert(name: row["name"], cause: row["cause"], remedy: row["remedy"], time: row["time"])
      }
    }
  }
}
