import TextKit

/// How each format asks for a search.
extension WebSearch {
  /// The tool of Messages. Source: Anthropic API reference, "Web search tool".
  init(messages tool: Field) throws(GatewayError) {
    allowedDomains = try Self.texts(tool["allowed_domains"])
    blockedDomains = try Self.texts(tool["blocked_domains"])
    mostUses = try tool["max_uses"]?.integer(in: 1...Int.max)
    location = try Self.place(tool["user_location"])
  }

  /// The tool of Responses. Source: OpenAI API reference, "Web search".
  init(responses tool: Field) throws(GatewayError) {
    allowedDomains = try Self.texts(tool["filters"]?.object("an object")["allowed_domains"])
    blockedDomains = try Self.texts(tool["filters"]?["blocked_domains"])
    contextSize = try tool["search_context_size"]?.word(of: ["low", "medium", "high"])
    location = try Self.place(tool["user_location"])
    isOffline = try tool["external_web_access"]?.boolean() == false
  }

  /// `web_search_options` of chat completions. Source: OpenAI API reference, "Create chat completion".
  init(chat options: Field) throws(GatewayError) {
    contextSize = try options.object("an object")["search_context_size"]?.word(of: ["low", "medium", "high"])
    location = try Self.place(options["user_location"]?.object("an object")["approximate"])
  }

  private static func texts(_ field: Field?) throws(GatewayError) -> [String] {
    var texts: [String] = []
    for text in try field?.elements("an array of texts") ?? [] { texts.append(try text.string()) }
    return texts
  }

  /// What of a place is known.
  private static func place(_ field: Field?) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    _ = try field.object("an object")
    var known: [JSONMember] = []
    for key in ["city", "region", "country", "timezone"] {
      if let text = try field[key]?.string() { known.append(JSONMember(key: key, value: .string(text))) }
    }
    return known.isEmpty ? nil : .object(known)
  }
}

/// Writing.
extension WebSearch {
  /// What the tool is called among Anthropic's.
  static let toolName = "web_search"

  /// The tool of Messages. Anthropic takes one of the lists of domains: its caller sees to that.
  var anthropicTool: JSONNode {
    .object([
      "type": .string("web_search_20250305"), "name": .string(Self.toolName),
      "max_uses": mostUses.map(JSONNode.integer),
      "allowed_domains": Self.list(allowedDomains), "blocked_domains": Self.list(blockedDomains),
      "user_location": location?.setting("type", to: .string("approximate")),
    ])
  }

  /// `web_search_options`, which have no domains.
  var chatOptions: JSONNode {
    .object([
      "search_context_size": contextSize.map(JSONNode.string),
      "user_location": location.map { .object(["type": .string("approximate"), "approximate": $0]) },
    ])
  }

  /// The tool of Gemini, which has nothing to say. Source: Gemini API, "Grounding with Google Search".
  static let geminiTool: JSONNode = .object(["google_search": .object([:])])

  private static func list(_ texts: [String]) -> JSONNode? {
    texts.isEmpty ? nil : .array(texts.map(JSONNode.string))
  }
}
