import Evaluation
import GRDB
import GatewayCore
import RequestLog
import Statistics

/// Reads the gateway's database for audits, over connections of its own.
final class SQLiteAudit: AuditStore {
  /// Requests that are drawn for what other thresholds would have done.
  private static let sampleRows = 5_000

  private let file: SQLiteFile
  private let pool: DatabasePool

  /// - Throws: ``LogError`` where the file cannot be read.
  init(_ file: SQLiteFile) throws(LogError) {
    self.file = file
    var configuration = Configuration()
    configuration.label = "audit"
    configuration.readonly = true
    configuration.maximumReaderCount = 2
    do { pool = try DatabasePool(path: file.path, configuration: configuration) } catch {
      throw LogError(error, path: file.path)
    }
    file.open()
  }

  func close() {
    try? pool.close()
    file.close()
  }

  func traffic(
    _ hours: Range<Int>, tierNames: [String], isByDay: Bool
  ) throws(TelemetryStoreError) -> Traffic {
    try read { database in
      var traffic = Traffic(
        tierNames: tierNames, period: Double(hours.lowerBound) * 3600..<Double(hours.upperBound) * 3600)
      func hour(_ hour: Int) -> Int { isByDay ? max(hours.lowerBound, hour - hour % 24) : hour }
      traffic.cells = try CellTables.traffic.cells(hours, in: database) { key in
        var key = key
        key.hour = hour(key.hour)
        return key
      }
      traffic.rated = try CellTables.rated.cells(hours, in: database) { key in
        var key = key
        key.traffic.hour = hour(key.traffic.hour)
        return key
      }
      try addDetails(to: &traffic, in: database)
      try addSample(to: &traffic, in: database)
      try addLacks(to: &traffic, hours, in: database)
      return traffic
    }
  }

  /// The most expensive requests, and all that were rated.
  private func addDetails(to traffic: inout Traffic, in database: Database) throws {
    let reader = TrafficReader(depth: .whole)
    let period: StatementArguments = [traffic.period.lowerBound, traffic.period.upperBound]
    let isLarge = try Self.isLarge(
      TrafficKey.hour(of: traffic.period.lowerBound)..<TrafficKey.hour(of: traffic.period.upperBound), in: database)
    let mostExpensive = try reader.rows(
      """
      WHERE decisions.request_id IN (
        SELECT request_id FROM decisions \(isLarge ? Self.byCost : "") WHERE time >= ? AND time < ? AND cost_usd > 0
        ORDER BY cost_usd DESC, rowid DESC LIMIT \(traffic.details.limit))
      """, period, in: database)
    for row in mostExpensive { traffic.details.add(row, tierNames: traffic.tierNames) }
    let known = Set(mostExpensive.map(\.id))
    // Of many requests few are labelled: they are looked up one by one, which a plus keeps SQLite to.
    let labelled =
      isLarge
      ? "WHERE +decisions.time >= ? AND +decisions.time < ? AND decisions.request_id IN (SELECT request_id FROM labels)"
      : "WHERE decisions.time >= ? AND decisions.time < ? AND labels.request_id IS NOT NULL"
    try reader.forEach(labelled, period, in: database) { row in
      if !known.contains(row.id) { traffic.details.add(row, tierNames: traffic.tierNames) }
    }
  }

  /// Of few requests it is quicker to read all; of many SQLite would sort them, or look each one up.
  private static let fewRequests = 50_000.0
  private static let byCost = "INDEXED BY decisions_by_cost"

  /// Whether hours have so many requests that indexes are worth their detours.
  private static func isLarge(_ hours: Range<Int>, in database: Database) throws -> Bool {
    let sql = "SELECT total(requests) FROM traffic_cells WHERE hour >= ? AND hour < ?"
    return try Double.fetchOne(database, sql: sql, arguments: [hours.lowerBound, hours.upperBound]) ?? 0 > fewRequests
  }

  /// Requests at places that are drawn from all of the period; of few requests, all.
  private func addSample(to traffic: inout Traffic, in database: Database) throws {
    let period: StatementArguments = [traffic.period.lowerBound, traffic.period.upperBound]
    let bounds = try Row.fetchOne(
      database,
      sql: """
        SELECT (SELECT rowid FROM decisions WHERE time >= ?1 AND time < ?2 ORDER BY time LIMIT 1) AS first,
          (SELECT rowid FROM decisions WHERE time >= ?1 AND time < ?2 ORDER BY time DESC LIMIT 1) AS last
        """, arguments: period)
    guard let first: Int = bounds?["first"], let last: Int = bounds?["last"] else { return }
    let reader = TrafficReader(depth: .whole)
    guard last - first >= 2 * Self.sampleRows else {
      return try reader.forEach("WHERE decisions.time >= ? AND decisions.time < ?", period, in: database) {
        traffic.sample.add($0)
      }
    }
    var random = SplitMix64(seed: UInt64(bitPattern: Int64(first)))
    var places: Set<Int> = []
    while places.count < Self.sampleRows { places.insert(first + Int(random.next() % UInt64(last - first + 1))) }
    for place in places.sorted() {
      try reader.forEach(
        "WHERE decisions.rowid = ? AND decisions.time >= ? AND decisions.time < ?",
        [place, traffic.period.lowerBound, traffic.period.upperBound], in: database
      ) { traffic.sample.add($0) }
    }
  }

  private func addLacks(to traffic: inout Traffic, _ hours: Range<Int>, in database: Database) throws {
    if let since = try CellFacts.completeSinceHour(in: database), since > hours.lowerBound,
      let first = try Double.fetchOne(database, sql: "SELECT min(time) FROM decisions"),
      TrafficKey.hour(of: first) < since
    {
      traffic.lacks.append(
        "Requests from before this database had hourly sums are not counted: run ockham-gateway --config FILE --rebuild-cells."
      )
    }
  }

  func requests(_ query: TrafficQuery) throws(TelemetryStoreError) -> [TrafficRow] {
    try read { database in
      var conditions = ["decisions.time >= ?", "decisions.time < ?"]
      var arguments: StatementArguments = [
        Double(query.hours.lowerBound) * 3600, Double(query.hours.upperBound) * 3600,
      ]
      for (_, column, path) in TrafficFilter.names {
        guard let wanted = query.filter[keyPath: path] else { continue }
        if wanted == TrafficFilter.none {
          conditions.append("decisions.\(column) IS NULL")
        } else {
          conditions.append("decisions.\(column) = ?")
          arguments += [wanted]
        }
      }
      if let isFailure = query.filter.isFailure {
        conditions.append("\(isFailure ? "" : "NOT ")(decisions.status >= 500 OR decisions.status = 429)")
      }
      let condition = conditions.joined(separator: " AND ")
      let order =
        switch query.order {
        case .newest: "decisions.time DESC, decisions.request_id"
        case .mostExpensive: "decisions.cost_usd DESC, decisions.rowid DESC"
        case .slowest: "decisions.latency_ms DESC, decisions.request_id"
        }
      let index = try query.order == .mostExpensive && Self.isLarge(query.hours, in: database) ? Self.byCost : ""
      return try TrafficReader(depth: .whole).rows(
        """
        WHERE decisions.request_id IN (
          SELECT decisions.request_id FROM decisions \(index) WHERE \(condition) ORDER BY \(order) LIMIT ? OFFSET ?)
        ORDER BY \(order)
        """, arguments + [query.limit, query.offset], in: database)
    }
  }

  func pairs(_ hours: Range<Int>) throws(TelemetryStoreError) -> [RatedPair] {
    try read { database in
      let sql = """
        SELECT decisions.request_id, decisions.time, decisions.task, decisions.answered_tier, requests.request,
          outcomes.name, outcomes.quality, outcomes.answer
        FROM labels CROSS JOIN decisions ON decisions.request_id = labels.request_id
          JOIN requests ON requests.id = decisions.request_id
          JOIN outcomes ON outcomes.request_id = decisions.request_id
        WHERE +decisions.time >= ? AND +decisions.time < ? AND requests.request IS NOT NULL
          AND outcomes.inclusion IS NOT NULL AND outcomes.quality IS NOT NULL AND outcomes.answer IS NOT NULL
        ORDER BY decisions.time, decisions.request_id, outcomes.name IS NOT decisions.answered_tier, outcomes.rowid
        """
      var pairs: [RatedPair] = []
      let rows = try Row.fetchCursor(
        database, sql: sql, arguments: [Double(hours.lowerBound) * 3600, Double(hours.upperBound) * 3600])
      while let row = try rows.next() {
        let id: String = row["request_id"]
        if pairs.last?.requestID != id {
          let raters = try String.fetchSet(
            database, sql: "SELECT rater FROM ratings WHERE request_id = ?", arguments: [id])
          pairs.append(
            RatedPair(
              requestID: id, time: row["time"], task: row["task"], request: row["request"], answers: [], raters: raters)
          )
        }
        pairs[pairs.count - 1].answers.append(
          RatedPair.Answer(tier: row["name"], quality: row["quality"], answer: row["answer"]))
      }
      return pairs.filter { $0.answers.count > 1 }
    }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(TelemetryStoreError) -> Value {
    do { return try pool.read(body) } catch { throw file.storeError(error) }
  }
}
