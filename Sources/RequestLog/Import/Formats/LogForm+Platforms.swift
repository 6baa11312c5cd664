import TextKit
import Ockham

extension LogForm {
  /// Helicone's requests: `request_body` and `response_body`, or both without `_body`.
  static let helicone = LogForm(
    name: "helicone", title: "Helicone requests",
    recognises: { row in
      row.field("request_body")?.members != nil
        || (row["request_created_at"] != nil && row.field("request")?.members != nil)
    },
    read: { (row, context) throws(RecordViolation) in
      var exchange = try context.exchange(
        request: row.field("request_body", "request") ?? .null, response: row.raw("response_body", "response"))
      exchange.id = row.label("request_id")
      exchange.time = row.raw("request_created_at", "created_at", "createdAt")
      var answer = exchange.answers[0]
      answer.model = row.label("response_model", "model", "request_model") ?? answer.model
      answer.costUSD = row.amount("cost_usd", "costUSD", "cost")
      answer.outputTokens = answer.outputTokens ?? row.count("completion_tokens")
      answer.inputTokens = answer.inputTokens ?? row.count("prompt_tokens")
      answer.latencyMilliseconds = row.amount("delay_ms", "latency_ms", "latency")
      answer.rating = context.rating(
        row,
        or: row.raw("feedback_rating", "feedback.rating", "rating")
          ?? context.score(among: (row.field("scores")?.members ?? []).map { ($0.key, $0.value) }))
      exchange.conversation = row.label("request_properties.Helicone-Session-Id", "session_id")
      exchange.answers = [answer]
      return [exchange]
    })

  /// Portkey's logs: `request.body` and `response.body`, with costs in cents.
  static let portkey = LogForm(
    name: "portkey", title: "Portkey logs",
    recognises: { $0.field("request.body")?.members != nil && ($0["response"] != nil || $0["ai_model"] != nil) },
    read: { (row, context) throws(RecordViolation) in
      var exchange = try context.exchange(
        request: row.field("request.body") ?? .null, response: row.raw("response.body", "response"))
      exchange.id = row.label("id", "trace_id")
      exchange.time = row.raw("created_at", "time_of_generation", "createdAt")
      var answer = exchange.answers[0]
      answer.model = row.label("ai_model") ?? answer.model
      let isDollars = row.label("currency").map { !$0.lowercased().contains("cent") } ?? false
      answer.costUSD = row.amount("cost").map { isDollars ? $0 : ($0 * 1e10).rounded() / 1e12 }
      answer.outputTokens = answer.outputTokens ?? row.count("res_units")
      answer.inputTokens = answer.inputTokens ?? row.count("req_units")
      answer.latencyMilliseconds = row.amount("response_time")
      // Feedback goes from −10 to 10; nothing good is said from 0 down.
      let feedback = row.field("feedback.value", "feedback.0.value")?.decimal
      if context.options.chat.quality == nil, let feedback, (-10...10).contains(feedback) {
        answer.quality = max(0, feedback) / 10
      } else {
        answer.rating = context.rating(row)
      }
      exchange.answers = [answer]
      return [exchange]
    })

  /// OpenPipe's requests: `input` and `output` are the bodies.
  static let openPipe = LogForm(
    name: "openpipe", title: "OpenPipe requests",
    recognises: { row in
      (row.field("input.messages") != nil && row.field("output.choices") != nil && row["feedback_scores"] == nil
        && row["total_estimated_cost"] == nil) || row.field("reqPayload.messages") != nil
    },
    read: { (row, context) throws(RecordViolation) in
      var exchange = try context.exchange(
        request: row.field("input", "reqPayload") ?? .null, response: row.raw("output", "respPayload"))
      exchange.id = row.label("id", "logged_call_id")
      exchange.time = row.field("requestedAt", "requested_at", "createdAt", "created_at") ?? exchange.time
      exchange.answers[0].model = exchange.answers[0].model ?? row.label("model")
      exchange.answers[0].costUSD = row.amount("cost")
      exchange.answers[0].latencyMilliseconds =
        row.amount("durationMs", "duration_ms")
        ?? ExchangeTime.milliseconds(from: row["requestedAt"], to: row["receivedAt"])
      exchange.answers[0].rating = context.rating(row)
      return [exchange]
    })

  /// Opik's spans of models.
  static let opik = LogForm(
    name: "opik", title: "Opik spans",
    recognises: { row in
      row.raw("input") != nil && row["type"]?.string != nil
        && (row["feedback_scores"] != nil || row["total_estimated_cost"] != nil) && row["attributes"] == nil
    },
    read: { (row, context) throws(RecordViolation) in
      guard row.label("type") == "llm" else {
        context.note("span that is no call of a model: left out")
        return []
      }
      let input = row.field("input") ?? .null
      var exchange = try context.exchange(
        request: input.members == nil ? .object(["messages": input]) : input, response: row.raw("output"))
      exchange.id = row.label("id")
      exchange.time = row.raw("start_time", "startTime", "created_at")
      exchange.conversation = row.label("thread_id")
      var answer = exchange.answers[0]
      answer.model = row.label("model") ?? answer.model
      answer.costUSD = row.amount("total_estimated_cost")
      answer.addAmounts(of: row.field("usage") ?? .null)
      answer.latencyMilliseconds =
        row.amount("duration")
        ?? ExchangeTime.milliseconds(from: row.raw("start_time", "startTime"), to: row.raw("end_time", "endTime"))
      let scores = row.field("feedback_scores")?.elements ?? []
      answer.rating = context.rating(
        row, or: context.score(among: scores.map { ($0.label("name") ?? "", $0["value"] ?? .null) }))
      exchange.answers = [answer]
      return [exchange]
    })
}

extension FormContext {
  /// The one score of a row; of several the one with the usual name, which is noted, as is where there is none.
  fileprivate func score(among scores: [(name: String, value: JSONNode)]) -> JSONNode? {
    let known = scores.filter { !$0.value.isNull }
    guard known.count > 1 else { return known.first?.value }
    for name in FieldPart.quality.names + ["correctness"] {
      guard let found = known.first(where: { FieldName.words(of: $0.name) == name }) else { continue }
      note("row with several scores: \(name) counts; choose with --quality-field")
      return found.value
    }
    note("row with several scores: none counts; choose with --quality-field")
    return nil
  }
}
