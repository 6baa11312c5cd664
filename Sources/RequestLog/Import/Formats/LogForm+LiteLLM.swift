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
    // Where prompts are not kept the messages are an empty object; the body that was sent may have them all the same.
    let asked = [
      row["messages"], settings.raw("messages", "input", "prompt"), row.raw("proxy_server_request.messages"),
    ]
    let told = asked.compactMap(\.self).first { Self.saysSomething($0.unfolded) }
    guard let turns = told else {
      throw RecordViolation(
        .missingRequest, field: "messages", expected: "messages", found: "none",
        remedy: "let LiteLLM keep prompts: store_prompts_in_spend_logs")
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

  /// Whether a value holds anything: LiteLLM writes `{}` for what it does not keep.
  private static func saysSomething(_ value: JSONNode) -> Bool {
    if let text = value.string { return !text.trimmingSpaces.isEmpty }
    return value.members?.isEmpty == false || value.elements?.isEmpty == false
  }
}
