import TextKit

/// Reads the parts of a streamed answer of Gemini; a whole answer is a stream of one part.
///
/// There is no mark of the end: an answer is whole once every candidate has said why it stopped, and over where the
/// tokens stand beside that.
struct GeminiStreamDecoder: StreamDecoder {
  private var hasStarted = false
  private var id = ""
  private var seen: Set<Int> = []
  private var finished: Set<Int> = []
  /// Calls so far, per candidate.
  private var callCounts: [Int: Int] = [:]
  private var usage: TokenUsage?

  private(set) var isOver = false

  var isComplete: Bool { isOver || !seen.isEmpty && finished == seen }

  mutating func decode(event: String?, data: [UInt8]) throws(ProviderFault) -> [ChatEvent] {
    if ProviderBody.isDone(data) {
      isOver = true
      return []
    }
    return try decode(try ProviderBody.object(in: data), text: data)
  }

  /// Reads one part; `text` is its JSON, so that arguments are kept as they stand there.
  mutating func decode(_ root: JSONNode, text: [UInt8]) throws(ProviderFault) -> [ChatEvent] {
    if let failure = GeminiFailure.failure(in: root) { throw .failed(failure) }
    let candidates = root["candidates"]?.elements ?? []
    guard !candidates.isEmpty || root["usageMetadata"] != nil else {
      throw .malformed(expected: "candidates")
    }
    var events = start(root)
    for candidate in candidates { try append(candidate, text: text, to: &events) }
    if let counts = root["usageMetadata"].flatMap({ Self.usage($0, after: usage) }), counts != usage {
      usage = counts
      events.append(.usage(counts))
    }
    isOver = root["usageMetadata"] != nil && !seen.isEmpty && finished == seen
    return events
  }

  private mutating func start(_ root: JSONNode) -> [ChatEvent] {
    guard !hasStarted else { return [] }
    hasStarted = true
    // Calls are named after the answer: without a name two turns' calls would be one.
    id = root["responseId"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? UInt64.random(in: .min ... .max).hexadecimal
    return [.start(id: id, model: root["modelVersion"]?.string ?? "", created: 0)]
  }

  private mutating func append(
    _ candidate: JSONNode, text: [UInt8], to events: inout [ChatEvent]
  ) throws(ProviderFault) {
    let choice = candidate["index"]?.smallIndex ?? 0
    seen.insert(choice)
    for part in candidate["content"]?["parts"]?.elements ?? [] {
      if let event = try self.event(of: part, choice: choice, text: text) { events.append(event) }
    }
    if let logprobs = candidate["logprobsResult"].flatMap(GeminiLogprobs.chatForm) {
      events.append(.logprobs(choice: choice, logprobs))
    }
    guard let reason = candidate["finishReason"]?.string.flatMap(FinishReason.init(named:)),
      finished.insert(choice).inserted
    else { return }
    events.append(.finish(choice: choice, reason == .stop && callCounts[choice] != nil ? .toolCalls : reason))
  }

  private mutating func event(of part: JSONNode, choice: Int, text: [UInt8]) throws(ProviderFault) -> ChatEvent? {
    if let call = part["functionCall"], !call.isNull {
      guard let name = call["name"]?.string else { throw .malformed(expected: "the name of a function") }
      let number = callCounts[choice, default: 0]
      callCounts[choice] = number + 1
      let arguments = call["args"].map { String(decoding: text[$0.range], as: UTF8.self) } ?? "{}"
      let madeID = choice == 0 ? "call_\(id)_\(number)" : "call_\(id)_\(choice)_\(number)"
      return .toolCall(
        choice: choice, call: number, id: call["id"]?.string ?? madeID, name: name, arguments: arguments)
    }
    guard let said = part["text"]?.string, !said.isEmpty else { return nil }
    return part["thought"]?.boolean == true ? .reasoning(choice: choice, said) : .content(choice: choice, said)
  }

  /// Thoughts stand beside the candidates' tokens, tool results beside the prompt's; cached ones inside the prompt's. A later
  /// part without a count takes none back.
  private static func usage(_ node: JSONNode, after earlier: TokenUsage?) -> TokenUsage? {
    var counts = TokenCounts()
    guard let prompt = counts.count(node["promptTokenCount"]) else { return nil }
    let thoughts = counts.count(node["thoughtsTokenCount"]) ?? earlier?.reasoningTokens ?? 0
    let spoken = counts.count(node["candidatesTokenCount"]) ?? earlier.map { $0.outputTokens - $0.reasoningTokens } ?? 0
    var usage = TokenUsage(
      inputTokens: prompt + counts.part(node["toolUsePromptTokenCount"]), outputTokens: spoken + thoughts,
      cachedInputTokens: counts.count(node["cachedContentTokenCount"]) ?? earlier?.cachedInputTokens ?? 0,
      reasoningTokens: thoughts)
    usage.isFlagged = counts.isOdd || earlier?.isFlagged == true
    return usage
  }
}

/// Reads whole answers of Gemini.
enum GeminiAnswerReader {
  static func answer(from root: JSONNode, body: [UInt8]) throws(ProviderFault) -> ChatResponse {
    var decoder = GeminiStreamDecoder()
    var assembler = ChatResponseAssembler()
    for event in try decoder.decode(root, text: body) { assembler.append(event) }
    guard !assembler.answer.choices.isEmpty else { throw .malformed(expected: "candidates that finished") }
    return assembler.answer
  }
}

/// Gemini's log probabilities in the form of a chat completion.
enum GeminiLogprobs {
  static func chatForm(_ node: JSONNode) -> JSONNode? {
    guard let chosen = node["chosenCandidates"]?.elements else { return nil }
    let top = node["topCandidates"]?.elements ?? []
    let tokens = chosen.enumerated().map { index, token in
      let others = index < top.count ? top[index]["candidates"]?.elements ?? [] : []
      let members = entry(token) + [JSONMember(key: "top_logprobs", value: .array(others.map { .object(entry($0)) }))]
      return JSONNode.object(members)
    }
    return .object(["content": .array(tokens)])
  }

  private static func entry(_ token: JSONNode) -> [JSONMember] {
    let text = token["token"]?.string ?? ""
    return [
      JSONMember(key: "token", value: .string(text)),
      JSONMember(key: "logprob", value: token["logProbability"] ?? .null),
      JSONMember(key: "bytes", value: .array(text.utf8.map { .integer(Int($0)) })),
    ]
  }
}
