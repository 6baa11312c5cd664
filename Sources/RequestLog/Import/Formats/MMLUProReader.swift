import TextKit
import Ockham

/// Reads MMLU-Pro's outputs: `model_outputs_<model>_5shots.json`, an array of answered questions per model.
///
/// Quality is 1 where `pred` equals `answer`; an answer that could not be parsed (`pred` null) scores 0. The prompt is
/// the question and its options, a line each with its letter. Ids are `mmlu_pro/<question_id>`, datasets
/// `mmlu_pro/<category>`. Models below ``ImportOptions/minimumCoverage`` are left out, and so are questions that one of
/// the others lacks. The files count no tokens, so costs are unknown.
struct MMLUProReader: ImportReader {
  private static let letters = Array("ABCDEFGHIJ")

  let options: ImportOptions
  private var runs = RunTable<Int>()

  init(options: ImportOptions) { self.options = options }

  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    let model = Self.model(path: input.path)
    let document = try ImportedObject.document(path: input.path)
    try ObjectScanner.forEach(in: input, document: document, sink: sink) { (item, line) throws(RecordViolation) in
      let key = try item.required("question_id").wholeNumber("an integer")
      let answer = try item.string("answer")
      let question = RunTable<Int>.Question(
        prompt: try Self.prompt(item), dataset: "mmlu_pro/" + (try item.string("category")),
        path: input.path, line: line)
      let prediction = item["pred"] == nil ? nil : try item.string("pred")
      runs.set(prediction == answer ? 1 : 0, model: model, key: key, question: question)
    }
  }

  mutating func finish(into sink: ImportSink, paths: [String]) throws(ImportError) {
    let models = runs.completeModels(share: options.minimumCoverage ?? 0.95, of: runs.keys.count, note: sink.note)
    guard !models.isEmpty || runs.keys.isEmpty else {
      throw .noCompleteRun(paths: paths, questions: runs.keys.count)
    }
    let common = runs.keys.filter { key in models.allSatisfy { runs.quality(of: $0, for: key) != nil } }.sorted()
    if common.count < runs.keys.count {
      sink.note("\(NumberFormat.count(runs.keys.count - common.count)) questions that a model lacks are left out")
    }
    for key in common {
      guard let question = runs.questions[key] else { continue }
      try sink.take(path: question.path, line: question.line) { record(key, question, models: models) }
    }
  }

  private func record(_ key: Int, _ question: RunTable<Int>.Question, models: [String]) -> LogRecord {
    LogRecord(
      id: "mmlu_pro/\(key)", dataset: options.dataset ?? question.dataset, request: Request(prompt: question.prompt),
      outcomes: models.map { ModelOutcome(name: options.logName(of: $0), quality: runs.quality(of: $0, for: key)) })
  }

  private static func prompt(_ item: ImportedObject) throws(RecordViolation) -> String {
    var lines = [try item.string("question")]
    for option in try item.required("options").elements("an array of options") {
      guard lines.count <= letters.count else { throw tooManyOptions }
      let text = try at("options[\(lines.count - 1)]") { () throws(RecordViolation) in try option.string() }
      lines.append("\(letters[lines.count - 1]). \(text)")
    }
    // A question without options ends in a line feed as well.
    return lines.count == 1 ? lines[0] + "\n" : lines.joined(separator: "\n")
  }

  private static let tooManyOptions = RecordViolation(
    .outOfRange, field: "options", expected: "at most 10 options", found: "more", remedy: "fix or drop the question")

  /// The model that a file is about, by its name or its folder's.
  static func model(path: String) -> String {
    let stem = PathName.stem(path)
    let folder = PathName.folder(path) ?? ""
    let name = !stem.hasPrefix("model_outputs_") && folder.hasPrefix("model_outputs_") ? folder : stem
    return name.replacing("model_outputs_", with: "").replacing("_5shots", with: "")
  }
}

extension ObjectScanner {
  /// Reads each object of a file; a bad one is rejected at its line.
  static func forEach(
    in input: any ByteInput, document: JSONDocument, sink: ImportSink,
    _ body: (ImportedObject, _ line: Int) throws(RecordViolation) -> Void
  ) throws(ImportError) {
    var scanner = ObjectScanner(input)
    while true {
      let piece: Piece?
      do throws(LogError) { piece = try scanner.next() } catch { throw .log(error) }
      guard let piece else { return }
      var violation: RecordViolation?
      do throws(RecordViolation) {
        try ImportedObject.read(piece.bytes, with: document) { item throws(RecordViolation) in
          try body(item, piece.line)
        }
      } catch {
        violation = error
      }
      if let violation { try sink.reject(violation, path: input.path, line: piece.line) }
      sink.progress(input)
    }
  }
}
