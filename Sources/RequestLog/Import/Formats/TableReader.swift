import Ockham

/// Reads any wide table by the columns that the caller names: see ``TableColumns``.
struct TableReader: ImportReader {
  let options: ImportOptions

  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    var table = try Table(input, delimiter: options.columns.delimiter)
    let places = try ColumnPlaces(options.columns, in: table)
    let stem = PathName.stem(input.path)
    var number = 0
    while let row = try table.next() {
      let defaultID = "\(stem)/\(number)"
      number += 1
      try sink.take(path: input.path, line: row.line) { () throws(RecordViolation) in
        if let violation = row.violation { throw violation }
        var record = LogRecord(
          id: places.id.map { row.fields[$0] } ?? defaultID, request: Request(prompt: row.fields[places.prompt]))
        record.dataset = options.dataset ?? places.dataset.map { row.fields[$0] }
        if record.dataset?.isEmpty == true { record.dataset = nil }
        for model in places.models { record.outcomes += try outcome(model, row.fields).map { [$0] } ?? [] }
        return record
      }
      sink.progress(input)
    }
  }

  /// What the row knows of a model; `nil` where all its cells are empty.
  private func outcome(_ model: ModelPlaces, _ fields: [String]) throws(RecordViolation) -> ModelOutcome? {
    var outcome = ModelOutcome(name: options.logName(of: model.name))
    if let place = model.quality {
      outcome.quality = try CellValue.quality(fields[place.index], column: place.column, scale: options.ratings)
    }
    if let place = model.cost { outcome.costUSD = try CellValue.amount(fields[place.index], column: place.column) }
    var inputTokens: Int?
    if let place = model.inputTokens {
      inputTokens = try CellValue.count(fields[place.index], column: place.column)
    }
    if let place = model.outputTokens {
      outcome.outputTokens = try CellValue.count(fields[place.index], column: place.column)
    }
    if outcome.costUSD == nil, let input = inputTokens, let output = outcome.outputTokens {
      outcome.costUSD = options.prices[model.name]?.costUSD(inputTokens: input, outputTokens: output)
    }
    let isKnown = outcome.quality != nil || outcome.costUSD != nil || outcome.outputTokens != nil
    return isKnown ? outcome : nil
  }
}

/// A column that was found.
private struct Place {
  var column: String
  var index: Int
}

/// The columns about one model.
private struct ModelPlaces {
  var name: String
  var quality: Place?
  var cost: Place?
  var inputTokens: Place?
  var outputTokens: Place?
}

/// Where the columns of a table stand.
private struct ColumnPlaces {
  var prompt: Int
  var id: Int?
  var dataset: Int?
  var models: [ModelPlaces] = []

  init(_ columns: TableColumns, in table: Table) throws(ImportError) {
    prompt = try table.index(of: columns.prompt)
    if let column = columns.id { id = try table.index(of: column) }
    if let column = columns.dataset { dataset = try table.index(of: column) }
    try add(columns.quality, \.quality, table)
    try add(columns.cost, \.cost, table)
    try add(columns.inputTokens, \.inputTokens, table)
    try add(columns.outputTokens, \.outputTokens, table)
  }

  private mutating func add(
    _ columns: [NamedColumn], _ part: WritableKeyPath<ModelPlaces, Place?>, _ table: Table
  ) throws(ImportError) {
    for named in columns {
      let place = Place(column: named.column, index: try table.index(of: named.column))
      if let known = models.firstIndex(where: { $0.name == named.model }) {
        models[known][keyPath: part] = place
      } else {
        models.append(ModelPlaces(name: named.model))
        models[models.count - 1][keyPath: part] = place
      }
    }
  }
}
