import TextKit
import Ockham

extension LogForm {
  /// Spans with OpenTelemetry's `gen_ai` attributes: a span a row, or the batches of OTLP.
  static let openTelemetry = LogForm(
    name: "otel", title: "OpenTelemetry GenAI spans",
    recognises: { row in
      if row.field("scopeSpans", "scope_spans") != nil { return true }
      guard let attributes = row.field("attributes", "span_attributes", "SpanAttributes") else { return false }
      return Span.attributes(attributes).contains { $0.key.hasPrefix("gen_ai.") || $0.key.hasPrefix("llm.") }
    },
    read: { (row, context) throws(RecordViolation) in
      guard let scopes = row.field("scopeSpans", "scope_spans")?.elements else {
        return try Span(row).exchange(context).map { [$0] } ?? []
      }
      var exchanges: [Exchange] = []
      for span in scopes.flatMap({ $0.field("spans")?.elements ?? [] }) {
        exchanges += try Span(span).exchange(context).map { [$0] } ?? []
      }
      return exchanges
    })
}

/// One span and its attributes.
private struct Span {
  let span: JSONNode
  let attributes: JSONNode

  init(_ span: JSONNode) {
    self.span = span
    attributes = .object(Self.attributes(span.field("attributes", "span_attributes", "SpanAttributes") ?? .null))
  }

  /// Attributes as an object: OTLP lists them as keys with typed values.
  static func attributes(_ value: JSONNode) -> [JSONMember] {
    if let members = value.members { return members }
    return (value.elements ?? []).compactMap { entry in
      guard let key = entry["key"]?.string, let value = entry["value"] else { return nil }
      return JSONMember(key: key, value: value.members?.first?.value ?? value)
    }
  }

  func exchange(_ context: FormContext) throws(RecordViolation) -> Exchange? {
    guard
      let input = attributes.field("gen_ai.input.messages", "gen_ai.prompt") ?? indexed("gen_ai.prompt")
        ?? events("user")
    else {
      let isCall = attributes["gen_ai.request.model"] != nil
      context.note(
        isCall
          ? "span without its messages: left out; let the instrumentation keep content"
          : "span that is no call of a model: left out")
      return nil
    }
    let system = attributes.field("gen_ai.system_instructions") ?? .null
    let settings = JSONNode.object([
      "max_tokens": attributes.field("gen_ai.request.max_tokens"), "tools": attributes.field("gen_ai.tool.definitions"),
    ])
    var exchange = Exchange(
      id: [span.label("traceId", "trace_id"), span.label("spanId", "span_id")].compactMap { $0 }.joined(separator: "/"),
      request: try context.requests.request(system: system, turns: input, settings: settings))
    if exchange.id?.isEmpty == true { exchange.id = nil }
    let start = span.field("startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime")
    exchange.time = start
    let output = attributes.field("gen_ai.output.messages", "gen_ai.completion") ?? indexed("gen_ai.completion")
    var answer = Exchange.Answer(Reply(output))
    answer.model = attributes.label("gen_ai.response.model", "gen_ai.request.model")
    answer.inputTokens = attributes.count("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
    answer.outputTokens = attributes.count("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
    answer.costUSD = attributes.amount("gen_ai.usage.cost", "gen_ai.cost.total_cost")
    answer.latencyMilliseconds = ExchangeTime.milliseconds(
      from: start, to: span.field("endTimeUnixNano", "end_time_unix_nano", "end_time", "endTime"))
    answer.rating =
      context.options.chat.quality == nil
      ? attributes.field("gen_ai.evaluation.score.value", "gen_ai.evaluation.score") ?? attributes.usualRating
        ?? span.usualRating : context.rating(span)
    exchange.answers = [answer]
    return exchange
  }

  /// Messages in numbered attributes: `gen_ai.prompt.0.role`, `gen_ai.prompt.0.content`.
  private func indexed(_ prefix: String) -> JSONNode? {
    var messages: [JSONNode] = []
    while let content = attributes["\(prefix).\(messages.count).content"] {
      let role = attributes["\(prefix).\(messages.count).role"]
      messages.append(.object(["role": role, "content": content]))
    }
    return messages.isEmpty ? nil : .array(messages)
  }

  /// Messages in events of the span: `gen_ai.user.message` and its kin.
  private func events(_ role: String) -> JSONNode? {
    let messages: [JSONNode] = (span.field("events")?.elements ?? []).compactMap { event in
      guard let name = event["name"]?.string, name.hasPrefix("gen_ai."), name.hasSuffix(".message") else { return nil }
      let body = JSONNode.object(Self.attributes(event.field("attributes", "body") ?? .null))
      return .object([
        "role": .string(String(name.dropFirst("gen_ai.".count).dropLast(".message".count))),
        "content": body["content"] ?? body["gen_ai.prompt"],
      ])
    }
    return messages.isEmpty ? nil : .array(messages)
  }
}
