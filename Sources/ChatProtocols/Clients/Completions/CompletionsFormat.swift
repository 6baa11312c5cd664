import TextKit

/// OpenAI's legacy `POST /v1/completions`. Source: OpenAI API reference, "Create completion (legacy)".
///
/// A prompt is read into a chat of one message of the user: models of today are asked in no other way. `echo` puts the
/// prompt before each answer, `logprobs` is asked for as chats have it and written in the old form. Refused, for no chat can
/// say it: several prompts, prompts of token ids, `suffix`, `best_of` above `n`, `logprobs` beside `echo`. Where no
/// `max_tokens` is named there is no limit, not the 16 tokens of old. Fields that are not known are left out, and so is what a
/// model thinks.
package struct CompletionsFormat: ClientFormat {
  package var apiFormat: APIFormat { .completions }

  package init() {}

  package func request(from body: [UInt8], reading: RequestReader) throws(GatewayError) -> ChatRequest {
    let root = try RequestBody.root(of: body)
    let model = try RequestBody.model(of: root)
    let chatBody = try CompletionsTranslation.chat(root).jsonBytes
    return try ChatRequest(
      translated: root.node, body: body, apiFormat: apiFormat, chatBody: chatBody, model: model, reading: reading)
  }

  package func body(of answer: ChatResponse, to request: ChatRequest) -> [UInt8] {
    let echo = CompletionsTranslation.echo(request.root)
    let choices = answer.choices.map { choice -> JSONNode in
      let text = echo + (choice.content ?? choice.refusal ?? "")
      let logprobs = choice.logprobs.map { CompletionsLogprobs(start: echo.count).written($0) }
      return CompletionsJSON.choice(
        choice.index, text, logprobs: logprobs, finish: CompletionsJSON.name(of: choice.finishReason))
    }
    return CompletionsJSON.completion(
      id: answer.id, model: answer.model, created: answer.created, choices: choices,
      usage: answer.usage.map(ChatCompletionJSON.usage)
    ).jsonBytes
  }

  package func body(of error: GatewayError) -> [UInt8] { ErrorEnvelope.openAI(error).jsonBytes }

  package func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder {
    CompletionsStreamEncoder(
      echo: CompletionsTranslation.echo(request.root),
      includesUsage: request.root["stream_options"]?["include_usage"]?.boolean ?? false)
  }
}

/// Reads a legacy request into a chat completion request.
private enum CompletionsTranslation {
  static func chat(_ root: Field) throws(GatewayError) -> JSONNode {
    let prompt = try prompt(root)
    let isStream = try root["stream"]?.boolean() ?? false
    let count = try root["n"]?.integer(in: 1...128) ?? 1
    try refuse(root, count: count)
    let logprobs = try root["logprobs"]?.integer(in: 0...20)
    var members: [JSONMember] = []
    for key in ["max_tokens", "seed"] {
      guard let field = root[key] else { continue }
      _ = try field.integer(in: key == "seed" ? Int.min...Int.max : 1...Int.max)
      members.append(JSONMember(key: key, value: field.node))
    }
    for (key, range) in Self.ranges {
      guard let field = root[key] else { continue }
      _ = try field.number(in: range)
      members.append(JSONMember(key: key, value: field.node))
    }
    let chat: JSONNode = .object([
      "model": root["model"]?.node,
      "messages": .array([.object(["role": .string("user"), "content": .string(prompt)])]),
      "n": count > 1 ? .integer(count) : nil, "stream": isStream ? .boolean(true) : nil,
      "stream_options": isStream ? .object(["include_usage": .boolean(true)]) : nil, "stop": try stop(root["stop"]),
      "logit_bias": try root["logit_bias"]?.object("an object of numbers").node,
      "user": try root["user"].map { (field) throws(GatewayError) in .string(try field.string()) },
      "logprobs": logprobs == nil ? nil : .boolean(true),
      "top_logprobs": logprobs.flatMap { $0 > 0 ? .integer($0) : nil },
    ])
    return .object((chat.members ?? []) + members)
  }

  /// The prompt again, where the client asks for it before its answer.
  static func echo(_ root: JSONNode) -> String {
    guard root["echo"]?.boolean == true else { return "" }
    return root["prompt"]?.string ?? root["prompt"]?.elements?.first?.string ?? ""
  }

  private static let ranges: KeyValuePairs<String, ClosedRange<Double>> = [
    "temperature": 0...2, "top_p": 0...1, "presence_penalty": -2...2, "frequency_penalty": -2...2,
  ]

  private static func prompt(_ root: Field) throws(GatewayError) -> String {
    let field = try root.required("prompt", "a string")
    if let text = field.node.string { return text }
    let elements = try field.someElements("a string")
    guard elements.allSatisfy({ $0.node.string != nil }) else {
      throw field.unsupported("prompts of token ids mean another text to every model; send a string")
    }
    guard elements.count == 1 else {
      throw field.unsupported("each prompt is routed by itself; send one request for each")
    }
    return try elements[0].string()
  }

  private static func refuse(_ root: Field, count: Int) throws(GatewayError) {
    if let suffix = root["suffix"], try !suffix.string().isEmpty {
      throw suffix.unsupported(
        "chat models cannot fill in a gap before a text; leave it out, or put it into the prompt")
    }
    if let best = root["best_of"], try best.integer(in: 1...128) > count {
      throw best.unsupported("answers are given as they come; ask for n, or for a policy with an ensemble")
    }
    if try root["echo"]?.boolean() == true, let logprobs = root["logprobs"] {
      throw logprobs.unsupported("chat models give no log probabilities of a prompt; leave out logprobs or echo")
    }
  }

  private static func stop(_ field: Field?) throws(GatewayError) -> JSONNode? {
    guard let field, field.node.string == nil else { return field?.node }
    for text in try field.elements("a string or an array of texts") { _ = try text.string() }
    return field.node
  }
}

private enum CompletionsJSON {
  static func completion(
    id: String, model: String, created: Int, choices: [JSONNode], usage: JSONNode?
  ) -> JSONNode {
    .object([
      "id": .string(id), "object": .string("text_completion"), "created": .integer(created), "model": .string(model),
      "choices": .array(choices), "usage": usage,
    ])
  }

  static func choice(_ index: Int, _ text: String, logprobs: JSONNode?, finish: String?) -> JSONNode {
    .object([
      "text": .string(text), "index": .integer(index), "logprobs": logprobs ?? .null,
      "finish_reason": finish.map(JSONNode.string) ?? .null,
    ])
  }

  /// A reason of old.
  static func name(of reason: FinishReason) -> String {
    switch reason {
    case .stop, .toolCalls, .other: "stop"
    case .length: "length"
    case .contentFilter: "content_filter"
    }
  }
}

/// Log probabilities of chats in the old form: arrays beside one another, with the place of each token in the text.
private struct CompletionsLogprobs {
  /// Characters before the next token.
  private var offset: Int

  init(start: Int) { offset = start }

  func written(_ chat: JSONNode) -> JSONNode {
    var copy = self
    return copy.append(chat)
  }

  mutating func append(_ chat: JSONNode) -> JSONNode {
    let tokens = chat["content"]?.elements ?? []
    var offsets: [JSONNode] = []
    for token in tokens {
      offsets.append(.integer(offset))
      offset += token["token"]?.string?.count ?? 0
    }
    let top = tokens.map { token -> JSONNode in
      .object(
        (token["top_logprobs"]?.elements ?? []).map {
          JSONMember(key: $0["token"]?.string ?? "", value: $0["logprob"] ?? .null)
        })
    }
    return .object([
      "tokens": .array(tokens.map { $0["token"] ?? .null }),
      "token_logprobs": .array(tokens.map { $0["logprob"] ?? .null }), "top_logprobs": .array(top),
      "text_offset": .array(offsets),
    ])
  }
}

/// Chunks of a streamed legacy completion.
private struct CompletionsStreamEncoder: StreamEncoder {
  let echo: String
  let includesUsage: Bool
  private var id = ""
  private var model = ""
  private var created = 0
  private var usage: TokenUsage?
  /// The choices that have begun, each with the places of its tokens.
  private var begun: [Int: CompletionsLogprobs] = [:]

  init(echo: String, includesUsage: Bool) {
    self.echo = echo
    self.includesUsage = includesUsage
  }

  mutating func encode(_ event: ChatEvent) -> [UInt8] {
    switch event {
    case .start(let id, let model, let created): (self.id, self.model, self.created) = (id, model, created)
    case .content(let choice, let text), .refusal(let choice, let text): return say(choice, text)
    case .logprobs(let choice, let logprobs):
      let start = begin(choice)
      let written = begun[choice]?.append(logprobs)
      return start + chunk([CompletionsJSON.choice(choice, "", logprobs: written, finish: nil)])
    case .finish(let choice, let reason):
      return begin(choice)
        + chunk([CompletionsJSON.choice(choice, "", logprobs: nil, finish: CompletionsJSON.name(of: reason))])
    case .usage(let counts): usage = counts
    case .reasoning, .seal, .toolCall: break
    }
    return []
  }

  mutating func end() -> [UInt8] {
    guard includesUsage, let usage else { return EventText.done }
    return chunk([], usage: ChatCompletionJSON.usage(usage)) + EventText.done
  }

  var endMark: [UInt8] { EventText.done }

  mutating func fail(_ error: GatewayError) -> [UInt8] { EventText.event(ErrorEnvelope.openAI(error)) }

  private mutating func say(_ choice: Int, _ text: String) -> [UInt8] {
    begin(choice) + chunk([CompletionsJSON.choice(choice, text, logprobs: nil, finish: nil)])
  }

  /// The prompt, once before each choice, where it was asked for.
  private mutating func begin(_ choice: Int) -> [UInt8] {
    guard begun[choice] == nil else { return [] }
    begun[choice] = CompletionsLogprobs(start: echo.count)
    return echo.isEmpty ? [] : chunk([CompletionsJSON.choice(choice, echo, logprobs: nil, finish: nil)])
  }

  private func chunk(_ choices: [JSONNode], usage: JSONNode = .null) -> [UInt8] {
    EventText.event(
      CompletionsJSON.completion(
        id: id, model: model, created: created, choices: choices, usage: includesUsage ? usage : nil))
  }
}
