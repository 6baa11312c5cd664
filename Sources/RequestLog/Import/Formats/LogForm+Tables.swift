import TextKit
import Ockham

extension LogForm {
  /// Rows with a prompt and one model's answer each: `prompt`, `model`, and a score, answer or cost.
  static let longTable = LogForm(
    name: "long", title: "a row per model and request", kind: .plain, isJoined: true,
    recognises: { row in
      guard prompt(row) != nil, row.field("outcomes", "choices", "messages") == nil else { return false }
      if row.label("model", "model_name") != nil { return true }
      return row.label("response", "answer", "output", "completion") != nil && WideColumns([row]).models.isEmpty
    },
    read: { (row, context) throws(RecordViolation) in
      guard let prompt = prompt(row) else { throw noPrompt }
      var exchange = Exchange(request: try context.requests.request(turns: PythonList.texts(prompt)))
      exchange.id = row.label("prompt_id", "question_id", "request_id", "sample_id") ?? context.repeatedID(row)
      exchange.id = exchange.id ?? prompt.string.map { "prompt-\(ContentHash($0).value.hexadecimal)" }
      exchange.dataset = row.label("dataset")
      exchange.time = row.field("timestamp", "created_at")
      var answer = Exchange.Answer()
      answer.model = row.label("model", "model_name")
      answer.said = row.label("response", "answer", "output", "completion").map { .text($0) }
      answer.costUSD = row.amount("cost_usd", "cost", "cost_total", "total_cost")
      answer.outputTokens = row.count("output_tokens", "completion_tokens", "tokens_completion")
      answer.inputTokens = row.count("input_tokens", "prompt_tokens", "tokens_prompt")
      answer.latencyMilliseconds = row.amount("latency_ms", "generation_time_ms")
      answer.rating = context.rating(row)
      exchange.answers = [answer]
      return [exchange]
    })

  /// Rows with a prompt and columns per model: `M_quality`, `M_cost`, `quality_M`, or `M` itself with scores 0…1.
  static let wideTable = LogForm(
    name: "wide", title: "a row per request with columns per model", kind: .plain,
    recognises: { row in
      prompt(row) != nil && row.field("outcomes", "messages") == nil && row.label("model", "model_name") == nil
        && !WideColumns([row]).models.isEmpty
    },
    read: { (row, context) throws(RecordViolation) in
      guard let prompt = prompt(row) else { throw noPrompt }
      var exchange = Exchange(request: try context.requests.request(turns: PythonList.texts(prompt)))
      exchange.id = row.label("id", "prompt_id", "question_id", "request_id", "sample_id")
      exchange.dataset = row.label("dataset", "eval_name")
      let columns = WideColumns(context.sample)
      for model in columns.models {
        var answer = Exchange.Answer()
        answer.model = model
        answer.rating = columns.quality[model].flatMap { row[$0] }.flatMap { $0.isNull ? nil : $0 }
        answer.costUSD = columns.cost[model].flatMap { row[$0]?.decimal }
        answer.outputTokens = columns.tokens[model].flatMap { row[$0]?.decimal }.flatMap { Int(exactly: $0) }
        exchange.answers.append(answer)
      }
      return [exchange]
    })

  /// The text that a row asks, by the first of the usual names in any case.
  static func prompt(_ row: JSONNode) -> JSONNode? {
    for name in ["prompt", "question", "query", "instruction", "input", "request", "user_message"] {
      for member in row.members ?? [] where member.key.trimmingSpaces.lowercased() == name {
        if let text = member.value.string, !text.trimmingSpaces.isEmpty { return member.value }
      }
    }
    return row.members?.first { isPrompt($0) }?.value
  }

  /// Whether a column such as `User Prompt` holds texts.
  private static func isPrompt(_ member: JSONMember) -> Bool {
    guard let text = member.value.string, !text.trimmingSpaces.isEmpty, member.value.decimal == nil else {
      return false
    }
    let words = member.key.lowercased().split { !$0.isLetter }
    return ["prompt", "question", "query"].contains { words.contains($0[...]) }
      && ["id", "tokens", "hash", "name", "version", "type", "cost"].allSatisfy { !words.contains($0[...]) }
  }

  private static let noPrompt = RecordViolation(
    .missingRequest, field: "prompt", expected: "a prompt", found: "none", remedy: "fill the cell or drop the row")
}

extension FormContext {
  /// The `id` of a row, where the file's first rows repeat some: else it numbers rows, not requests.
  fileprivate func repeatedID(_ row: JSONNode) -> String? {
    let ids = sample.compactMap { $0.label("id") }
    return Set(ids).count < ids.count ? row.label("id") : nil
  }
}

/// Which columns of a wide table hold what of which model.
struct WideColumns {
  private(set) var models: [String] = []
  private(set) var quality: [String: String] = [:]
  private(set) var cost: [String: String] = [:]
  private(set) var tokens: [String: String] = [:]

  private static let other: Set<String> = [
    "id", "index", "prompt", "question", "query", "instruction", "input", "request", "dataset", "timestamp", "weight",
    "difficulty", "propensity", "temperature", "top_p", "label", "target", "turn", "idx", "row", "score", "quality",
  ]

  init(_ rows: [JSONNode]) {
    let columns = (rows.first?.members ?? []).map(\.key)
    for column in columns { take(named: column) }
    guard quality.isEmpty else { return }
    (models, cost, tokens) = ([], [:], [:])
    for column in columns
    where !Self.other.contains(column.lowercased()) && Self.areScores(rows.compactMap { $0[column] }) {
      models.append(column)
      quality[column] = column
    }
  }

  private mutating func take(named column: String) {
    let kinds: [(WritableKeyPath<Self, [String: String]>, [String])] = [
      (\.quality, ["quality", "score", "correct", "ok", "accuracy", "grade", "passed"]),
      (\.cost, ["cost_usd", "total_cost", "cost"]), (\.tokens, ["output_tokens", "completion_tokens"]),
    ]
    for (part, words) in kinds {
      for word in words {
        guard let model = Self.model(in: column, beside: word) else { continue }
        if !models.contains(model) { models.append(model) }
        self[keyPath: part][model] = self[keyPath: part][model] ?? column
        return
      }
    }
  }

  private static func model(in column: String, beside word: String) -> String? {
    let lower = column.lowercased()
    guard lower.utf8.count == column.utf8.count else { return nil }
    for mark in ["_", " ", ".", "|", ":", "/", "-"] {
      if lower.hasSuffix(mark + word), lower.count > word.count + 1 { return String(column.dropLast(word.count + 1)) }
      if lower.hasPrefix(word + mark), lower.count > word.count + 1 { return String(column.dropFirst(word.count + 1)) }
    }
    return nil
  }

  private static func areScores(_ cells: [JSONNode]) -> Bool {
    let known = cells.filter { !$0.isNull }
    return !known.isEmpty
      && known.allSatisfy { cell in
        if cell.boolean != nil || ["true", "false"].contains(cell.string?.lowercased()) { return true }
        return cell.decimal.map { (0...1).contains($0) } ?? false
      }
  }
}
