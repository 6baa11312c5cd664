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
        request: try context.requests.request(turns: PythonList.texts(row["prompt"] ?? .null)))
      exchange.dataset = row.label("eval_name")
      for model in routerBenchModels(row) {
        var answer = Exchange.Answer()
        answer.model = model
        answer.rating = row[model].flatMap { $0.isNull ? nil : $0 }
        answer.costUSD = row["\(model)|total_cost"]?.decimal
        answer.said = PythonList.texts(row["\(model)|model_response"] ?? .null).elements?.first?.string.map {
          .text($0)
        }
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

/// Lists of texts as Python prints them: `['one', "it's two"]`.
enum PythonList {
  /// The texts of a list, JSON's or Python's, as user turns; any other value as it is.
  static func texts(_ value: JSONNode) -> JSONNode {
    if let list = value.unfolded.elements { return .array(list) }
    guard let text = value.string, text.first == "[", let texts = parse(text) else { return value }
    return .array(texts.map { .string($0) })
  }

  private static func parse(_ text: String) -> [String]? {
    var rest = text.dropFirst()
    var texts: [String] = []
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == "," }
      guard let quote = rest.first else { return nil }
      if quote == "]" { return rest.dropFirst().allSatisfy(\.isWhitespace) && !texts.isEmpty ? texts : nil }
      guard quote == "'" || quote == "\"" else { return nil }
      rest = rest.dropFirst()
      guard let word = word(&rest, to: quote) else { return nil }
      texts.append(word)
    }
  }

  private static func word(_ rest: inout Substring, to quote: Character) -> String? {
    var word = ""
    while let next = rest.popFirst() {
      if next == quote { return word }
      guard next == "\\" else {
        word.append(next)
        continue
      }
      switch rest.popFirst() {
      case "n"?: word.append("\n")
      case "t"?: word.append("\t")
      case "r"?: word.append("\r")
      case let mark? where "'\"\\".contains(mark): word.append(mark)
      case let other?: word += "\\" + String(other)
      case nil: return nil
      }
    }
    return nil
  }
}
