import Evaluation
import GRDB
import RequestLog

/// The tables of the gateway's database: those of a request log, so that `ockham train` reads the file as one, and the
/// gateway's own beside them.
///
/// Migrations are named and only ever appended, here as in ``RequestLog/LogSchema``.
enum TelemetrySchema {
  static var migrator: DatabaseMigrator {
    var migrator = LogSchema.migrator
    migrator.registerMigration("gateway: decisions, attempts, feedback, spend") { database in
      for statement in firstTables { try database.execute(sql: statement) }
    }
    migrator.registerMigration("gateway: ledger") { database in
      for statement in ledger { try database.execute(sql: statement) }
    }
    migrator.registerMigration("gateway: refused hints") { database in
      try database.execute(sql: refusedHints)
    }
    migrator.registerMigration("gateway: flagged usage") { database in
      for table in ["decisions", "attempts"] {
        try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN usage_flagged INTEGER")
      }
    }
    migrator.registerMigration("gateway: what was booked, and who rated") { database in
      for (table, column) in bookedAndRated { try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN \(column)") }
    }
    migrator.registerMigration("gateway: labels") { database in
      try database.execute(sql: labels)
    }
    migrator.registerMigration("gateway: what decided, and what was watched") { database in
      try database.execute(sql: policies)
      for column in [
        "conversation TEXT", "policy_hash TEXT", "eligible INTEGER", "observed_tier TEXT", "observed_reason TEXT",
      ] {
        try database.execute(sql: "ALTER TABLE decisions ADD COLUMN \(column)")
      }
    }
    migrator.registerMigration("gateway: ratings by people") { database in
      try database.execute(sql: ratings)
      try database.execute(sql: "CREATE INDEX ratings_by_request ON ratings (request_id)")
    }
    migrator.registerMigration("gateway: canaries") { database in
      try database.execute(sql: canaryTurns)
      try database.execute(sql: "CREATE INDEX canary_turns_by_canary ON canary_turns (canary, number)")
    }
    migrator.registerMigration("gateway: experiments") { database in
      try database.execute(sql: experimentTurns)
      try database.execute(sql: "CREATE INDEX experiment_turns_by_design ON experiment_turns (design, number)")
    }
    migrator.registerMigration("gateway: alerts, drift, canary prompts") { database in
      for statement in watching { try database.execute(sql: statement) }
    }
    migrator.registerMigration("gateway: receipts") { database in
      try database.execute(sql: receipts)
      try database.execute(sql: "CREATE INDEX receipts_by_request ON receipts (request_id)")
    }
    migrator.registerMigration("gateway: hourly cells, and what other tiers would have cost") { database in
      for column in ["strongest_usd REAL", "cheapest_usd REAL", "tier_usd TEXT", "begins_conversation INTEGER"] {
        try database.execute(sql: "ALTER TABLE decisions ADD COLUMN \(column)")
      }
      for statement in cells { try database.execute(sql: statement) }
      // What came before is for a rebuild, which may take long: until then the cells are whole from the next hour on.
      if let last = try Double.fetchOne(database, sql: "SELECT max(time) FROM decisions") {
        try CellFacts.setComplete(since: TrafficKey.hour(of: last) + 1, in: database)
      } else {
        try CellFacts.setComplete(since: 0, in: database)
      }
    }
    migrator.registerMigration("gateway: requests by cost") { database in
      try database.execute(sql: "CREATE INDEX decisions_by_cost ON decisions (cost_usd)")
    }
    return migrator
  }

  /// Sums over the requests of an hour that have key, task, policy, reason, tier and target in common, and over ratings; see
  /// ``CellTables``. What is not known of a request is an empty string.
  private static let cells = [
    """
    CREATE TABLE traffic_cells (
      hour INTEGER NOT NULL, key_name TEXT NOT NULL, task TEXT NOT NULL, policy TEXT NOT NULL, reason TEXT NOT NULL,
      tier TEXT NOT NULL, target TEXT NOT NULL, requests INTEGER NOT NULL, eligible INTEGER NOT NULL,
      failures INTEGER NOT NULL, escalations INTEGER NOT NULL, fallbacks INTEGER NOT NULL, observed INTEGER NOT NULL,
      conversations_begun INTEGER NOT NULL, attempts INTEGER NOT NULL, priced INTEGER NOT NULL,
      compared INTEGER NOT NULL, floored INTEGER NOT NULL, counted INTEGER NOT NULL, input_tokens INTEGER NOT NULL,
      output_tokens INTEGER NOT NULL, decisions INTEGER NOT NULL, decision_nanoseconds INTEGER NOT NULL,
      drawn INTEGER NOT NULL, missing INTEGER NOT NULL, feedbacks INTEGER NOT NULL, cost_usd REAL NOT NULL,
      squared_cost REAL NOT NULL, compared_usd REAL NOT NULL, strongest_usd REAL NOT NULL, saved_usd REAL NOT NULL,
      squared_saving REAL NOT NULL, cheapest_usd REAL NOT NULL, rejected_usd REAL NOT NULL, label_usd REAL NOT NULL,
      judge_usd REAL NOT NULL, feedback REAL NOT NULL, latency BLOB NOT NULL, first_token BLOB NOT NULL,
      costs BLOB NOT NULL, PRIMARY KEY (hour, key_name, task, policy, reason, tier, target)) WITHOUT ROWID
    """,
    """
    CREATE TABLE rated_cells (
      hour INTEGER NOT NULL, key_name TEXT NOT NULL, task TEXT NOT NULL, policy TEXT NOT NULL, reason TEXT NOT NULL,
      tier TEXT NOT NULL, target TEXT NOT NULL, rated TEXT NOT NULL, ratings INTEGER NOT NULL, uniform INTEGER NOT NULL,
      pairs INTEGER NOT NULL, only_first_count INTEGER NOT NULL, only_second_count INTEGER NOT NULL,
      both_count INTEGER NOT NULL, cost_errors INTEGER NOT NULL, weight REAL NOT NULL, squared_weight REAL NOT NULL,
      quality REAL NOT NULL, weighted_quality REAL NOT NULL, weighted_square REAL NOT NULL, pair_weight REAL NOT NULL,
      pair_squared_weight REAL NOT NULL, first REAL NOT NULL, second REAL NOT NULL, weighted_first REAL NOT NULL,
      weighted_second REAL NOT NULL, first_square REAL NOT NULL, product REAL NOT NULL, second_square REAL NOT NULL,
      only_first REAL NOT NULL, only_second REAL NOT NULL, both REAL NOT NULL, error_weight REAL NOT NULL,
      error_squared_weight REAL NOT NULL, error REAL NOT NULL, weighted_error REAL NOT NULL,
      weighted_error_square REAL NOT NULL,
      PRIMARY KEY (hour, key_name, task, policy, reason, tier, target, rated)) WITHOUT ROWID
    """,
    "CREATE TABLE cell_facts (complete_since_hour INTEGER NOT NULL)",
  ]

  private static let bookedAndRated = [
    ("decisions", "booked_usd REAL"), ("attempts", "assumed_usd REAL"), ("spend", "booked_usd REAL"),
    ("feedback", "key_name TEXT"), ("feedback", "by_administrator INTEGER"),
  ]

  private static let firstTables = [
    """
    CREATE TABLE decisions (
      request_id TEXT PRIMARY KEY NOT NULL, time REAL NOT NULL, dialect TEXT NOT NULL, is_stream INTEGER NOT NULL,
      requested_model TEXT NOT NULL, key_name TEXT, policy TEXT NOT NULL, reason TEXT NOT NULL, rules TEXT, tier TEXT,
      target TEXT, probabilities TEXT, gain REAL, threshold REAL, propensity REAL, task TEXT, model_hash TEXT,
      expected_cost_usd REAL, is_cache_hit INTEGER NOT NULL, session TEXT, decision_ns INTEGER NOT NULL,
      answered_tier TEXT, answered_target TEXT, status INTEGER NOT NULL, error_code TEXT, finish_reason TEXT,
      ttft_ms REAL, latency_ms REAL NOT NULL, upstream_ms REAL NOT NULL, input_tokens INTEGER, output_tokens INTEGER,
      cached_input_tokens INTEGER, cache_write_tokens INTEGER, reasoning_tokens INTEGER, cost_usd REAL,
      prompt_bytes INTEGER NOT NULL, content_hash TEXT NOT NULL)
    """,
    "CREATE INDEX decisions_by_time ON decisions (time)",
    """
    CREATE TABLE attempts (
      request_id TEXT NOT NULL, position INTEGER NOT NULL, target TEXT NOT NULL, tier TEXT NOT NULL, failure TEXT,
      status INTEGER, latency_ms REAL NOT NULL, ttft_ms REAL, input_tokens INTEGER, output_tokens INTEGER,
      cached_input_tokens INTEGER, cache_write_tokens INTEGER, reasoning_tokens INTEGER, cost_usd REAL,
      PRIMARY KEY (request_id, position)) WITHOUT ROWID
    """,
    """
    CREATE TABLE feedback (
      id INTEGER PRIMARY KEY, request_id TEXT NOT NULL, quality REAL NOT NULL, source TEXT NOT NULL, time REAL NOT NULL)
    """,
    "CREATE INDEX feedback_by_request ON feedback (request_id)",
    """
    CREATE TABLE spend (
      key_name TEXT NOT NULL, day INTEGER NOT NULL, requests INTEGER NOT NULL, unpriced_requests INTEGER NOT NULL,
      input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cost_usd REAL NOT NULL,
      PRIMARY KEY (key_name, day)) WITHOUT ROWID
    """,
  ]

  /// How requests were drawn to be rated off their clients' path, and what that took.
  private static let labels = """
    CREATE TABLE labels (
      request_id TEXT PRIMARY KEY NOT NULL, label_rate REAL NOT NULL, audit_rate REAL NOT NULL, cost_usd REAL NOT NULL,
      judge_usd REAL NOT NULL, unpriced INTEGER NOT NULL, missing TEXT) WITHOUT ROWID
    """

  /// What decided, part by part, and when it was first met.
  private static let policies = """
    CREATE TABLE policies (
      policy_hash TEXT PRIMARY KEY NOT NULL, model_hash TEXT NOT NULL, thresholds_hash TEXT NOT NULL,
      rules_hash TEXT NOT NULL, prices_hash TEXT NOT NULL, time REAL NOT NULL) WITHOUT ROWID
    """

  /// What requests say about a version under canary and the one that serves.
  private static let canaryTurns = """
    CREATE TABLE canary_turns (
      number INTEGER PRIMARY KEY AUTOINCREMENT, canary TEXT NOT NULL, request_id TEXT NOT NULL UNIQUE,
      conversation TEXT NOT NULL, time REAL NOT NULL, is_candidate INTEGER NOT NULL, other_tier TEXT, scale REAL,
      comparison TEXT, cost_usd REAL, latency_ms REAL NOT NULL, failed INTEGER NOT NULL, inclusion REAL,
      served_less_other REAL)
    """

  /// What requests say about the arms of experiments.
  private static let experimentTurns = """
    CREATE TABLE experiment_turns (
      number INTEGER PRIMARY KEY AUTOINCREMENT, design TEXT NOT NULL, experiment TEXT NOT NULL, arm TEXT NOT NULL,
      request_id TEXT NOT NULL, conversation TEXT NOT NULL, time REAL NOT NULL, cost_usd REAL, latency_ms REAL NOT NULL,
      failed INTEGER NOT NULL, quality REAL, UNIQUE (request_id, design))
    """

  /// A chain over decisions: see ``RequestLog/DecisionReceipt``.
  private static let receipts = """
    CREATE TABLE receipts (
      sequence INTEGER PRIMARY KEY NOT NULL, request_id TEXT, content TEXT NOT NULL, hash TEXT NOT NULL)
    """

  /// What is raised, what each day looked like, and what targets answered to fixed prompts.
  private static let watching = [
    """
    CREATE TABLE alerts (
      name TEXT PRIMARY KEY NOT NULL, cause TEXT NOT NULL, remedy TEXT NOT NULL, time REAL NOT NULL) WITHOUT ROWID
    """,
    """
    CREATE TABLE drift_days (
      model_hash TEXT NOT NULL, is_reference INTEGER NOT NULL, day INTEGER NOT NULL, blocks BLOB NOT NULL,
      labels TEXT NOT NULL, PRIMARY KEY (model_hash, is_reference, day)) WITHOUT ROWID
    """,
    """
    CREATE TABLE canary_answers (
      time REAL NOT NULL, target TEXT NOT NULL, prompt TEXT NOT NULL, is_good INTEGER NOT NULL, cost_usd REAL)
    """,
    "CREATE INDEX canary_answers_by_target ON canary_answers (target, time)",
  ]

  /// What people think of answers.
  private static let ratings = """
    CREATE TABLE ratings (
      request_id TEXT NOT NULL, name TEXT NOT NULL, rater TEXT NOT NULL, quality REAL NOT NULL, probability REAL,
      time REAL NOT NULL)
    """

  /// What targets were found to refuse, and how these were configured then.
  private static let refusedHints = """
    CREATE TABLE refused_hints (
      target TEXT NOT NULL, fingerprint TEXT NOT NULL, name TEXT NOT NULL, time REAL NOT NULL,
      PRIMARY KEY (target, fingerprint, name))
    """

  /// What keys used so far counts on; what no one's key used is no account.
  private static let ledger = [
    """
    CREATE TABLE ledger (
      key_name TEXT NOT NULL, day INTEGER NOT NULL, cost_usd REAL NOT NULL, unpriced_requests INTEGER NOT NULL,
      PRIMARY KEY (key_name, day)) WITHOUT ROWID
    """,
    """
    INSERT INTO ledger (key_name, day, cost_usd, unpriced_requests)
    SELECT key_name, day, cost_usd, unpriced_requests FROM spend WHERE key_name <> ''
    """,
  ]
}
