import TextKit
import Ockham

/// Reads the files of a ``LogForm`` row by row. Forms whose rows are joined keep their records until the last file is read.
struct FormReader: ImportReader {
  private static let sampleRows = 50

  let form: LogForm
  let context: FormContext
  private var table = ExchangeTable()

  init(form: LogForm, options: ImportOptions) throws(ImportError) {
    self.form = form
    context = try FormContext(options: options)
  }

  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    var rows = try RowReader(input, delimiter: context.options.delimiter)
    var first: [RowReader.Row] = []
    while first.count < Self.sampleRows, let row = try rows.next() { first.append(row) }
    context.path = input.path
    context.sample = first.compactMap { try? $0.node.get() }
    for row in first { try take(row, into: sink) }
    while let row = try rows.next() {
      try take(row, into: sink)
      sink.progress(input)
    }
  }

  private mutating func take(_ row: RowReader.Row, into sink: ImportSink) throws(ImportError) {
    context.line = row.line
    let exchanges: [Exchange]
    do throws(RecordViolation) { exchanges = try read(try row.node.get()) } catch {
      return try sink.reject(error, path: context.path, line: row.line)
    }
    for (index, exchange) in exchanges.enumerated() {
      if form.isJoined, exchange.id != nil {
        do throws(RecordViolation) { try table.add(exchange, context: context) } catch {
          try sink.reject(error, path: context.path, line: row.line)
        }
      } else {
        let suffix = exchanges.count > 1 ? "/\(index)" : ""
        let id = "\(PathName.stem(context.path)):\(row.line)\(suffix)"
        try write(exchange, id: id, into: sink)
      }
    }
  }

  /// The exchanges of a row, with the fields that the caller named.
  private func read(_ row: JSONNode) throws(RecordViolation) -> [Exchange] {
    var exchanges = try form.read(row, context)
    guard exchanges.count == 1, exchanges[0].answers.count == 1 else { return exchanges }
    for (path, part) in [
      (context.options.chat.costUSD, \Exchange.Answer.costUSD),
      (context.options.chat.latencyMilliseconds, \Exchange.Answer.latencyMilliseconds),
    ] {
      guard let path else { continue }
      exchanges[0].answers[0][keyPath: part] = row.amount(path)
      if row.amount(path) == nil { context.note("row without a number in the field \(path)") }
    }
    return exchanges
  }

  mutating func finish(into sink: ImportSink, paths: [String]) throws(ImportError) {
    for entry in table.entries {
      (context.path, context.line) = (entry.path, entry.line)
      try write(entry.exchange, id: entry.exchange.id ?? "", into: sink)
    }
    for (option, names) in [
      ("--rename", context.options.renames.keys.sorted()), ("--price", context.options.prices.keys.sorted()),
    ] {
      for name in names where !context.models.contains(name) {
        sink.note("\(option) \(name): no such model in the files")
      }
    }
    for note in context.notes {
      sink.note("\(NumberFormat.count(note.count)) × \(note.sentence) (first: \(note.place))")
    }
  }

  private func write(_ exchange: Exchange, id: String, into sink: ImportSink) throws(ImportError) {
    let context = context
    try sink.take(path: context.path, line: context.line) { () throws(RecordViolation) in
      try exchange.record(defaultID: id, context: context)
    }
  }
}

/// Exchanges by id, whose parts come from several rows. Memory: all of them.
struct ExchangeTable {
  /// An exchange and where it was first met.
  struct Entry {
    var exchange: Exchange
    var path: String
    var line: Int
  }

  private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  /// Adds a part to its exchange.
  /// - Throws: a violation where two parts of one id ask different things.
  mutating func add(_ part: Exchange, context: FormContext) throws(RecordViolation) {
    guard let id = part.id, let place = places[id] else {
      if let id = part.id { places[id] = entries.count }
      return entries.append(Entry(exchange: part, path: context.path, line: context.line))
    }
    let known = entries[place].exchange
    if let request = part.request, let earlier = known.request, request.segments != earlier.segments {
      throw RecordViolation(
        .duplicateID, field: "id", expected: "one request for an id", found: "another than before",
        remedy: "import files that number different requests alike one by one")
    }
    entries[place].exchange.request = known.request ?? part.request
    entries[place].exchange.dataset = known.dataset ?? part.dataset
    entries[place].exchange.time = known.time ?? part.time
    for answer in part.answers where answer.isKnown {
      if known.answers.contains(where: { $0.isKnown && $0.model == answer.model }) {
        context.note("second answer of a model to one request: the first counts")
      } else {
        entries[place].exchange.answers.append(answer)
      }
    }
  }
}
