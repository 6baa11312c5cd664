import Foundation
package import GRDB
import TextKit

/// A decision of a gateway's log as its receipt has it: a chain in which each holds the hash of the one before.
///
/// The hash of a receipt is SHA-256 of `{"content":…,"previous":…,"sequence":…}`, and its content that of the decision's row: all columns
/// that are known, by name. What retention or a wish to be forgotten deleted leaves its receipt without the request's name, so that the chain
/// stays whole and says that something was there.
package struct DecisionReceipt: Sendable, Hashable {
  /// 1, 2, 3, …
  package var sequence: Int
  /// `nil` of a decision that was deleted in good order.
  package var requestID: String?
  /// SHA-256 of ``content(of:)`` as it was written, and the receipt's own, 64 hexadecimal digits.
  package var content: String
  package var hash: String
  /// What the row is now; `nil` where there is none.
  package var row: [UInt8]?

  /// What the hash of the first is bound to.
  package static let noPrevious = String(repeating: "0", count: 64)

  /// What a receipt's hash is of.
  package static func bound(_ content: String, to previous: String, sequence: Int) -> [UInt8] {
    JSONNode.object([
      ("content", .string(content)), ("previous", .string(previous)), ("sequence", .integer(sequence)),
    ]).jsonBytes
  }

  /// The columns of a row of `decisions` that are known, by name, as JSON. A column that a later schema adds changes nothing
  /// while it is not set.
  package static func content(of row: Row) -> [UInt8] {
    let members = row.compactMap { name, value -> (String, JSONNode)? in
      switch value.storage {
      case .null: nil
      case .int64(let number): (name, .string("i\(number)"))
      // The very bits: no rounding of a text hides a change.
      case .double(let number): (name, .string("r" + number.bitPattern.hexadecimal))
      case .string(let text): (name, .string("t" + text))
      case .blob(let data): (name, .string("b" + data.map { String($0, radix: 16) }.joined(separator: " ")))
      }
    }
    return JSONNode.object(members.sorted { $0.0 < $1.0 }).jsonBytes
  }
}

/// Reads the receipts of a gateway's database, in order.
package struct ReceiptReader {
  private let queue: DatabaseQueue
  private let path: String

  /// - Throws: ``LogError`` for a file that cannot be opened, is no database, or has no receipts.
  package init(path: String) throws(LogError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    var configuration = Configuration()
    configuration.readonly = true
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      guard try queue.read({ try $0.tableExists("receipts") }) else {
        throw LogError.databaseSchema(path: path, missing: "table receipts")
      }
    } catch { throw LogError(error, path: path) }
  }

  /// Calls a function with each receipt, until it returns `false`.
  package func forEach(_ body: (DecisionReceipt) -> Bool) throws(LogError) {
    do {
      try queue.read { database in
        let statement = try database.makeStatement(sql: "SELECT * FROM decisions WHERE request_id = ?")
        let receipts = try Row.fetchCursor(database, sql: "SELECT * FROM receipts ORDER BY sequence")
        while let row = try receipts.next() {
          var receipt = DecisionReceipt(
            sequence: row["sequence"], requestID: row["request_id"], content: row["content"], hash: row["hash"])
          if let id = receipt.requestID {
            receipt.row = try Row.fetchOne(statement, arguments: [id]).map(DecisionReceipt.content)
          }
          guard body(receipt) else { return }
        }
      }
    } catch { throw LogError(error, path: path) }
  }

  /// Decisions without a receipt: those from before there were any, and those that came by another way since.
  package func unreceipted() throws(LogError) -> (before: Int, since: Int) {
    do {
      return try queue.read { database in
        let since = try Double.fetchOne(
          database,
          sql: """
            SELECT min(decisions.time) FROM receipts JOIN decisions ON decisions.request_id = receipts.request_id
            """)
        func count(_ condition: String, _ arguments: StatementArguments) throws -> Int {
          try Int.fetchOne(
            database,
            sql: """
              SELECT count(*) FROM decisions WHERE \(condition)
                AND NOT EXISTS (SELECT 1 FROM receipts WHERE receipts.request_id = decisions.request_id)
              """, arguments: arguments) ?? 0
        }
        guard let since else { return (try count("1", []), 0) }
        return (try count("time < ?", [since]), try count("time >= ?", [since]))
      }
    } catch { throw LogError(error, path: path) }
  }
}
