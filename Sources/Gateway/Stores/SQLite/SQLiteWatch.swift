import Foundation
import GRDB

/// The watch's tables in SQLite, and the requests in those of telemetry.
final class SQLiteWatch: WatchStore {
  private let file: SQLiteFile

  init(_ file: SQLiteFile) {
    self.file = file
    file.open()
  }

  func close() { file.close() }

  private static let columns = """
    SELECT decisions.request_id, decisions.time, decisions.conversation, decisions.status, decisions.answered_tier,
      decisions.cost_usd, decisions.latency_ms, requests.features, requests.request
    FROM decisions LEFT JOIN requests ON requests.id = decisions.request_id
    WHERE decisions.time >= ? AND decisions.time < ? AND decisions.model_hash = ?
    """
  private static let order = " ORDER BY decisions.time, decisions.request_id"
  private static let isAudited =
    " AND EXISTS (SELECT 1 FROM outcomes AS audits WHERE audits.request_id = decisions.request_id AND audits.origin = 'audit')"

  /// Of requests that an audit drew, the ratings of both sides.
  private static let labels = """
    SELECT outcomes.request_id, outcomes.name, outcomes.quality
    FROM decisions JOIN outcomes ON outcomes.request_id = decisions.request_id
    WHERE decisions.time >= ? AND decisions.time < ? AND decisions.model_hash = ? AND outcomes.quality IS NOT NULL
      AND outcomes.origin IS NOT 'feedback'
    """

  func requests(_ period: Range<Double>, model: String) throws(TelemetryStoreError) -> [WatchedRequest] {
    try requests(period, model, Self.columns + Self.order)
  }

  func labelled(_ period: Range<Double>, model: String) throws(TelemetryStoreError) -> [WatchedRequest] {
    try requests(period, model, Self.columns + Self.isAudited + Self.order).filter { !$0.labels.isEmpty }
  }

  private func requests(
    _ period: Range<Double>, _ model: String, _ sql: String
  ) throws(TelemetryStoreError) -> [WatchedRequest] {
    try read { database in
      let arguments: StatementArguments = [period.lowerBound, period.upperBound, model]
      var labels: [String: [String: Double]] = [:]
      for row in try Row.fetchAll(database, sql: Self.labels + Self.isAudited, arguments: arguments) {
        labels[row["request_id"], default: [:]][row["name"]] = row["quality"]
      }
      return try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
        var request = WatchedRequest(
          id: row["request_id"], time: row["time"], status: row["status"], latencyMilliseconds: row["latency_ms"])
        request.conversation = row["conversation"]
        request.features = (row["features"] as Data?).map { [UInt8]($0) }
        request.request = row["request"]
        (request.answeredTier, request.costUSD) = (row["answered_tier"], row["cost_usd"])
        request.labels = labels[request.id] ?? [:]
        return request
      }
    }
  }

  func firstRequest(model: String) throws(TelemetryStoreError) -> Double? {
    try read { database in
      try Double.fetchOne(
        database, sql: "SELECT min(time) FROM decisions WHERE model_hash = ?", arguments: [model])
    }
  }

  func days(model: String) throws(TelemetryStoreError) -> [WatchedDay] {
    try read { database in
      let sql = "SELECT * FROM drift_days WHERE model_hash = ? ORDER BY is_reference DESC, day"
      return try Row.fetchAll(database, sql: sql, arguments: [model]).map { row in
        WatchedDay(
          day: row["day"], isReference: row["is_reference"], bytes: [UInt8](row["blocks"] as Data),
          labels: row["labels"])
      }
    }
  }

  func write(_ day: WatchedDay, model: String) throws(TelemetryStoreError) {
    do {
      try file.pool.write { database in
        try database.execute(
          sql: """
            INSERT OR REPLACE INTO drift_days (model_hash, is_reference, day, blocks, labels) VALUES (?, ?, ?, ?, ?)
            """, arguments: [model, day.isReference, day.day, Data(day.bytes), day.labels])
      }
    } catch { throw file.storeError(error) }
  }

  func canaryAnswers() throws(TelemetryStoreError) -> [CanaryAnswer] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM canary_answers ORDER BY time, rowid").map { row in
        CanaryAnswer(
          time: row["time"], target: row["target"], prompt: row["prompt"], isGood: row["is_good"],
          costUSD: row["cost_usd"])
      }
    }
  }

  func write(_ answers: [CanaryAnswer], deletingBefore time: Double) throws(TelemetryStoreError) {
    do {
      try file.pool.write { database in
        for answer in answers {
          try database.execute(
            sql: "INSERT INTO canary_answers (time, target, prompt, is_good, cost_usd) VALUES (?, ?, ?, ?, ?)",
            arguments: [answer.time, answer.target, answer.prompt, answer.isGood, answer.costUSD])
        }
        try database.execute(sql: "DELETE FROM canary_answers WHERE time < ?", arguments: [time])
      }
    } catch { throw file.storeError(error) }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(TelemetryStoreError) -> Value {
    do { return try file.pool.read(body) } catch { throw file.storeError(error) }
  }
}
