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
    let asked = row.field("messages").flatMap {
      $0.elements?.isEmpty == false || $0.label("messages") != nil ? $0 : nil
    }
    let text = row["messages"]?.string.flatMap { $0.isEmpty || asked != nil ? nil : $0 }
    guard let turns = asked ?? text.map({ .string($0) }) ?? settings.field("messages", "input", "prompt") else {
      throw RecordViolation(
        .missingRequest, field: "messages", expected: "messages", found: "none",
        remedy: "let LiteLLM keep prompts: store_prompts_in_spend_logs")
    }
    var exchange = Exchange(
      id: row.label("id", "request_id"),
      request: try requests.request(
        system: settings["system"] ?? settings["instructions"] ?? .null, turns: turns, settings: settings))
    let (model, group) = (row.label("model"), row.label("model_group"))
    exchange.dataset = group == model ? nil : group
    exchange.time = row.field("startTime")
    if row.label("status") == "failure" {
      note("request that failed: no outcome")
      return [exchange]
    }
    let reply = Reply(row.field("response"))
    var answer = Exchange.Answer(reply)
    answer.model = model ?? reply.model
    answer.costUSD = row.amount("response_cost", "spend")
    answer.inputTokens = row.count("prompt_tokens") ?? reply.inputTokens
    answer.outputTokens = row.count("completion_tokens") ?? reply.outputTokens
    answer.latencyMilliseconds =
      row.amount("response_time").map { ($0 * 1e6).rounded() / 1e3 } ?? row.amount("request_duration_ms")
      ?? ExchangeTime.milliseconds(from: row["startTime"], to: row["endTime"])
    answer.rating = rating(row)
    exchange.answers = [answer]
    return [exchange]
  }
}
