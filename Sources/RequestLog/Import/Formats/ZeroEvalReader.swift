import TextKit
import Ockham

/// Reads ZeroEval's results: `<task>/<model>.json`, an array of answered items.
///
/// Ids are `<task>/<id>`, or the item's `session_id` where it has no `id`; the dataset is the task; prompts are
/// `question` or `problem`. Qualities follow ``ZeroEvalScore``. Runs that cover less of a task than
/// ``ImportOptions/minimumCoverage`` (by default less than the longest run) are left out. The files count no tokens, so
/// costs are unknown.
struct ZeroEvalReader: ImportReader {
  let options: ImportOptions
  private var tasks: [String] = []
  private var runs: [String: RunTable<String>] = [:]

  init(options: ImportOptions) { self.options = options }

  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    let task = PathName.folder(input.path) ?? "zeroeval"
    let model = PathName.stem(input.path)
    let document = try ImportedObject.document(path: input.path)
    if runs[task] == nil { tasks.append(task) }
    var table = runs.removeValue(forKey: task) ?? RunTable()
    try ObjectScanner.forEach(in: input, document: document, sink: sink) { (item, line) throws(RecordViolation) in
      let key = try item["id"] == nil ? item.label("session_id") : item.label("id")
      let prompt = try item["question"] == nil ? item.string("problem") : item.string("question")
      let score = ZeroEvalScore(output: try Self.output(item), answer: try item.label("answer"))
      let quality = task.hasPrefix("crux") ? score.crux : score.mathematics
      table.set(
        quality, model: model, key: key, question: .init(prompt: prompt, dataset: task, path: input.path, line: line))
    }
    runs[task] = table
  }

  mutating func finish(into sink: ImportSink, paths: [String]) throws(ImportError) {
    for task in tasks {
      guard let table = runs[task] else { continue }
      let longest = table.models.map(table.count).max() ?? 0
      let models = table.completeModels(share: options.minimumCoverage ?? 1, of: longest) {
        sink.note("\(SafeText.label(task)): \($0)")
      }
      for key in table.keys where models.contains(where: { table.quality(of: $0, for: key) != nil }) {
        guard let question = table.questions[key] else { continue }
        try sink.take(path: question.path, line: question.line) { record(key, question, table, models) }
      }
    }
  }

  private func record(
    _ key: String, _ question: RunTable<String>.Question, _ table: RunTable<String>, _ models: [String]
  ) -> LogRecord {
    let outcomes = models.compactMap { model in
      table.quality(of: model, for: key).map { ModelOutcome(name: options.logName(of: model), quality: $0) }
    }
    return LogRecord(
      id: "\(question.dataset)/\(key)", dataset: options.dataset ?? question.dataset,
      request: Request(prompt: question.prompt), outcomes: outcomes)
  }

  /// The first output; an empty text where there is none.
  private static func output(_ item: ImportedObject) throws(RecordViolation) -> String {
    guard let value = item["output"] else { return "" }
    if value.kind == .string { return try value.string() }
    for first in try value.elements("an array of texts") {
      return first.isNull ? "" : try at("output[0]") { () throws(RecordViolation) in try first.string() }
    }
    return ""
  }
}
