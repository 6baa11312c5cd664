import TextKit
import Ockham

/// Reads LLMRouter's scores: arrays of `question` and `scores`, in files named by their split.
///
/// Ids are `<file name>/<row>`, rows from 0; scores outside 0…1 are brought to the nearer end, as the set's metrics can
/// overshoot by rounding. The dataset is the task of the question in the query files (`*.jsonl`, read first wherever
/// they are named), `unknown` where no query file has it. The set counts no tokens, so costs are unknown.
struct LLMRouterReader: ImportReader {
  let options: ImportOptions
  /// Task names by the hash of the question.
  private var tasks: [UInt64: String] = [:]

  init(options: ImportOptions) { self.options = options }

  func readingOrder(_ paths: [String]) -> [String] {
    paths.filter(Self.isQueryFile) + paths.filter { !Self.isQueryFile($0) }
  }

  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    if Self.isQueryFile(input.path) { try readQueries(input, into: sink) } else { try readScores(input, into: sink) }
  }

  private mutating func readQueries(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    let document = try ImportedObject.document(path: input.path)
    let lines = RawLineReader(input)
    while let line = try lines.nextForImport() {
      var violation: RecordViolation?
      do throws(RecordViolation) {
        try ImportedObject.read(line.bytes, with: document) { item throws(RecordViolation) in
          tasks[ContentHash(try item.string("query")).value] = try item.string("task_name")
        }
      } catch { violation = error }
      if let violation { try sink.reject(violation, path: input.path, line: line.number) }
      sink.progress(input)
    }
  }

  private func readScores(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    let document = try ImportedObject.document(path: input.path)
    let split = PathName.stem(input.path)
    var scanner = ObjectScanner(input)
    var number = 0
    while true {
      let piece: ObjectScanner.Piece?
      do throws(LogError) { piece = try scanner.next() } catch { throw .log(error) }
      guard let piece else { return }
      let id = "\(split)/\(number)"
      number += 1
      try sink.take(path: input.path, line: piece.line) { () throws(RecordViolation) in
        try ImportedObject.read(piece.bytes, with: document) { item throws(RecordViolation) in try record(item, id: id)
        }
      }
      sink.progress(input)
    }
  }

  private func record(_ item: ImportedObject, id: String) throws(RecordViolation) -> LogRecord {
    let question = try item.string("question")
    let task = tasks[ContentHash(question).value] ?? "unknown"
    var record = LogRecord(id: id, dataset: options.dataset ?? task, request: Request(prompt: question))
    let scores = try at("scores") { () throws(RecordViolation) in try ImportedObject(item.required("scores")) }
    for (key, value) in JSONMembers(of: scores.value) {
      let model = key.repairedString
      let score = try at("scores[\(SafeText.label(model))]") { () throws(RecordViolation) in
        try value.number("a number")
      }
      record.outcomes.append(ModelOutcome(name: options.logName(of: model), quality: min(max(score, 0), 1)))
    }
    return record
  }

  private static func isQueryFile(_ path: String) -> Bool { path.hasSuffix(".jsonl") || path.hasSuffix(".jsonl.gz") }
}
