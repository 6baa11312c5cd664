import Ockham

/// Reads RouteLLM's tables: `prompt`, and for each model a column of True and False.
///
/// The dataset is the file's name (`mmlu_anatomy`) or a fixed one (`gsm8k`); ids are `<dataset>/<row>`, rows from 0.
/// Columns `<model>_response` are answers, which a log does not keep; a column without a name is a row number. The
/// tables count no tokens, so costs are unknown.
struct RouteLLMReader: ImportReader {
  let dataset: String?
  let options: ImportOptions

  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    var table = try Table(input)
    let prompt = try table.index(of: "prompt")
    let models = try modelColumns(of: table)
    let set = dataset ?? PathName.stem(input.path)
    var number = 0
    while let row = try table.next() {
      let id = "\(set)/\(number)"
      number += 1
      try sink.take(path: input.path, line: row.line) { () throws(RecordViolation) in
        if let violation = row.violation { throw violation }
        var record = LogRecord(id: id, dataset: options.dataset ?? set, request: Request(prompt: row.fields[prompt]))
        for model in models {
          let quality = try CellValue.boolean(row.fields[model.index], column: model.name)
          record.outcomes.append(ModelOutcome(name: options.logName(of: model.name), quality: quality))
        }
        return record
      }
      sink.progress(input)
    }
  }

  private func modelColumns(of table: Table) throws(ImportError) -> [(name: String, index: Int)] {
    var models: [(name: String, index: Int)] = []
    for name in table.columns where Self.isModel(name) { models.append((name, try table.index(of: name))) }
    guard !models.isEmpty else { throw .noModelColumns(path: table.path) }
    return models
  }

  private static func isModel(_ column: String) -> Bool {
    column != "prompt" && !column.isEmpty && !column.hasPrefix("Unnamed:") && !column.hasSuffix("_response")
  }
}
