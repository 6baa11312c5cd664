import TextKit

/// Finds keys of a log that are probably misspelt: a key that is not known, close to a known one that is missing beside it.
///
/// A log may hold any keys beside the known ones; those are skipped, and only those that look like a slip are named.
struct KeyCheck<Name: JSONFieldName> {
  /// Other words for a key: `score` for `quality`.
  private let synonyms: [String: String]
  private let isOutcome: Bool
  /// What was found out about a key, by the hash of its bytes: the known key that may be meant, or an empty text.
  private var verdicts: [UInt64: String] = [:]

  init(_ synonyms: [String: String], isOutcome: Bool) {
    self.synonyms = synonyms
    self.isOutcome = isOutcome
  }

  /// Notes each key of an object that may be meant as a key that `fields` lacks.
  mutating func check(
    _ object: JSONValue, _ fields: JSONFields<Name>, into remarks: inout LogRemarks, at place: LogPlace
  ) {
    for (key, _) in JSONMembers(of: object) {
      var hash = ContentHash()
      key.withBytes { hash.append($0) }
      let meant = verdicts[hash.value] ?? judge(key, hash: hash.value)
      guard !meant.isEmpty, !Name.allCases.contains(where: { "\($0.key)" == meant && fields[$0] != nil }) else {
        continue
      }
      let object = isOutcome ? "outcomes: " : ""
      remarks.note(
        "\(object)unknown key \(SafeText.label(key.repairedString)) skipped: did you mean \"\(meant)\"?", at: place)
    }
  }

  private mutating func judge(_ key: JSONValue, hash: UInt64) -> String {
    let meant = nearest(to: key.repairedString) ?? ""
    if verdicts.count < 4096 { verdicts[hash] = meant }
    return meant
  }

  private func nearest(to key: String) -> String? {
    let known = Name.allCases.map { "\($0.key)" }
    if known.contains(key) || Self.ofRequests.contains(key) { return nil }
    let word = Self.plain(key)
    if let meant = synonyms[word] { return meant }
    if let same = known.first(where: { Self.plain($0) == word }) { return same }
    return word.count > 3 ? NearestName.to(key, among: known) : nil
  }

  /// Keys of a request that no reader needs and that `ockham collect` sends along.
  private static var ofRequests: [String] {
    [
      "temperature", "top_p", "stop", "seed", "presence_penalty", "frequency_penalty", "logit_bias", "reasoning_effort",
      "tool_choice", "parallel_tool_calls",
    ]
  }

  /// Letters and digits in lower case: `costUSD` and `cost_usd` are one word.
  private static func plain(_ key: String) -> String { key.lowercased().filter { $0.isLetter || $0.isNumber } }
}

extension KeyCheck where Name == RecordField {
  /// For the keys of a record.
  static var ofRecord: Self {
    KeyCheck(
      [
        "question": "prompt", "query": "prompt", "instruction": "prompt", "input": "prompt", "text": "prompt",
        "conversations": "messages", "results": "outcomes", "models": "outcomes", "responses": "outcomes",
        "time": "timestamp", "createdat": "timestamp", "date": "timestamp", "conversationid": "conversation",
        "sessionid": "conversation", "category": "dataset", "source": "dataset", "tasktype": "task",
      ], isOutcome: false)
  }
}

extension KeyCheck where Name == OutcomeField {
  /// For the keys of an outcome.
  static var ofOutcome: Self {
    KeyCheck(
      [
        "score": "quality", "rating": "quality", "correct": "quality", "iscorrect": "quality", "grade": "quality",
        "accuracy": "quality", "reward": "quality", "passed": "quality", "label": "quality", "cost": "cost_usd",
        "price": "cost_usd", "usd": "cost_usd", "spend": "cost_usd", "totalcost": "cost_usd",
        "completiontokens": "output_tokens", "tokens": "output_tokens", "latency": "latency_ms",
        "durationms": "latency_ms", "responsetimems": "latency_ms", "response": "answer", "output": "answer",
        "completion": "answer", "text": "answer", "content": "answer",
      ], isOutcome: true)
  }
}
