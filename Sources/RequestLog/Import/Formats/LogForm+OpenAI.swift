import TextKit
import Ockham

extension LogForm {
  /// Completions that OpenAI stores: the completion with its `messages` beside `choices`.
  static let openAIStored = LogForm(
    name: "openai-stored", title: "OpenAI stored completions",
    recognises: { $0.field("choices")?.isListOfObjects == true && $0.field("messages")?.isListOfObjects == true },
    read: { (row, context) throws(RecordViolation) in
      var exchange = try context.exchange(request: row, response: row)
      exchange.id = row.label("id")
      exchange.answers[0].rating = context.rating(row)
      return [exchange]
    })

  /// Batch files of OpenAI: requests (`custom_id`, `url`, `body`) and answers (`custom_id`, `response`), joined.
  static let openAIBatch = LogForm(
    name: "openai-batch", title: "OpenAI batch input and output", joining: .byID,
    recognises: { row in
      guard row.label("custom_id") != nil else { return false }
      return row.field("body")?.members != nil || row.field("response.body")?.members != nil
        || (row.field("response", "error") != nil && row.field("params", "result") == nil)
    },
    read: { (row, context) throws(RecordViolation) in
      var exchange: Exchange
      if let body = row.field("body") {
        exchange = Exchange(request: try context.requests.request(body))
      } else {
        let reply = Reply(row.raw("response.body"))
        if reply.choices > 1 { context.note("answer with several choices: the first counts") }
        if reply.said == nil { context.note("request of a batch that failed: no outcome") }
        exchange = Exchange(time: reply.created, answers: [Exchange.Answer(reply)])
        exchange.answers[0].rating = context.rating(row)
      }
      exchange.id = row.label("custom_id")
      return [exchange]
    })

  /// Requests and responses of OpenAI's Responses API: `request.input` beside `response.output`, or both in one object.
  static let responses = LogForm(
    name: "openai-responses", title: "OpenAI Responses requests and responses", kind: .general,
    recognises: { row in
      let request = row.field("request") ?? row
      guard request.field("input") != nil, request.field("messages") == nil else { return false }
      let output = row.field("response.output") ?? (row["object"]?.string == "response" ? row.field("output") : nil)
      return output?.elements != nil
    },
    read: { (row, context) throws(RecordViolation) in [try context.logged(row)] })

  /// Requests beside responses, as most gateways log them.
  static let gateway = LogForm(
    name: "gateway", title: "a gateway's requests and responses", kind: .general,
    recognises: { row in
      guard let request = row.field("request"), request.members != nil, request.field("body") == nil,
        request.field("messages")?.isListOfObjects == true || request.label("prompt") != nil
      else { return false }
      return !LogForm.anthropicLog.recognises(row)
    },
    read: { (row, context) throws(RecordViolation) in [try context.logged(row)] })

  /// Chat messages on their own, as for fine-tuning: a record per answer. An answer beside the messages is the last one.
  static let chat = LogForm(
    name: "chat", title: "chat messages, as for fine-tuning", kind: .general,
    recognises: { row in
      row.field("messages")?.isListOfObjects == true
        && row.field("choices", "request", "body", "params", "outcomes") == nil
    },
    read: { (row, context) throws(RecordViolation) in
      let id = row.label("id", "request_id")
      let path = context.options.chat.responseField
      let answer = row.raw([path, "response", "output", "completion", "answer", "reply"].compactMap { $0 })
      // Anthropic's request and message in one object.
      let isMessage = row.field("content") != nil && row.field("stop_reason", "usage") != nil
      if answer == nil, isMessage { return [try context.logged(row)] }
      guard let answer else { return try context.turns(of: row.field("messages") ?? .null, row: row, id: id) }
      let isBody = path == nil && answer.unfolded.members != nil
      var exchange = try context.logged(row, response: isBody ? answer : nil)
      exchange.answers[0].said = exchange.answers[0].said ?? Reply(answer, isAnswer: true).said
      return [exchange]
    })
}

extension FormContext {
  /// A row with `request` and `response`, and the usual names for what is known of them.
  func logged(_ row: JSONNode, response: JSONNode? = nil) throws(RecordViolation) -> Exchange {
    var exchange = try exchange(request: row.field("request") ?? row, response: response ?? row.raw("response") ?? row)
    exchange.id = row.label("id", "request_id", "_id", "uuid")
    exchange.dataset = row.label("dataset")
    exchange.conversation = row.label("conversation_id", "session_id", "thread_id")
    if exchange.answers[0].model == nil {
      exchange.answers[0].model = row.label("model", "model_name", "metadata.model")
    }
    exchange.time = row.raw("timestamp", "created_at", "createdAt", "time") ?? exchange.time
    exchange.answers[0].addAmounts(of: row)
    exchange.answers[0].rating = rating(row)
    return exchange
  }
}

extension Exchange.Answer {
  /// What a row says of money, time and tokens under the usual names.
  mutating func addAmounts(of row: JSONNode) {
    costUSD =
      costUSD ?? row.amount("cost_usd", "cost", "response_cost", "spend", "total_cost", "usage.cost")
    latencyMilliseconds =
      latencyMilliseconds ?? row.amount("latency_ms", "duration_ms", "response_time_ms", "latencyMs", "durationMs")
    inputTokens = inputTokens ?? row.count("prompt_tokens", "input_tokens", "promptTokens", "inputTokens")
    outputTokens = outputTokens ?? row.count("completion_tokens", "output_tokens", "completionTokens", "outputTokens")
  }
}
