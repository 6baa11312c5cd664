import TextKit

/// What providers that are no OpenAI read of a chat completion request in the same way.
enum ChatReading {
  /// Refuses what only OpenAI's own form can say.
  static func refuseForeign(_ chat: Field, provider: String) throws(GatewayError) {
    let reason = "\(provider) cannot do this; leave it out, or ask for a model that can"
    for key in ["functions", "function_call", "audio", "web_search_options"] {
      if let field = chat[key] { throw field.unsupported(reason) }
    }
    if let modalities = chat["modalities"], modalities.node.elements?.contains(where: { $0.string != "text" }) ?? true {
      throw modalities.unsupported(reason)
    }
    if let bias = chat["logit_bias"], bias.node.members?.isEmpty == false { throw bias.unsupported(reason) }
  }

  /// What local servers take for an answer of any length.
  static let noLimit = -1

  /// The most tokens of the answer; the newer name counts. `nil` where there is no limit.
  static func maximumTokens(_ chat: Field) -> Int? {
    let limit = (chat["max_completion_tokens"] ?? chat["max_tokens"])?.node.integer
    return limit == noLimit ? nil : limit
  }

  /// The texts at which to stop that a provider takes, at most a number of them; `nil` for none. Empty ones say nothing.
  static func stops(_ chat: Field, atMost limit: Int = .max, butBlank isBlankRefused: Bool = false) -> JSONNode? {
    guard let stop = chat["stop"]?.node else { return nil }
    let all = stop.string == nil ? stop.elements ?? [] : [stop]
    let taken = all.filter { node in
      guard let text = node.string, !text.isEmpty else { return false }
      return !isBlankRefused || !text.allSatisfy(\.isWhitespace)
    }
    return taken.isEmpty ? nil : .array(Array(taken.prefix(limit)))
  }

  /// What opens a conversation in which the user has said nothing: providers demand a turn of the user.
  static let opening = "(The conversation begins.)"

  /// The effort, said outright or by the budget for thinking.
  static func effort(_ chat: Field) -> String? {
    if let effort = chat["reasoning_effort"]?.node.string { return effort }
    return chat["thinking"]?["budget_tokens"]?.node.integer.map(effort(ofBudget:))
  }

  /// The effort that a budget for thinking stands for.
  static func effort(ofBudget tokens: Int) -> String {
    switch tokens {
    case ..<4096: "low"
    case ..<16_384: "medium"
    default: "high"
    }
  }

  /// The parts of a message's content; a text is one part.
  static func parts(of content: Field) -> [Field] {
    guard content.node.string != nil else {
      return (content.node.elements ?? []).enumerated().map { Field($1, path: .index(content.path, $0)) }
    }
    return [Field(.object(["type": .string("text"), "text": content.node]), path: content.path)]
  }

  /// The text of a message whose parts are texts.
  static func text(of content: Field?) throws(GatewayError) -> String {
    guard let content else { return "" }
    if let text = content.node.string { return text }
    var texts: [String] = []
    for part in parts(of: content) {
      guard let text = part["text"]?.node.string ?? part["refusal"]?.node.string else {
        throw part.unsupported("only text can stand here with this provider")
      }
      texts.append(text)
    }
    return texts.joined(separator: "\n")
  }

  /// What an assistant's turn thought; `nil` for nothing.
  static func thought(_ texts: [String]) -> JSONNode? {
    let text = texts.joined(separator: "\n")
    return text.isEmpty ? nil : .string(text)
  }

  /// The function of a tool; hosted and custom tools are refused.
  static func function(of tool: Field) throws(GatewayError) -> Field {
    guard tool["type"]?.node.string ?? "function" == "function", let function = tool["function"] else {
      throw tool.unsupported("only function tools can be given to this provider")
    }
    return function
  }

  /// The arguments of a call as an object. Blank and `null`, which models write for a tool without parameters, are an empty
  /// one; other texts, which a model may have written, are kept as its one member `arguments`.
  static func object(fromArguments text: String) -> JSONNode {
    guard !text.allSatisfy(\.isWhitespace) else { return .object([:]) }
    guard let node = try? JSONParser.parse(Array(text.utf8)) else { return .object(["arguments": .string(text)]) }
    if node.isNull { return .object([:]) }
    return node.members == nil ? .object(["arguments": .string(text)]) : node
  }
}
