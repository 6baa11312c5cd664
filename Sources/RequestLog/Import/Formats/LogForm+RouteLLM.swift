import TextKit
import Ockham

extension LogForm {
  /// RouteLLM's tables by themselves: `prompt`, a column of True and False for each model, and its answers in
  /// `<model>_response`. The dataset is the file's name.
  static let routeLLM = LogForm(
    name: "routellm", title: "RouteLLM table",
    recognises: { row in
      guard row["prompt"]?.string != nil, let members = row.members else { return false }
      let scored = routeLLMModels(row)
      return scored.count > 1
        && members.allSatisfy { member in
          member.key == "prompt" || isRowNumber(member.key) || scored.contains(member.key)
            || scored.contains { member.key == $0 + "_response" }
        }
    },
    read: { (row, context) throws(RecordViolation) in
      let stem = PathName.stem(context.path)
      let set = stem.hasSuffix("_responses") ? String(stem.dropLast("_responses".count)) : stem
      var exchange = Exchange(id: "\(set)/\(context.row)", dataset: set)
      exchange.request = AskedRequest(request: Request(prompt: row["prompt"]?.string ?? ""))
      for model in routeLLMModels(row) {
        var answer = Exchange.Answer()
        answer.model = model
        answer.quality = row[model]?.string.map { $0 == "True" ? 1 : 0 }
        answer.said = row["\(model)_response"]?.string.map { .text($0) }
        exchange.answers.append(answer)
      }
      return [exchange]
    })

  private static func routeLLMModels(_ row: JSONNode) -> [String] {
    (row.members ?? []).filter { ["True", "False"].contains($0.value.string) && !isRowNumber($0.key) }.map(\.key)
  }

  private static func isRowNumber(_ key: String) -> Bool { key.isEmpty || key.hasPrefix("Unnamed:") || key == "index" }
}
