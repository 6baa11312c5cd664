/// A delimited file with a header line: rows by column name.
struct Table {
  let path: String
  /// The names of the columns, in order.
  let columns: [String]

  private var reader: CSVReader
  private var isFinished = false

  /// Opens a table and reads its header.
  /// - Throws: ``ImportError/noHeader(path:)``, and ``LogError`` of the file.
  init(_ input: any ByteInput, delimiter: UInt8 = UInt8(ascii: ",")) throws(ImportError) {
    path = input.path
    reader = CSVReader(input, delimiter: delimiter)
    var header: CSVRow?
    do throws(LogError) {
      header = try reader.next()
      // Excel's line that names the delimiter.
      if header?.fields.first?.lowercased() == "sep=", header?.fields.dropFirst().allSatisfy(\.isEmpty) == true {
        header = try reader.next()
      }
    } catch { throw .log(error) }
    guard let header else { throw .noHeader(path: path) }
    if let violation = header.violation {
      throw .log(.rejected(LogProblem(path: path, position: .line(header.line), violation: violation)))
    }
    columns = header.fields
  }

  /// The place of a column.
  /// - Throws: ``ImportError/missingColumn(path:column:found:)``, ``ImportError/repeatedColumn(path:column:)``.
  func index(of column: String) throws(ImportError) -> Int {
    guard let index = columns.firstIndex(of: column) else {
      throw .missingColumn(path: path, column: column, found: columns)
    }
    guard columns.lastIndex(of: column) == index else { throw .repeatedColumn(path: path, column: column) }
    return index
  }

  /// The next row; one with another number of fields than the header is bad.
  mutating func next() throws(ImportError) -> CSVRow? {
    var row: CSVRow?
    do throws(LogError) { row = try reader.next() } catch { throw .log(error) }
    if let count = row?.fields.count, count != columns.count, row?.violation == nil {
      row?.violation = RecordViolation(
        .missingField, field: nil, expected: "\(columns.count) fields, as in the header", found: "\(count)",
        remedy: "check the quotes and the delimiter of this row and the one before")
    }
    return row
  }
}
