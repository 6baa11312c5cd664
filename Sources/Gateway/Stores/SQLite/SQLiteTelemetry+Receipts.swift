import GRDB
import Registry
import RequestLog

/// Receipts of decisions, in the transaction that writes them.
extension SQLiteTelemetry {
  private static let last = "SELECT sequence, hash FROM receipts ORDER BY sequence DESC LIMIT 1"
  private static let insertReceipt = "INSERT INTO receipts (sequence, request_id, content, hash) VALUES (?, ?, ?, ?)"

  /// Binds the row of a decision, as it was stored, to the receipt before.
  static func addReceipt(of id: String, to database: Database) throws {
    let row = try database.cachedStatement(sql: "SELECT * FROM decisions WHERE request_id = ?")
    guard let decision = try Row.fetchOne(row, arguments: [id]) else { return }
    let content = ContentDigest.hexadecimal(of: DecisionReceipt.content(of: decision))
    let previous = try Row.fetchOne(database.cachedStatement(sql: last))
    let sequence = (previous?["sequence"] ?? 0) + 1
    let hash = ContentDigest.hexadecimal(
      of: DecisionReceipt.bound(content, to: previous?["hash"] ?? DecisionReceipt.noPrevious, sequence: sequence))
    try database.cachedStatement(sql: insertReceipt).execute(arguments: [sequence, id, content, hash])
  }
}
