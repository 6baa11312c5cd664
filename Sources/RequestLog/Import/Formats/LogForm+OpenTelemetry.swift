import TextKit
import Ockham

extension LogForm {
  /// Spans with OpenTelemetry's `gen_ai` attributes or OpenInference's `llm` ones: a span a row, the batches of OTLP, or
  /// Jaeger's traces.
  static let openTelemetry = LogForm(
    name: "otel", title: "OpenTelemetry GenAI spans",
    recognises: { row in
      if row.field("scopeSpans", "scope_spans", "instrumentationLibrarySpans") != nil { return true }
      if let spans = row.field("spans")?.elements, spans.contains(where: { Span(row: $0).isOfModels }) { return true }
      return Span(row: row).isOfModels
    },
    read: { (row, context) throws(RecordViolation) in
      let scopes = row.field("scopeSpans", "scope_spans", "instrumentationLibrarySpans")?.elements
      let spans = scopes?.flatMap { $0.field("spans")?.elements ?? [] } ?? row.field("spans")?.elements ?? [row]
      var exchanges: [Exchange] = []
      for span in spans { exchanges += try Span(row: span).exchange(context).map { [$0] } ?? [] }
      return exchanges
    })
}

/// One span and its attributes.
private struct Span {
  let span: JSONNode
  let attributes: JSONNode

  init(row span: JSONNode) {
    self.span = span
    let listed = span.field("attributes", "span_attributes", "SpanAttributes", "tags")
    // Tables of spans, as Phoenix exports them, have a column for each attribute.
    let columns = (span.members ?? []).filter { $0.key.hasPrefix("attributes.") && !$0.value.isNull }.map { member in
      JSONMember(key: String(member.key.dropFirst("attributes.".count)), value: member.value)
    }
    attributes = .object(Self.attributes(listed ?? .null) + columns)
  }

  /// Whether the span is of a call of a model.
  var isOfModels: Bool {
    attributes.members?.contains { member in
      member.key.hasPrefix("gen_ai.") || member.key.hasPrefix("llm.")
        || (["gen_ai", "llm"].contains(member.key) && member.value.unfolded.members != nil)
    } == true
  }

  /// Attributes as an object: OTLP lists them as keys with typed values.
  static func attributes(_ value: JSONNode) -> [JSONMember] {
    if let members = value.members { return members }
    return (value.elements ?? []).compactMap { entry in
      guard let key = entry["key"]?.string, let value = entry["value"] else { return nil }
      return JSONMember(key: key, value: plain(value))
    }
  }

  /// What a typed value holds: `{"stringValue": "x"}`, `{"arrayValue": {"values": […]}}`, `{"kvlistValue": …}`.
  private static func plain(_ value: JSONNode) -> JSONNode {
    guard let members = value.members, members.count == 1, let only = members.first,
      only.key.hasSuffix("Value") || only.key.hasSuffix("_value")
    else { return value }
    if only.key.hasPrefix("array") { return .array((only.value["values"]?.elements ?? []).map(plain)) }
    if only.key.hasPrefix("kvlist") { return .object(attributes(only.value["values"] ?? .null)) }
    return only.value
  }

  /// What else than a call of a model a span may be of, though it has messages: agents, whose calls have spans of their own,
  /// tools, embeddings.
  private var isOfAnotherOperation: Bool {
    let operation = attributes.label("gen_ai.operation.name")?.lowercased()
    if ["invoke_agent", "create_agent", "execute_tool", "embeddings", "invoke_workflow"].contains(operation) {
      return true
    }
    let kind = attributes.label("openinference.span.kind", "traceloop.span.kind")?.lowercased()
    return [
      "agent", "chain", "tool", "embedding", "retriever", "reranker", "workflow", "task", "guardrail", "evaluator",
    ].contains(kind)
  }

  func exchange(_ context: FormContext) throws(RecordViolation) -> Exchange? {
    guard !isOfAnotherOperation else {
      context.note("span that is no call of a model: left out")
      return nil
    }
    guard let input = input else {
      let isCall = attributes.raw("gen_ai.request.model", "llm.model_name", "llm.request.model") != nil
      context.note(
        isCall
          ? "span without its messages: left out; let the instrumentation keep content"
          : "span that is no call of a model: left out")
      return nil
    }
    var exchange = Exchange(
      id: [
        span.label("traceId", "trace_id", "TraceId", "traceID", "context.trace_id"),
        span.label("spanId", "span_id", "SpanId", "spanID", "context.span_id"),
      ].compactMap { $0 }.joined(separator: "/"),
      request: try context.requests.request(
        system: attributes.raw("gen_ai.system_instructions", "gen_ai.request.system") ?? .null, turns: input,
        settings: settings))
    if exchange.id?.isEmpty == true { exchange.id = nil }
    exchange.conversation = attributes.label("gen_ai.conversation.id", "session.id")
    let start = span.raw(
      "startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime", "Timestamp", "timestamp")
    exchange.time = start
    exchange.answers = [answer(from: start, context)]
    return exchange
  }

  private var settings: JSONNode {
    let parameters = attributes.field("llm.invocation_parameters")
    return .object([
      "max_tokens": attributes.raw("gen_ai.request.max_tokens", "llm.request.max_tokens")
        ?? parameters?.raw("max_tokens"),
      "tools": attributes.field("gen_ai.tool.definitions", "gen_ai.request.tools") ?? parameters?.field("tools"),
      "response_format": parameters?.field("response_format"),
    ])
  }

  private func answer(from start: JSONNode?, _ context: FormContext) -> Exchange.Answer {
    let output =
      attributes.raw("gen_ai.output.messages", "gen_ai.completion", "llm.output_messages").map(Self.messages)
      ?? indexed("gen_ai.completion", "llm.completions", "llm.output_messages") ?? event(outputs: true)
      ?? vercelAnswer ?? attributes.raw("output.value", "traceloop.entity.output")
    var answer = Exchange.Answer(Reply(output, isAnswer: true))
    answer.model = attributes.label(
      "gen_ai.response.model", "gen_ai.request.model", "llm.model_name", "llm.response.model", "llm.request.model",
      "ai.response.model", "ai.model.id")
    answer.inputTokens = attributes.count(
      "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "llm.usage.prompt_tokens",
      "ai.usage.inputTokens", "ai.usage.promptTokens")
    answer.outputTokens = attributes.count(
      "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion",
      "llm.usage.completion_tokens", "ai.usage.outputTokens", "ai.usage.completionTokens")
    answer.costUSD = attributes.amount("gen_ai.usage.cost", "gen_ai.cost.total_cost", "llm.cost.total")
    answer.latencyMilliseconds =
      ExchangeTime.milliseconds(
        from: start, to: span.raw("endTimeUnixNano", "end_time_unix_nano", "end_time", "endTime"))
      ?? duration
    answer.rating = context.rating(
      span,
      or: attributes.raw("gen_ai.evaluation.score.value", "gen_ai.evaluation.score") ?? attributes.usualRating
        ?? span.usualRating)
    return answer
  }

  /// Jaeger counts microseconds, ClickHouse's table of spans nanoseconds.
  private var duration: Double? {
    span.amount("duration").map { $0 / 1e3 } ?? span.amount("Duration").map { $0 / 1e6 }
  }

  /// What the AI SDK's spans of single calls hold.
  private var vercelAnswer: JSONNode? {
    let (text, calls) = (attributes.raw("ai.response.text"), attributes.field("ai.response.toolCalls"))
    guard text != nil || calls != nil else { return attributes.raw("ai.response.object") }
    let functions = calls?.elements?.map { call in
      JSONNode.object(["name": call["toolName"], "arguments": call["input"] ?? call["args"]])
    }
    return .object([
      "role": .string("assistant"), "content": text ?? .string(""),
      "tool_calls": functions.map { JSONNode.array($0) }, "finish_reason": attributes.raw("ai.response.finishReason"),
    ])
  }

  private var input: JSONNode? {
    attributes.raw("gen_ai.input.messages", "gen_ai.prompt", "llm.input_messages").map(Self.messages)
      ?? indexed("gen_ai.prompt", "llm.prompts", "llm.input_messages") ?? event(outputs: false)
      ?? attributes.raw("ai.prompt.messages", "ai.prompt") ?? attributes.raw("input.value", "traceloop.entity.input")
  }

  /// Messages whose parts have dotted names: `{"message.role": "user", "message.content": "…"}`.
  private static func messages(_ value: JSONNode) -> JSONNode {
    let inner = value.unfolded
    guard let elements = inner.elements, elements.contains(where: { $0["message.role"] != nil }) else { return value }
    return .array(
      elements.map { element in
        .object(["role": element["message.role"], "content": element["message.content"] ?? .string("")])
      })
  }

  /// Messages in numbered attributes: `gen_ai.prompt.0.content`, `llm.input_messages.0.message.content`.
  private func indexed(_ prefixes: String...) -> JSONNode? {
    for prefix in prefixes {
      var messages: [JSONNode] = []
      while let message = message("\(prefix).\(messages.count)") { messages.append(message) }
      if !messages.isEmpty { return .array(messages) }
    }
    return nil
  }

  private func message(_ prefix: String) -> JSONNode? {
    for place in [prefix, prefix + ".message"] {
      let content = attributes["\(place).content"] ?? attributes["\(place).contents.0.message_content.text"]
      var calls: [JSONNode] = []
      for call in ["\(place).tool_calls", "\(place).tool_calls.0.tool_call.function"] {
        while let name = attributes["\(call).\(calls.count).name"] ?? attributes["\(call).name"], calls.count < 64 {
          let arguments = attributes["\(call).\(calls.count).arguments"] ?? attributes["\(call).arguments"]
          calls.append(.object(["name": name, "arguments": arguments]))
          if attributes["\(call).name"] != nil { break }
        }
      }
      guard content != nil || !calls.isEmpty else { continue }
      let reason = attributes["\(place).finish_reason"]
      return .object([
        "role": attributes["\(place).role"], "content": content ?? .string(""),
        "tool_calls": calls.isEmpty ? nil : .array(calls), "finish_reason": reason,
      ])
    }
    return nil
  }

  /// Messages in events of the span: `gen_ai.user.message` and its kin, `gen_ai.choice`, `gen_ai.content.prompt`, or one
  /// event with all.
  private func event(outputs: Bool) -> JSONNode? {
    var messages: [JSONNode] = []
    for event in span.field("events", "logs", "Events")?.elements ?? [] {
      let listed = Self.attributes(event.field("attributes", "fields", "body") ?? .null)
      let body = JSONNode.object(listed + (event.field("body").map(Self.plain)?.members ?? []))
      let name = event.label("name", "event_name", "eventName") ?? body.label("event.name", "event") ?? ""
      let whole =
        outputs ? ["gen_ai.output.messages", "gen_ai.completion"] : ["gen_ai.input.messages", "gen_ai.prompt"]
      if let found = body.raw(whole) { return found }
      guard name.hasPrefix("gen_ai."), outputs == (name == "gen_ai.choice") else { continue }
      if outputs {
        let message = body.field("message") ?? body
        messages.append(
          .object([
            "role": .string("assistant"), "content": message.raw("content") ?? .string(""),
            "tool_calls": message.field("tool_calls") ?? body.field("tool_calls"),
            "finish_reason": body["finish_reason"],
          ]))
      } else if name.hasSuffix(".message") {
        messages.append(
          .object([
            "role": .string(String(name.dropFirst("gen_ai.".count).dropLast(".message".count))),
            "content": body["content"] ?? body["gen_ai.event.content"], "tool_calls": body["tool_calls"],
          ]))
      }
    }
    return messages.isEmpty ? nil : .array(messages)
  }
}
