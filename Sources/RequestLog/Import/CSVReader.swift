/// One row of a table.
struct CSVRow {
  /// The line that the row starts on, from 1.
  var line: Int
  /// The fields, without their quotes.
  var fields: [String]
  /// What is wrong with the row; its fields are then incomplete.
  var violation: RecordViolation?
}

/// Reads delimited text row by row. Source: RFC 4180, with any one-byte delimiter, LF and lone CR as line ends, and a
/// byte-order mark skipped.
///
/// Quoted fields may hold delimiters, line ends and doubled quotes. A quote inside an unquoted field stands for itself,
/// as spreadsheets write it. Blank lines are skipped. A bad row is returned with its violation, and reading goes on
/// with the next line, or with the next row where the quotes are whole. Memory: one row.
struct CSVReader {
  private enum State { case fieldStart, unquoted, quoted, afterQuote, skipping }

  private var bytes: ByteReader
  private let delimiter: UInt8
  private let maximumRowBytes: Int
  private var state = State.fieldStart
  private var field: [UInt8] = []
  private var rowBytes = 0
  private var isQuoted = false
  private var row = CSVRow(line: 1, fields: [])

  init(_ input: any ByteInput, delimiter: UInt8 = UInt8(ascii: ","), maximumRowBytes: Int = 64 << 20) {
    bytes = ByteReader(input)
    self.delimiter = delimiter
    self.maximumRowBytes = maximumRowBytes
  }

  /// The next row that is not blank; `nil` at the end.
  /// - Complexity: O(bytes of the row).
  mutating func next() throws(LogError) -> CSVRow? {
    while true {
      begin()
      guard try readRow() else { return nil }
      let isBlank = row.fields.count == 1 && row.fields[0].isEmpty && !isQuoted && row.violation == nil
      if !isBlank { return row }
    }
  }

  private mutating func begin() {
    row = CSVRow(line: bytes.line, fields: [])
    state = .fieldStart
    field.removeAll(keepingCapacity: true)
    rowBytes = 0
    isQuoted = false
  }

  /// Reads to the end of the row; `false` where there is none.
  private mutating func readRow() throws(LogError) -> Bool {
    while let byte = try bytes.next() {
      rowBytes += 1
      if try consume(byte) { return true }
    }
    guard rowBytes > 0 else { return false }
    if state == .quoted { fail(.openQuote(line: row.line)) }
    endField()
    return true
  }

  /// Takes a byte; `true` where the row ends with it.
  private mutating func consume(_ byte: UInt8) throws(LogError) -> Bool {
    switch state {
    case .quoted: consumeQuoted(byte)
    case _ where byte == 0x0A || byte == 0x0D: return try endRow(byte)
    case .skipping: break
    case _ where byte == delimiter: endField()
    case .fieldStart where byte == UInt8(ascii: "\""): (state, isQuoted) = (.quoted, true)
    case .afterQuote where byte == UInt8(ascii: "\""):
      field.append(byte)
      state = .quoted
    case .afterQuote:
      fail(.textAfterQuote)
      state = .skipping
    case .fieldStart, .unquoted:
      append(byte)
      state = .unquoted
    }
    return false
  }

  private mutating func consumeQuoted(_ byte: UInt8) {
    if byte == UInt8(ascii: "\"") { state = .afterQuote } else { append(byte) }
  }

  private mutating func append(_ byte: UInt8) {
    if rowBytes <= maximumRowBytes {
      field.append(byte)
    } else if row.violation == nil {
      fail(.tooLong(byteCount: rowBytes, limit: maximumRowBytes))
    }
  }

  private mutating func endRow(_ byte: UInt8) throws(LogError) -> Bool {
    if byte == 0x0D, try bytes.peek() == 0x0A { _ = try bytes.next() }
    endField()
    return true
  }

  private mutating func endField() {
    if let text = String(validating: field, as: UTF8.self) {
      row.fields.append(text)
    } else {
      fail(.invalidUTF8(firstBadByte: nil))
    }
    field.removeAll(keepingCapacity: true)
    state = .fieldStart
  }

  /// Keeps the first thing that is wrong.
  private mutating func fail(_ violation: RecordViolation) {
    if row.violation == nil { row.violation = violation }
  }
}

extension RecordViolation {
  /// A quoted field that nothing closes before the end of the file.
  fileprivate static func openQuote(line: Int) -> RecordViolation {
    RecordViolation(
      .truncated, field: nil, expected: "a closing quote",
      found: "the end of the file inside the quotes of the row that starts on line \(line)",
      remedy: "close the quote, or double a quote that is part of the text")
  }

  fileprivate static let textAfterQuote = RecordViolation(
    .wrongType, field: nil, expected: "a delimiter or a line end after a closing quote", found: "more text",
    remedy: "double each quote inside a quoted field")
}
