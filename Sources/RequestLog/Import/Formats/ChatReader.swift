import TextKit
import Ockham

/// Reads chat messages, one JSON object a line, in two shapes:
///
/// - fine-tuning files, `{"messages": […]}`: a final assistant message is the answer and is split off; the scores
///   beside it belong to `model` or to ``ChatFields/model``;
/// - logs of gateways, `{"request": {"messages": […], "model": …}, "response": {"model": …, "usage": {…}}}`: tokens
///   come from `usage`, the time from `timestamp`, `created_at` or the response's `created`.
///
/// Quality, latency and cost come from the fields that ``ChatFields`` names; what is not said stays unknown. Ids are
/// the line's `id` or `request_id`, else `<file name>:<line>`.
struct ChatReader: ImportReader {
  let options: ImportOptions

  mutating func read(_ input: any ByteInput, into sink: ImportSink) throws(ImportError) {
    let document = try ImportedObject.document(path: input.path)
    let lines = RawLineReader(input)
    while let line = try lines.nextForImport() {
      let defaultID = "\(PathName.stem(input.path)):\(line.number)"
      try sink.take(path: input.path, line: line.number) { () throws(RecordViolation) in
        if let violation = line.violation { throw violation }
        return try ImportedObject.read(line.bytes, with: document) { item throws(RecordViolation) in
          try record(item, defaultID: defaultID)
        }
      }
      sink.progress(input)
    }
  }

  private func record(_ item: ImportedObject, defaultID: String) throws(RecordViolation) -> LogRecord {
    let idKey = item["id"] != nil ? "id" : "request_id"
    let id = try item[idKey] == nil ? defaultID : item.label(idKey)
    let response = try member("response", of: item)
    var record = LogRecord(id: id, request: try request(item))
    if response == nil, record.request.segments.count > 1, record.request.segments.last?.role == .assistant {
      record.request.segments.removeLast()
    }
    record.dataset = try dataset(item)
    record.timestamp = try timestamp(item, response)
    record.outcomes = try outcome(item, response).map { [$0] } ?? []
    return record
  }

  private func request(_ item: ImportedObject) throws(RecordViolation) -> Request {
    guard let inner = item["request"] else {
      return try RequestDecoder(fields: JSONFields(item.value, role: "messages")).decode()
    }
    return try at("request") { () throws(RecordViolation) in
      try RequestDecoder(fields: JSONFields(inner, role: "messages")).decode()
    }
  }

  private func member(_ key: String, of item: ImportedObject) throws(RecordViolation) -> ImportedObject? {
    guard let value = item[key] else { return nil }
    return try at(key) { () throws(RecordViolation) in try ImportedObject(value) }
  }

  private func dataset(_ item: ImportedObject) throws(RecordViolation) -> String? {
    if let dataset = options.dataset { return dataset }
    return item["dataset"] == nil ? nil : try item.string("dataset")
  }

  /// What is known of the answer; `nil` where neither a score nor a response is there, or no one says who answered.
  private func outcome(_ item: ImportedObject, _ response: ImportedObject?) throws(RecordViolation) -> ModelOutcome? {
    let quality = try number(item, options.chat.quality, "quality")
    guard quality != nil || response != nil else { return nil }
    guard let model = try model(item, response) else {
      if quality == nil { return nil }
      throw RecordViolation(
        .missingField, field: "model", expected: "the model that the score is about", found: "none",
        remedy: "name it with --model")
    }
    var outcome = ModelOutcome(name: options.logName(of: model), quality: quality)
    outcome.latencyMilliseconds = try number(item, options.chat.latencyMilliseconds, "latency")
    outcome.costUSD = try number(item, options.chat.costUSD, "cost")
    try addTokens(to: &outcome, model: model, response)
    return outcome
  }

  private func model(_ item: ImportedObject, _ response: ImportedObject?) throws(RecordViolation) -> String? {
    let request = try member("request", of: item)
    for source in [response, request, item] {
      if let source, source["model"] != nil { return try source.string("model") }
    }
    return options.chat.model
  }

  private func addTokens(
    to outcome: inout ModelOutcome, model: String, _ response: ImportedObject?
  ) throws(RecordViolation) {
    guard let response, let counts = try member("usage", of: response) else { return }
    let input = try count(counts, "prompt_tokens", "input_tokens")
    outcome.outputTokens = try count(counts, "completion_tokens", "output_tokens")
    if outcome.costUSD == nil, let input, let output = outcome.outputTokens {
      outcome.costUSD = options.prices[model]?.costUSD(inputTokens: input, outputTokens: output)
    }
  }

  private func count(_ usage: ImportedObject, _ keys: String...) throws(RecordViolation) -> Int? {
    for key in keys {
      guard let value = usage[key] else { continue }
      return try at("response.usage.\(key)") { () throws(RecordViolation) in
        let count = try value.wholeNumber("an integer of at least 0")
        guard count >= 0 else { throw .belowZero(count) }
        return count
      }
    }
    return nil
  }

  /// The number or Boolean at a path that the caller named.
  private func number(
    _ item: ImportedObject, _ path: String?, _ role: String
  ) throws(RecordViolation) -> Double? {
    guard let path, let value = item.value(at: path) else { return nil }
    switch value.kind {
    case .yes where role == "quality": return 1
    case .no where role == "quality": return 0
    default:
      return try at(SafeText.label(path)) { () throws(RecordViolation) in try value.number("a number (\(role))") }
    }
  }

  private func timestamp(_ item: ImportedObject, _ response: ImportedObject?) throws(RecordViolation) -> String? {
    if let value = item["timestamp"] ?? item["created_at"] ?? response?["created"] {
      return try time(value)
    }
    return nil
  }

  private func time(_ value: JSONValue) throws(RecordViolation) -> String {
    guard let seconds = value.number else {
      return try at("timestamp") { () throws(RecordViolation) in
        try value.string("an ISO 8601 time or seconds since 1970")
      }
    }
    guard CivilTime.secondsRange.contains(seconds) else {
      throw .range(
        "timestamp", expected: "seconds since 1970, from 0 to 1e11", found: seconds,
        remedy: "divide milliseconds by 1,000, or write an ISO 8601 time")
    }
    return CivilTime.timestamp(seconds: seconds)
  }
}
