import TextKit
import Ockham

extension LogForm {
  /// Samples of lm-evaluation-harness: a file per task and model, whose name says which; questions are joined.
  static let evaluationHarness = LogForm(
    name: "lm-eval", title: "lm-evaluation-harness samples", isJoined: true,
    recognises: { row in
      row["doc_id"] != nil && row.field("doc")?.members != nil && row.field("arguments") != nil && row["resps"] != nil
    },
    read: { (row, context) throws(RecordViolation) in
      let name = SamplesName(path: context.path)
      if let filter = row.label("filter"), let first = context.sample.first?.label("filter"), filter != first {
        context.note("row of another filter than the file's first: left out")
        return []
      }
      let arguments = row.field("arguments") ?? .null
      guard let prompt = arguments.field("gen_args_0.arg_0", "0.0", "0") ?? row.field("doc.question") else {
        throw RecordViolation(
          .missingRequest, field: "arguments", expected: "the text that the model was asked", found: "none",
          remedy: "write samples with --log_samples")
      }
      var exchange = Exchange(request: try context.requests.request(turns: prompt))
      exchange.dataset = name.task
      exchange.id = "\(name.task)/\(row.label("doc_id") ?? "")"
      var answer = Exchange.Answer(Reply(row.field("filtered_resps.0", "resps.0.0")))
      answer.model = name.model
      answer.rating = context.options.chat.quality == nil ? metric(of: row) : context.rating(row)
      if answer.rating == nil { context.note("row without a known metric: choose one with --quality-field") }
      exchange.answers = [answer]
      return [exchange]
    })

  private static func metric(of row: JSONNode) -> JSONNode? {
    let stated = row.field("metrics")?.elements?.compactMap(\.string) ?? []
    let usual = [
      "exact_match", "acc", "acc_norm", "pass@1", "pass_at_1", "prompt_level_strict_acc", "em", "f1", "score",
    ]
    for name in stated + usual {
      if let value = row[name], value.decimal != nil || value.boolean != nil { return value }
    }
    return nil
  }
}

/// What a samples file is called: `samples_TASK_MODEL.jsonl`, or `MODEL/samples_TASK_TIME.jsonl`.
private struct SamplesName {
  var task: String
  var model: String?

  init(path: String) {
    var stem = PathName.stem(path)
    if stem.hasPrefix("samples_") { stem.removeFirst("samples_".count) }
    // Slashes of a model's name are written as two underscores.
    stem = stem.replacing("__", with: "/")
    guard let cut = stem.lastIndex(of: "_") else {
      (task, model) = (stem, PathName.folder(path)?.replacing("__", with: "/"))
      return
    }
    task = String(stem[..<cut])
    let rest = String(stem[stem.index(after: cut)...])
    let isTime = rest.prefix(4).allSatisfy(\.isNumber) && rest.dropFirst(4).first == "-"
    model = isTime ? PathName.folder(path)?.replacing("__", with: "/") : rest
  }
}
