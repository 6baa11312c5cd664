import TextKit
import Ockham

extension LogForm {
  /// LiteLLM's standard logging payload.
  static let liteLLM = LogForm(
    name: "litellm", title: "LiteLLM standard logging payload",
    recognises: { row in
      row["call_type"] != nil && row["response_cost"] != nil && row["messages"] != nil && row["spend"] == nil
    },
    read: { (row, context) throws(RecordViolation) in
      try context.liteLLM(row, settings: row.field("model_parameters") ?? .null)
    })

  /// LiteLLM's spend logs, from its API or its Postgres table as CSV.
  static let liteLLMSpend = LogForm(
    name: "litellm-spend", title: "LiteLLM spend logs",
    recognises: { row in
      row["call_type"] != nil && row["spend"] != nil && (row["request_id"] != nil || row["api_key"] != nil)
    },
    read: { (row, context) throws(RecordViolation) in
      try context.liteLLM(row, settings: row.field("proxy_server_request") ?? .null)
    })
}

extension FormContext {
  /// A call as LiteLLM logs it; the group that was asked for becomes the dataset where it is no model.
  fileprivate func liteLLM(_ row: JSONNode, settings: JSONNode) throws(RecordViolation) -> [Exchange] {
    guard Self.isOfModels(row.label("call_type") ?? "") else {
      note("call that is no completion, such as an embedding: left out")
      return []
    }
    // Where prompts are not kept the messages are an empty object; the body that was sent may have them all the same.
    let asked = [
      row["messages"], settings.raw("messages", "input", "prompt"), row.raw("proxy_server_request.messages"),
    ]
    let told = asked.compactMap(\.self).first { Self.saysSomething($0.unfolded) }
    guard let turns = told else {
      throw RecordViolation(
        .missingRequest, field: "messages", expected: "messages", found: "none",
        remedy: "let LiteLLM keep prompts: store_prompts_in_spend_logs, turn_off_message_logging off")
    }
    var exchange = Exchange(
      id: row.label("id", "request_id"),
      request: try requests.request(
        system: RequestReading.system(of: settings), turns: turns, settings: settings))
    let (model, group) = (row.label("model"), row.label("model_group"))
    exchange.dataset = group == model ? nil : group
    exchange.time = row.raw("startTime", "start_time")
    exchange.conversation = row.label("session_id", "litellm_session_id")
    if ["failure", "failed", "error"].contains(row.label("status")?.lowercased()) {
      note("request that failed: no outcome")
      return [exchange]
    }
    let reply = Reply(Self.saysSomething(row.field("response") ?? .null) ? row.raw("response") : nil)
    var answer = Exchange.Answer(reply)
    answer.model = model ?? reply.model
    answer.costUSD = row.amount("response_cost", "spend")
    answer.inputTokens = row.count("prompt_tokens") ?? reply.inputTokens
    answer.outputTokens = row.count("completion_tokens") ?? reply.outputTokens
    answer.latencyMilliseconds =
      row.amount("response_time").map { ($0 * 1e6).rounded() / 1e3 } ?? row.amount("request_duration_ms")
      ?? ExchangeTime.milliseconds(from: row.raw("startTime", "start_time"), to: row.raw("endTime", "end_time"))
    answer.rating = rating(row)
    exchange.answers = [answer]
    return [exchange]
  }

  /// Whether a type of call asks a model for text; LiteLLM has many others.
  private static func isOfModels(_ type: String) -> Bool {
    let others = [
      "embedding", "image", "speech", "transcription", "moderation", "rerank", "file", "batch", "fine_tuning", "ocr",
      "search", "vector_store", "container", "video", "assistant", "thread", "realtime",
    ]
    return !others.contains { type.lowercased().contains($0) }
  }

  /// Whether a value holds anything: for what LiteLLM does not keep it writes `{}` or a placeholder.
  private static func saysSomething(_ value: JSONNode) -> Bool {
    if let text = value.string { return !text.trimmingSpaces.isEmpty && !isPlaceholder(text) }
    if let messages = value.elements, value.isMessages {
      return messages.contains { message in message["content"].map { !isPlaceholder($0.string ?? "") } ?? true }
    }
    if let said = value.field("choices.0.message.content")?.string, isPlaceholder(said) { return false }
    return value.members?.isEmpty == false || value.elements?.isEmpty == false
  }

  private static func isPlaceholder(_ text: String) -> Bool {
    let words = FieldName.words(of: text)
    return words == "redacted_by_litellm" || words == "redacted_by_lite_llm"
  }
}
