import GRDB

/// People's ratings in SQLite: a row of each, and beside the outcome what they make together, as the log has it.
extension SQLiteTelemetry {
  /// Only where the request is there, and shows which answer was rated.
  private static let insertRating = """
    INSERT INTO ratings (request_id, name, rater, quality, probability, time)
    SELECT request_id, coalesce(?2, answered_tier, answered_target), ?3, ?4, ?5, ?6 FROM decisions
    WHERE request_id = ?1 AND coalesce(?2, answered_tier, answered_target) IS NOT NULL
    """

  private static let deleteRating = """
    DELETE FROM ratings WHERE request_id = ?1 AND rater = ?3
      AND name = (SELECT coalesce(?2, answered_tier, answered_target) FROM decisions WHERE request_id = ?1)
    """

  static func write(_ rating: GivenRating, into database: Database) throws {
    try database.cachedStatement(sql: deleteRating).execute(arguments: [rating.requestID, rating.name, rating.rater])
    try database.cachedStatement(sql: insertRating).execute(arguments: [
      rating.requestID, rating.name, rating.rater, rating.quality, rating.probability, rating.time,
    ])
    let written = try Row.fetchAll(
      database, sql: "SELECT * FROM ratings WHERE request_id = ? ORDER BY rowid", arguments: [rating.requestID]
    ).map { GivenRating(TelemetryRow($0)) }
    for (name, ratings) in Dictionary(grouping: written, by: { $0.name ?? "" }) {
      let row = TelemetryRow.ratings(ratings, name: name, of: rating.requestID)
      try database.cachedStatement(sql: "UPDATE outcomes SET gold = ? WHERE request_id = ? AND name = ?")
        .execute(arguments: row.arguments)
    }
  }
}

extension TelemetryRow {
  fileprivate static func ratings(_ ratings: [GivenRating], name: String, of id: String) -> TelemetryRow {
    var row = TelemetryRow(capacity: 3)
    row.set("gold", .gold(ratings))
    row.set("request_id", .text(id))
    row.set("name", .text(name))
    return row
  }
}

extension GivenRating {
  /// A row of `ratings`.
  init(_ row: TelemetryRow) {
    self.init(
      requestID: row["request_id"].text ?? "", name: row["name"].text, quality: row["quality"].real ?? 0,
      rater: row["rater"].text ?? "", probability: row["probability"].real, time: row["time"].real ?? 0)
  }
}
