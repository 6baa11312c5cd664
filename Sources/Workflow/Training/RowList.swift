import Foundation
package import RequestLog

/// The records that a training takes, by id and in order: what is needed to train the same model from logs that hold more,
/// or that hold it in another order.
package struct RowList {
  private let path: String
  private let ids: [String]
  /// The line of each id, from 1.
  private let lines: [Int]
  private let places: [String: Int]

  /// Reads a file of ids, one a line; empty lines are skipped.
  package init(path: String) throws {
    let data = try NamedFile(path, kind: "list of rows").data
    self.path = path
    let texts = String(decoding: data, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    lines = texts.indices.filter { !texts[$0].isEmpty }.map { $0 + 1 }
    ids = lines.map { String(texts[$0 - 1]) }
    places = Dictionary(zip(ids, ids.indices), uniquingKeysWith: { first, _ in first })
    guard places.count == ids.count else {
      throw WorkflowError.badData(
        "\(path): expected each id once, found \(ids.count - places.count) again; remove them")
    }
  }

  /// The listed records among those of a log, in the order of the list, and what reading it came to.
  ///
  /// - Parameter body: reads the log.
  /// - Throws: ``WorkflowError`` when some are not in the log.
  package func select(
    _ body: (_ keep: (LogRecord) -> Void) throws -> LogSummary
  ) throws -> (records: [LogRecord], summary: LogSummary) {
    var found = [LogRecord?](repeating: nil, count: ids.count)
    let summary = try body { record in
      if let place = places[record.id] { found[place] = record }
    }
    let missing = ids.indices.filter { found[$0] == nil }
    guard missing.isEmpty else {
      throw WorkflowError.badData(
        "\(path): expected \(ids.count) ids that are in the logs, found \(missing.count) that are not, the first in line "
          + "\(lines[missing[0]]); name all logs that they come from")
    }
    return (found.compactMap(\.self), summary)
  }
}
