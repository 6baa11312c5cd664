import TextKit
import Ockham

extension LogForm {
  /// Samples of lm-evaluation-harness: a file per task and model, whose name says which; questions are joined.
  static let evaluationHarness = LogForm(
    name: "lm-eval", title: "lm-evaluation-harness samples", joining: .byID,
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
      let asked =
        arguments.raw("gen_args_0.arg_0", "0.0", "0", "arg_0")
        ?? row.raw("prompt", "doc.question", "doc.query", "doc.prompt", "doc.text", "doc.problem")
      guard let prompt = asked else {
        throw RecordViolation(
          .missingRequest, field: "arguments", expected: "the text that the model was asked", found: "none",
          remedy: "write samples with --log_samples")
      }
      var exchange = Exchange(request: try context.requests.request(turns: prompt))
      exchange.dataset = name.task
      exchange.id = "\(name.task)/\(row.label("doc_id") ?? "")"
      var answer = Exchange.Answer(Reply(row.raw("filtered_resps.0", "resps.0.0")))
      answer.model = context.options.chat.model ?? name.model
      answer.rating = context.rating(row, or: metric(of: row))
      if answer.rating == nil, context.options.chat.quality == nil {
        context.note("row without a known metric: choose one with --quality-field")
      }
      exchange.answers = [answer]
      return [exchange]
    })

  private static func metric(of row: JSONNode) -> JSONNode? {
    let stated = row.field("metrics")?.elements?.compactMap(\.string) ?? []
    let usual = [
      "exact_match", "exact_match,strict-match", "exact_match,none", "acc,none", "acc", "acc_norm", "pass@1",
      "pass_at_1", "prompt_level_strict_acc", "em", "f1", "score", "mc1", "correct",
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
