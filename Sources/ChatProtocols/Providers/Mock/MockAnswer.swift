import Ockham
import TextKit

/// Answers from within, to try the gateway out without a provider and without a key. The same request gets the same
/// answer.
package enum MockAnswer {
  /// A plausible answer: a few sentences, longer from models whose name shows a higher tier; the first tool, where one
  /// must be called; a JSON object, where one is asked for.
  package static func make(for request: ChatRequest, model: String) -> ChatResponse {
    let needs = RequestNeeds(request.request)
    let limit = request.request.attributes.maximumOutputTokens ?? .max
    let texts = (0..<min(max(1, request.chat["n"]?.integer ?? 1), 16)).map { index in
      choice(index, for: request, model: model, limit: limit)
    }
    let outputTokens = texts.reduce(0) { $0 + tokens(of: $1) }
    let name = String(request.request.contentHash ^ Request(prompt: model).contentHash, radix: 16)
    return ChatResponse(
      id: "chatcmpl-mock-\(name)", created: 0, model: model, choices: texts,
      usage: TokenUsage(inputTokens: needs.inputTokens, outputTokens: outputTokens))
  }

  /// The answer as a stream says it, a word or so at a time.
  package static func events(for request: ChatRequest, model: String) -> [ChatEvent] {
    make(for: request, model: model).events.flatMap { event -> [ChatEvent] in
      guard case .content(let choice, let text) = event else { return [event] }
      return words(of: text).map { .content(choice: choice, $0) }
    }
  }

  private static func choice(_ index: Int, for request: ChatRequest, model: String, limit: Int) -> ChatChoice {
    if let call = requiredCall(request) {
      return ChatChoice(index: index, toolCalls: [call], finishReason: .toolCalls)
    }
    let whole =
      request.request.attributes.responseFormat == .text ? prose(model) : "{\"answer\":\"\(level(of: model))\"}"
    let said = words(of: whole)
    guard said.count > limit else { return ChatChoice(index: index, content: whole, finishReason: .stop) }
    return ChatChoice(index: index, content: said.prefix(limit).joined(), finishReason: .length)
  }

  private static func requiredCall(_ request: ChatRequest) -> ToolCall? {
    let choice = request.chat["tool_choice"]
    let first = request.chat["tools"]?.elements?.first?["function"]?["name"]?.string
    let name = choice?["function"]?["name"]?.string ?? (choice?.string == "required" ? first : nil)
    return name.map { ToolCall(id: "call_mock_0", name: $0, arguments: "{}") }
  }

  private static func prose(_ model: String) -> String {
    let start = "This is a canned answer of the built-in model \(SafeText.label(model))."
    switch level(of: model) {
    case "frontier":
      return start + " It stands for a frontier model: slow, costly, and right about hard questions."
        + " Put your own models into the configuration, and real answers will come from them."
    case "mid": return start + " It stands for a model of the middle: good at most things, at a fair price."
    default: return start + " It stands for a small model: quick and cheap."
    }
  }

  private static func level(of model: String) -> String {
    let name = model.lowercased()
    if ["frontier", "large", "strong"].contains(where: name.contains) { return "frontier" }
    return ["mid", "medium"].contains(where: name.contains) ? "mid" : "small"
  }

  private static func tokens(of choice: ChatChoice) -> Int {
    words(of: choice.content ?? "").count + choice.toolCalls.count * 8
  }

  /// Words with the space before them.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    for character in text {
      if character == " " || words.isEmpty { words.append("") }
      words[words.count - 1].append(character)
    }
    return words
  }
}

extension ProviderKind {
  /// Answers from within, by OpenAI's protocol, for trying things out.
  package static let mock = ProviderKind(
    "mock", codec: OpenAICodec(), signer: KeyHeader("authorization", prefix: "Bearer "),
    address: ProviderAddress.fixed("http://localhost"), defaultKeyVariable: nil, spanName: "ockham.mock",
    isInProcess: true)
}
