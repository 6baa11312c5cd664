/// A table that people have edited: columns by name, rows in order, whatever delimiter their program wrote.
package struct DelimitedTable {
  /// One row.
  package struct Row: Sendable {
    /// The line that it starts on, from 1.
    package var line: Int
    /// As many fields as there are columns.
    package var fields: [String]
  }

  private var table: Table
  /// The names in the header, in order.
  package var columns: [String] { table.columns }

  /// Opens a file, plain or gzip'd; commas, semicolons and tabs are distinguished by the header.
  /// - Throws: ``ImportError``.
  package init(path: String) throws(ImportError) {
    table = try Table(try LogImport.open(path))
    guard table.columns.count == 1 else { return }
    for delimiter in [UInt8(ascii: ";"), UInt8(ascii: "\t")] where table.columns[0].utf8.contains(delimiter) {
      table = try Table(try LogImport.open(path), delimiter: delimiter)
      return
    }
  }

  /// The next row.
  /// - Throws: ``ImportError``, also for a row that has not as many fields as the header.
  package mutating func next() throws(ImportError) -> Row? {
    guard let row = try table.next() else { return nil }
    if let violation = row.violation {
      throw .log(.rejected(LogProblem(path: table.path, position: .line(row.line), violation: violation)))
    }
    return Row(line: row.line, fields: row.fields)
  }
}
