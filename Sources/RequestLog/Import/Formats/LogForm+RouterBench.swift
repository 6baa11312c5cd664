import TextKit
import Ockham

extension LogForm {
  /// RouterBench's wide table: for a model M the columns `M`, `M|model_response` and `M|total_cost`.
  static let routerBench = LogForm(
    name: "routerbench", title: "RouterBench table",
    recognises: { row in row["prompt"] != nil && !routerBenchModels(row).isEmpty },
    read: { (row, context) throws(RecordViolation) in
      var exchange = Exchange(
        id: row.label("sample_id"),
        request: try context.requests.request(turns: row["prompt"] ?? .null))
      exchange.dataset = row.label("eval_name")
      for model in routerBenchModels(row) {
        var answer = Exchange.Answer()
        answer.model = model
        answer.rating = row[model].flatMap { $0.isNull ? nil : $0 }
        answer.costUSD = row["\(model)|total_cost"]?.decimal
        let said = row["\(model)|model_response"]
        answer.said = Reply(said?.unfolded.elements?.first { $0.string != nil } ?? said).said
        exchange.answers.append(answer)
      }
      return [exchange]
    })

  private static func routerBenchModels(_ row: JSONNode) -> [String] {
    let names = (row.members ?? []).compactMap { member -> String? in
      for end in ["|total_cost", "|model_response"] where member.key.hasSuffix(end) {
        return String(member.key.dropLast(end.count))
      }
      return nil
    }
    var models: [String] = []
    for name in names where row[name] != nil && !models.contains(name) { models.append(name) }
    return models
  }
}
