import TextKit

/// Which columns of a wide table hold what of which model: `M_quality`, `Score M`, `M (cost)`, `M|model_response`, or `M`
/// itself where all its cells are scores.
struct WideColumns {
  private(set) var models: [String] = []
  /// The column of a part of a model.
  private(set) var places: [FieldPart: [String: String]] = [:]

  init() {}

  /// All columns about a model.
  var columns: Set<String> { Set(places.values.flatMap(\.values)) }

  /// The column that holds a part of a model.
  func column(_ part: FieldPart, of model: String) -> String? { places[part]?[model] }

  /// What columns were taken for.
  var phrases: [String] {
    models.flatMap { model in
      Self.parts.compactMap { part, _ in column(part, of: model).map { "\($0) is the \(part.title) of \(model)" } }
    }
  }

  private static let parts: [(FieldPart, [String])] = [
    (
      .quality,
      [
        "quality", "is_correct", "correctness", "correct", "score", "ok", "accuracy", "grade", "passed", "pass",
        "rating", "performance", "thumbs", "feedback", "stars", "verdict",
      ]
    ),
    (.cost, ["cost_usd", "total_cost", "cost", "price_usd"]),
    (.outputTokens, ["output_tokens", "completion_tokens", "tokens_out"]),
    (.inputTokens, ["input_tokens", "prompt_tokens", "tokens_in"]), (.latency, ["latency_ms", "duration_ms"]),
    (.response, ["model_response", "response", "answer", "output", "completion", "generation"]),
  ]

  /// Words beside `score` and its like that are no model.
  private static let noModels: Set<String> = [
    "answer", "api", "assistant", "average", "avg", "bot", "chatbot", "completion", "confidence", "correct", "cost",
    "count", "date", "expected", "feedback", "final", "format", "gold", "hash", "human", "id", "index", "input", "is",
    "judge", "key", "language", "length", "level", "list", "llm", "max", "mean", "min", "model", "ms", "name", "notes",
    "output", "overall", "prompt", "quality", "query", "question", "rate", "reason", "reference", "relevance",
    "request",
    "response", "schema", "similarity", "status", "system", "text", "time", "token", "tokens", "total", "type", "url",
    "usage", "user", "version",
  ]

  private static let noScores: Set<String> = [
    "id", "index", "prompt", "question", "query", "instruction", "input", "request", "dataset", "timestamp", "weight",
    "difficulty", "propensity", "temperature", "top_p", "label", "target", "turn", "idx", "row", "score", "quality",
    "stream", "streamed", "cached", "cache_hit", "is_test", "split", "language", "eligible", "n",
  ]

  /// - Parameter taken: fields that hold something else.
  init(_ sample: [JSONNode], taken: Set<String> = [], _ ratings: RatingScale = RatingScale()) {
    var columns: [String] = []
    for key in sample.flatMap({ $0.members ?? [] }).map(\.key) where !columns.contains(key) && !taken.contains(key) {
      columns.append(key)
    }
    for column in columns { take(named: column, sample, ratings) }
    dropLoneAnswer()
    if places[.quality] != nil { return }
    let answers = places[.response] ?? [:]
    let known = self.columns
    let scored = columns.filter { column in
      !column.isEmpty && !known.contains(column) && !column.hasPrefix("Unnamed:")
        && !Self.noScores.contains(FieldName.words(of: column))
        && Self.areScores(sample.compactMap { $0[column] }, ratings)
    }
    if scored.isEmpty { return }
    // Names of models stand by themselves: what was read out of other columns' names counts only where it agrees.
    for column in scored where !models.contains(column) { models.append(column) }
    places[.quality] = Dictionary(uniqueKeysWithValues: scored.map { ($0, $0) })
    models.removeAll { !scored.contains($0) && answers[$0] == nil }
  }

  /// One column such as `output_style` by itself is of no model.
  private mutating func dropLoneAnswer() {
    let parts = places.filter { $0.key != .response }
    let lone = models.filter { model in !parts.values.contains { $0[model] != nil } }
    guard lone.count == 1 else { return }
    models.removeAll { lone.contains($0) }
    places[.response]?[lone[0]] = nil
  }

  private mutating func take(named column: String, _ sample: [JSONNode], _ ratings: RatingScale) {
    for (part, words) in Self.parts {
      for word in words {
        guard let model = Self.model(in: column, beside: word) else { continue }
        guard Self.fits(part, sample.compactMap { $0[column] }, ratings) else { return }
        if !models.contains(model) { models.append(model) }
        if places[part]?[model] == nil { places[part, default: [:]][model] = column }
        return
      }
    }
  }

  /// The model in the name of a column beside a word for a part; `nil` where there is none.
  static func model(in column: String, beside word: String) -> String? {
    let lower = column.lowercased()
    guard lower.utf8.count == column.utf8.count else { return nil }
    for spelling in [word, word.replacing("_", with: " ")] {
      for mark in ["_", " ", ".", "|", ":", "/", "-"] {
        if lower.hasSuffix(mark + spelling) { return name(column.dropLast(spelling.count + 1)) }
        if lower.hasPrefix(spelling + mark) { return name(column.dropFirst(spelling.count + 1)) }
      }
      for (open, close) in [("(", ")"), ("[", "]")] {
        if lower.hasSuffix(open + spelling + close) { return name(column.dropLast(spelling.count + 2)) }
        if lower.hasPrefix(spelling + open), lower.hasSuffix(close) {
          return name(column.dropFirst(spelling.count + 1).dropLast())
        }
      }
    }
    return nil
  }

  private static func name(_ text: Substring) -> String? {
    var name = String(text).trimmingSpaces
    for bracket in [("(", ")"), ("[", "]")] where name.hasPrefix(bracket.0) && name.hasSuffix(bracket.1) {
      name = String(name.dropFirst().dropLast())
    }
    while let last = name.last, ":|-_ ".contains(last) { name.removeLast() }
    while let first = name.first, ":|-_ ".contains(first) { name.removeFirst() }
    return name.isEmpty || noModels.contains(FieldName.words(of: name)) ? nil : name
  }

  private static func fits(_ part: FieldPart, _ cells: [JSONNode], _ ratings: RatingScale) -> Bool {
    let known = cells.filter { !$0.isNull }
    switch part {
    case .quality: return known.isEmpty || known.contains { $0.decimal != nil || ratings.quality(of: $0) != nil }
    case .response: return true
    default: return known.allSatisfy { $0.decimal != nil }
    }
  }

  private static func areScores(_ cells: [JSONNode], _ ratings: RatingScale) -> Bool {
    let known = cells.filter { !$0.isNull }
    return !known.isEmpty && known.allSatisfy { ratings.quality(of: $0) != nil }
  }
}
