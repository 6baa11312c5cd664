import TextKit
import Ockham

/// Reads the files of a ``LogForm`` row by row. Forms whose rows are joined keep their records until the last file is read.
struct FormReader: ImportReader {
  private static let sampleRows = 50

  let form: LogForm
  let context: FormContext
  private var table: ExchangeTable
  private var keys = KeyUse()
  private var messages = MessageTable()

  init(form: LogForm, options: ImportOptions) throws(ImportError) {
    self.form = form
    context = try FormContext(options: options)
    table = ExchangeTable(joining: form.joining)
  }

  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    var rows = try RowReader(input, delimiter: context.options.delimiter)
    var first: [RowReader.Row] = []
    while first.count < Self.sampleRows, let row = try rows.next() { first.append(row) }
    (context.path, context.row) = (input.path, 0)
    context.sample = first.compactMap { try? $0.node.get() }
    try checkColumns(rows.columns)
    for row in first { try take(row, into: sink) }
    while let row = try rows.next() {
      try take(row, into: sink)
      sink.progress(input)
    }
    try takeConversations(into: sink)
    if rows.nonFinite > 0 { context.note("NaN or infinity in \(rows.nonFinite) rows: unknown") }
    if let sentence = context.mapSentence { sink.note("\(input.path): \(sentence)") }
  }

  /// Columns that are used must have names of their own: one of two would win in silence.
  private func checkColumns(_ columns: [String]) throws(ImportError) {
    let repeated = Set(columns.filter { column in !column.isEmpty && columns.count { $0 == column } > 1 })
    guard !repeated.isEmpty else { return }
    let isMapped = form.kind == .plain || form.kind == .any
    let used = isMapped ? context.map.columns.intersection(repeated) : repeated
    if let column = used.min() { throw .repeatedColumn(path: context.path, column: column) }
  }

  /// The conversations whose messages were rows.
  private mutating func takeConversations(into sink: ImportSink) throws(ImportError) {
    for conversation in messages.conversations {
      context.line = conversation.line
      let exchanges: [Exchange]
      do throws(RecordViolation) { exchanges = try read(try conversation.row()) } catch {
        try sink.reject(error, path: context.path, line: conversation.line)
        continue
      }
      try write(exchanges, line: conversation.line, into: sink)
    }
    messages = MessageTable()
  }

  private mutating func take(_ row: RowReader.Row, into sink: ImportSink) throws(ImportError) {
    context.line = row.line
    defer { context.row += 1 }
    if form.joining == .byConversation {
      do throws(RecordViolation) { try messages.add(try row.node.get(), line: row.line) } catch {
        try sink.reject(error, path: context.path, line: row.line)
      }
      return
    }
    let exchanges: [Exchange]
    do throws(RecordViolation) { exchanges = try read(try row.node.get()) } catch {
      return try sink.reject(error, path: context.path, line: row.line)
    }
    if let node = try? row.node.get(), !exchanges.isEmpty, !exchanges.contains(where: \.isFailed) {
      let scratch = try context.scratch()
      let form = form
      keys.look(at: node, place: LogPlace(path: context.path, position: .line(row.line))) { row in
        (try? form.exchanges(of: row, scratch)).map { "\($0)" }
      }
    }
    try write(exchanges, line: row.line, into: sink)
  }

  private mutating func write(_ exchanges: [Exchange], line: Int, into sink: ImportSink) throws(ImportError) {
    for (index, exchange) in exchanges.enumerated() {
      let suffix = exchanges.count > 1 ? "/\(index)" : ""
      let id = "\(PathName.stem(context.path)):\(line)\(suffix)"
      if form.joining == .byIDOrPrompt || (form.joining == .byID && exchange.id != nil) {
        do throws(RecordViolation) { try table.add(exchange, defaultID: id, context: context) } catch {
          try sink.reject(error, path: context.path, line: line)
        }
      } else {
        try write(exchange, id: id, into: sink)
      }
    }
  }

  /// The exchanges of a row, with the fields that the caller named.
  private func read(_ row: JSONNode) throws(RecordViolation) -> [Exchange] {
    var exchanges = try form.exchanges(of: row, context)
    if form.kind == .plain || form.kind == .any || exchanges.isEmpty || form.joining == .byConversation {
      return exchanges
    }
    let chat = context.options.chat
    if let path = chat.idField, exchanges.count == 1, context.named("--id-field", path, in: row) != nil {
      exchanges[0].id = row.label(path) ?? exchanges[0].id
    }
    if let path = chat.modelField, context.named("--model-field", path, in: row) != nil, let model = row.label(path) {
      for index in exchanges.indices where exchanges[index].answers.count == 1 {
        exchanges[index].answers[0].model = model
      }
    }
    guard exchanges.count == 1, exchanges[0].answers.count <= 1, !exchanges[0].isFailed else { return exchanges }
    var answer = exchanges[0].answers.first ?? Exchange.Answer()
    if let path = chat.responseField, let value = context.named("--response-field", path, in: row) {
      answer.said = Reply(value, isAnswer: true).said
    }
    for (option, path, part) in [
      ("--cost-field", chat.costUSD, \Exchange.Answer.costUSD),
      ("--latency-field", chat.latencyMilliseconds, \Exchange.Answer.latencyMilliseconds),
    ] {
      if let path, let value = context.named(option, path, in: row) { answer[keyPath: part] = value.decimal }
    }
    if answer.isKnown { exchanges[0].answers = [answer] }
    return exchanges
  }

  mutating func finish(into sink: ImportSink, paths: [String]) throws(ImportError) {
    for entry in table.joined(context) {
      (context.path, context.line) = (entry.path, entry.line)
      try write(entry.exchange, id: entry.defaultID, into: sink)
    }
    for sentence in context.unmatched { sink.note(sentence) }
    sink.noteUnmatched(context.options) { context.models.contains($0) }
    for remark in context.remarks.all { sink.note("\(remark)") }
    if let sentence = context.unreadScores.sentence { sink.note(sentence) }
    if let sentence = keys.sentence { sink.note(sentence) }
    let marks = context.marks
    if marks.areMarks, !context.options.ratings.namesNumbers {
      throw .marks(place: marks.place, least: marks.least, greatest: marks.greatest, range: marks.range)
    }
  }

  private func write(_ exchange: Exchange, id: String, into sink: ImportSink) throws(ImportError) {
    let context = context
    try sink.take(path: context.path, line: context.line) { () throws(RecordViolation) in
      try exchange.record(defaultID: id, context: context)
    }
  }
}

extension FormContext {
  /// A context of the same file whose notes go nowhere.
  fileprivate func scratch() throws(ImportError) -> FormContext {
    if let spare, spare.path == path { return spare }
    let context = try FormContext(options: options)
    (context.path, context.sample) = (path, sample)
    spare = context
    return context
  }
}
