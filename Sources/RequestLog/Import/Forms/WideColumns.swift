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
        "rating", "performance", "thumbs", "feedback", "stars", "verdict", "exact_match", "acc", "win",
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
    "usage", "user", "version", "usd", "dollars", "eur", "cents", "percent", "seconds", "s", "sec",
  ]

  private static let noScores: Set<String> = [
    "id", "index", "prompt", "question", "query", "instruction", "input", "request", "dataset", "timestamp", "weight",
    "difficulty", "propensity", "temperature", "top_p", "label", "target", "turn", "idx", "row", "score", "quality",
    "stream", "streamed", "cached", "cache_hit", "is_test", "split", "language", "eligible", "n",
  ]

  /// - Parameters:
  ///   - taken: fields that hold something else.
  ///   - isOfOneModel: whether rows have an answer or a score of their own: other columns of scores are of models then only
  ///     where their names say so.
  init(
    _ sample: [JSONNode], taken: Set<String> = [], isOfOneModel: Bool = false, _ ratings: RatingScale = RatingScale()
  ) {
    var columns: [String] = []
    for key in sample.flatMap({ $0.members ?? [] }).map(\.key) where !columns.contains(key) && !taken.contains(key) {
      columns.append(key)
    }
    for column in columns { take(named: column, sample, ratings) }
    dropLoneAnswer()
    if places[.quality] != nil { return }
    let known = self.columns
    let scored = columns.filter { column in
      !column.isEmpty && !known.contains(column) && !column.hasPrefix("Unnamed:")
        && !Self.noScores.contains(FieldName.words(of: column))
        && Self.areScores(sample.compactMap { $0[column] }, ratings)
    }
    take(bareModels: scored, isOfOneModel: isOfOneModel)
  }

  /// Takes columns that are called by a model's name alone. Those of which other columns speak, such as `cost m` of `m`, are sure;
  /// without such columns a name must be that of a known family where rows have an answer of their own, and no flag's otherwise.
  private mutating func take(bareModels scored: [String], isOfOneModel: Bool) {
    let spokenOf = scored.filter(models.contains)
    let bare = scored.filter { isOfOneModel ? ModelFamily.isNamed(in: $0) : !Self.isFlag($0) }
    let taken = spokenOf.isEmpty ? bare : spokenOf
    if taken.isEmpty { return }
    for column in taken where !models.contains(column) { models.append(column) }
    places[.quality] = Dictionary(uniqueKeysWithValues: taken.map { ($0, $0) })
    let answers = places[.response] ?? [:]
    models.removeAll { !taken.contains($0) && answers[$0] == nil }
  }

  /// Whether a column's name says what holds of a row: `is_pii`, `flagged`, `turns`.
  private static func isFlag(_ column: String) -> Bool {
    let words = FieldName.words(of: column).split(separator: "_").map(String.init)
    guard let first = words.first, let last = words.last, !ModelFamily.isNamed(in: column) else { return false }
    return (flagStarts.contains(first) || first.hasPrefix("need")) && words.count > 1 || flagEnds.contains(last)
      || words.count == 1 && flags.contains(first)
  }

  private static let flagStarts: Set<String> = [
    "is", "has", "had", "have", "was", "were", "are", "can", "should", "contains", "uses", "used",
    "requires", "num", "n", "no", "count", "total", "max", "min", "with", "in", "mentions", "allow", "enable",
  ]
  private static let flagEnds: Set<String> = [
    "flag", "flagged", "count", "tokens", "ms", "id", "length", "rate", "ratio", "prob", "probability", "index",
    "seconds", "turns", "required", "needed", "enabled", "allowed", "weight", "reward", "share", "rank", "level",
  ]
  private static let flags: Set<String> = [
    "success", "resolved", "toxic", "toxicity", "pii", "spam", "safe", "unsafe", "blocked", "refused", "refusal",
    "truncated", "completed", "complete", "valid", "error", "failed", "failure", "retry", "retries", "priority",
    "sensitive", "harmful", "human", "test", "production", "prod", "active", "archived", "deleted", "public",
    "private", "multilingual", "english", "code", "math", "streaming", "escalated", "reviewed", "verified", "sampled",
    "clicked", "copied", "edited", "regenerated", "bot", "internal", "vip", "paid", "premium", "ambiguous", "easy",
    "hard", "hate", "violence", "sexual", "harassment", "nsfw", "prob", "pscore", "p", "y", "outcome", "answered",
    "useful", "relevant", "relevance", "sentiment", "complexity", "urgency", "confidence",
  ]

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
        guard let model = Self.model(in: column, beside: word) ?? Self.model(inMeasured: column, part, beside: word)
        else { continue }
        guard Self.fits(part, sample.compactMap { $0[column] }, ratings) else { return }
        if !models.contains(model) { models.append(model) }
        if places[part]?[model] == nil { places[part, default: [:]][model] = column }
        return
      }
    }
  }

  /// The same in a name that ends in what is measured, such as `m Score (0-1)`, `m Cost (USD)`, `m correct?`. A cost in another
  /// money than dollars is none.
  private static func model(inMeasured column: String, _ part: FieldPart, beside word: String) -> String? {
    var name = column.trimmingSpaces
    while name.hasSuffix("?") { name.removeLast() }
    name = name.trimmingSpaces
    for (open, close) in [("(", ")"), ("[", "]")] where name.hasSuffix(close) {
      guard let start = name.lastIndex(of: Character(open)) else { continue }
      let unit = name[name.index(after: start)...].dropLast().lowercased()
      let stem = String(name[..<start]).trimmingSpaces
      switch part {
      case .cost where !["usd", "$", "us$", "dollar", "dollars", "us dollars", "in usd"].contains(unit): return nil
      case .latency:
        guard ["ms", "milliseconds", "in ms"].contains(unit) else { return nil }
        return model(in: stem, beside: String(word.dropLast("_ms".count)))
      case .response, .outputTokens, .inputTokens, .cost, .quality: return model(in: stem, beside: word)
      default: return nil
      }
    }
    return name == column ? nil : model(in: name, beside: word)
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
    // Scales and units in brackets are no models: `Score (1-5)`.
    guard name.contains(where: \.isLetter) else { return nil }
    return noModels.contains(FieldName.words(of: name)) ? nil : name
  }

  private static func fits(_ part: FieldPart, _ cells: [JSONNode], _ ratings: RatingScale) -> Bool {
    let known = cells.filter { !$0.isNull }
    switch part {
    case .quality: return known.isEmpty || known.contains { $0.decimal != nil || ratings.qualityOfCell($0) != nil }
    case .response: return true
    default: return known.isEmpty || known.contains { $0.number(as: part) != nil }
    }
  }

  private static func areScores(_ cells: [JSONNode], _ ratings: RatingScale) -> Bool {
    let known = cells.filter { !$0.isNull }
    return !known.isEmpty && known.allSatisfy { ratings.qualityOfCell($0) != nil }
  }
}
