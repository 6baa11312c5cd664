import Ockham
import TextKit

/// What was asked: the request as features see it, and all that was asked beside the messages.
struct AskedRequest {
  var request: Request
  var settings: RequestSettings?
}

/// Reads what was asked from a request's body in any of the chat protocols.
final class RequestReading {
  private let parser: RequestParser
  /// Told of tools and response formats that cannot be read.
  var note: (String) -> Void = { _ in }

  init?() {
    guard let parser = RequestParser() else { return nil }
    self.parser = parser
  }

  /// The request in a body: `messages`, `input`, `prompt` or `contents`, after `system` or `instructions`.
  func request(_ body: JSONNode) throws(RecordViolation) -> AskedRequest {
    let asked = body.field("messages", "contents") ?? body.raw("input", "prompt", "inputText", "inputs", "message")
    guard let turns = asked, !turns.isNull else {
      throw RecordViolation(
        .missingRequest, field: nil, expected: "prompt or messages", found: "none",
        remedy: "name the field with --messages-field or --prompt-field")
    }
    return try request(system: Self.system(of: body), turns: turns, settings: body)
  }

  /// What a body says to the model before the messages.
  static func system(of body: JSONNode) -> JSONNode {
    body.raw(
      "system", "instructions", "system_instruction.parts", "systemInstruction.parts", "system_instruction",
      "systemInstruction", "system_prompt", "preamble") ?? .null
  }

  /// The request that a list of messages, or a text, makes.
  /// - Parameter settings: where `tools`, `response_format` and limits stand.
  func request(
    system: JSONNode = .null, turns: JSONNode, settings: JSONNode = .null
  ) throws(RecordViolation) -> AskedRequest {
    var dialogue = Dialogue()
    try add(system, to: &dialogue)
    try dialogue.add(turns.question)
    var asked = AskedRequest(request: Request(segments: dialogue.segments))
    var kept = RequestSettings()
    asked.request.attributes = attributes(settings, keptIn: &kept)
    asked.request.attributes.imageCount = dialogue.imageCount
    kept.addSampling(of: settings, hasTools: kept.json("tools") != nil)
    if !kept.members.isEmpty { asked.settings = kept }
    return asked
  }

  /// A text, a list of texts or parts, or messages.
  private func add(_ system: JSONNode, to dialogue: inout Dialogue) throws(RecordViolation) {
    let inner = system.unfolded
    if inner.isMessages, inner.elements?.first?["role"] != nil { return try dialogue.add(inner, as: .system) }
    if let blocks = inner.elements, !blocks.isEmpty {
      try dialogue.add(.object(["role": .string("system"), "content": inner]))
    } else if let text = system.string, !text.isEmpty {
      try dialogue.add(.string(text), as: .system)
    } else if let text = inner.raw("text", "content", "parts") {
      try dialogue.add(.object(["role": .string("system"), "content": text]))
    }
  }

  /// Tools, the form of the answer and the limit. What cannot be read is noted: it costs the request no more than itself.
  private func attributes(_ settings: JSONNode, keptIn kept: inout RequestSettings) -> RequestAttributes {
    var attributes = RequestAttributes()
    if let tools = Self.tools(settings) {
      if let read = parsed(["tools": tools]) {
        (attributes.toolNames, attributes.toolSchemaBytes) = (read.toolNames, read.toolSchemaBytes)
        kept.add("tools", tools)
      } else {
        note("tools that cannot be read: left out")
      }
    }
    if let format = Self.format(settings) {
      if let read = parsed(["response_format": format]) {
        (attributes.responseFormat, attributes.responseSchemaBytes) = (read.responseFormat, read.responseSchemaBytes)
        kept.add("response_format", format)
      } else {
        note("response format that is not known: left out")
      }
    }
    attributes.maximumOutputTokens = settings.count(
      "max_completion_tokens", "max_output_tokens", "max_tokens", "maxTokens", "maxOutputTokens",
      "generationConfig.maxOutputTokens", "generation_config.max_output_tokens", "inferenceConfig.maxTokens",
      "max_tokens_to_sample", "num_predict", "options.num_predict", "max_new_tokens", "parameters.max_new_tokens")
    return attributes
  }

  private func parsed(_ part: KeyValuePairs<String, JSONNode?>) -> RequestAttributes? {
    let asked = JSONNode.array([.object(["role": .string("user"), "content": .string("")])])
    let body = JSONNode.object(
      JSONNode.object(part).members.map { $0 + [JSONMember(key: "messages", value: asked)] } ?? [])
    return try? parser.request(fromJSON: body.jsonBytes).attributes
  }

  /// The tools in any API format, as a list of objects with names.
  private static func tools(_ settings: JSONNode) -> JSONNode? {
    guard let listed = settings.field("tools", "functions", "toolConfig.tools")?.elements, !listed.isEmpty else {
      return nil
    }
    let tools = listed.flatMap { tool -> [JSONNode] in
      if let declared = tool.field("functionDeclarations", "function_declarations")?.elements { return declared }
      return [tool.field("toolSpec") ?? tool.unfolded]
    }
    return .array(tools)
  }

  private static func format(_ settings: JSONNode) -> JSONNode? {
    let format = settings.field("response_format", "text.format")
    if format?.members?.isEmpty == false { return format }
    let kind = format?.string ?? settings.label("generationConfig.responseMimeType", "format")
    return kind?.contains("json") == true ? .object(["type": .string("json_object")]) : nil
  }
}

extension RequestSettings {
  /// Adds what a body in OpenAI's form says of sampling; the same keys in another form are left out.
  mutating func addSampling(of body: JSONNode, hasTools: Bool) {
    for key in ["temperature", "top_p", "presence_penalty", "frequency_penalty"] {
      add(key, body[key]?.number.map { JSONNode.number($0) })
    }
    add("seed", body["seed"]?.integer.map { JSONNode.integer($0) })
    let stop = body["stop"] ?? body["stop_sequences"]
    let areTexts =
      stop?.elements.map { !$0.isEmpty && $0.allSatisfy { $0.string != nil } } ?? (stop?.string?.isEmpty == false)
    if areTexts { add("stop", stop) }
    add("reasoning_effort", body["reasoning_effort"]?.string.map { JSONNode.string($0) })
    guard hasTools else { return }
    let choice = body["tool_choice"]
    if choice?.string != nil || choice?["function"]?["name"] != nil { add("tool_choice", choice) }
    if case .boolean(let isParallel) = body["parallel_tool_calls"]?.content {
      add("parallel_tool_calls", .boolean(isParallel))
    }
  }
}
