import Statistics
import TextKit

/// A conversation as a client has it, before any API format: what a seed draws.
struct DrawnConversation {
  enum Part {
    case text(String)
    case media(String)
  }

  struct Call {
    var id: String
    var name: String
    /// What the model wrote: mostly the text of an object.
    var arguments: String
  }

  struct Result {
    var id: String
    var parts: [Part]
    var isFailure: Bool
  }

  enum Message {
    case system(String)
    case user([Part], name: String?)
    case assistant(thought: String?, texts: [String], calls: [Call])
    case results([Result])
  }

  struct Tool {
    var name: String
    var description: String
    /// The text of the schema; `nil` for a function without parameters.
    var schema: String?
  }

  var messages: [Message] = []
  var tools: [Tool] = []
  var choice = Conversation.Choice.auto
}

/// Draws conversations: the same for the same seed.
struct ConversationGenerator {
  private var draws: SplitMix64

  init(seed: UInt64) { draws = SplitMix64(seed: seed) }

  static let texts = [
    "Hello", "Grüße, 世界", "👩‍👩‍👧 ok\u{0301}", "line\r\nline\ttab\u{0B}", "\"quoted\" \\ \u{2028}", " leads and trails \n",
    "{\"a\": 1}", "[1, 2]", "<b>&amp;</b>", "an error, it seems", "data: [DONE]\n\n", "\u{FEFF}bom", "x",
  ]
  static let blanks = ["", " ", "\n\t "]
  static let media = [
    "data:image/png;base64,iVBORw0KGgo=", "data:image/jpeg;base64,/9j/4AAQ", "https://example.com/a%20b.png?x=1",
    "data:application/pdf;base64,JVBERi0xLjQK",
  ]
  static let arguments = [
    "{}", "", #"{"city":"Köln","n":[1,2.50,-0,1e3]}"#, #"{ "b" : {"z":null,"a":true} , "a" : "\u00e9\ud83d\ude00" }"#,
    "not json", "[1]", #"{"cut":"#,
  ]
  static let schemas = [
    nil, "{}", #"{"type":"object","properties":{}}"#,
    #"{"type":"object","properties":{"city":{"type":"string","description":"Its näme"}},"required":["city"]}"#,
  ]

  mutating func conversation() -> DrawnConversation {
    var drawn = DrawnConversation()
    drawn.tools = tools()
    if !drawn.tools.isEmpty { drawn.choice = choice(drawn.tools) }
    if chance(0.7) { drawn.messages.append(.system(text())) }
    if chance(0.1) { drawn.messages.append(.assistant(thought: nil, texts: [text()], calls: [])) }
    for turn in 0..<Int.random(in: 1...4, using: &draws) { append(turn, to: &drawn) }
    if chance(0.1), case .user? = drawn.messages.last {
      drawn.messages.append(.assistant(thought: nil, texts: [text() + "\n"], calls: []))
    }
    return drawn
  }

  /// A turn of the user, and its result.
  private mutating func append(_ turn: Int, to drawn: inout DrawnConversation) {
    if chance(0.1) { drawn.messages.append(.system(chance(0.3) ? blank() : text())) }
    drawn.messages.append(.user(parts(), name: chance(0.2) ? "Ann" : nil))
    guard chance(0.75) else { return }
    guard !drawn.tools.isEmpty, chance(0.7) else {
      drawn.messages.append(.assistant(thought: thought(), texts: texts(atLeast: 1), calls: []))
      return
    }
    for step in 0..<Int.random(in: 1...3, using: &draws) {
      let calls = (0..<Int.random(in: 1...3, using: &draws)).map { call($0, "\(turn)-\(step)", drawn.tools) }
      drawn.messages.append(.assistant(thought: thought(), texts: texts(atLeast: 0), calls: calls))
      var results = calls.map { result(of: $0) }
      if chance(0.5) { results.shuffle(using: &draws) }
      drawn.messages.append(.results(results))
    }
    if chance(0.8) { drawn.messages.append(.assistant(thought: thought(), texts: texts(atLeast: 1), calls: [])) }
  }

  private mutating func tools() -> [DrawnConversation.Tool] {
    let names = [
      "weather", "read_file", "files.read", "mcp__" + String(repeating: "long-", count: 14) + "name", "wéather",
    ]
    return names.shuffled(using: &draws).prefix(Int.random(in: 0...4, using: &draws)).map { name in
      .init(
        name: name, description: text(), schema: Self.schemas[Int.random(in: 0..<Self.schemas.count, using: &draws)])
    }
  }

  private mutating func choice(_ tools: [DrawnConversation.Tool]) -> Conversation.Choice {
    switch Int.random(in: 0..<6, using: &draws) {
    case 0: .none
    case 1: .required
    case 2: .tool(tools[0].name)
    default: .auto
    }
  }

  private mutating func call(
    _ number: Int, _ step: String, _ tools: [DrawnConversation.Tool]
  ) -> DrawnConversation.Call {
    // Some servers number the calls of each answer anew.
    let ids = [
      "call_\(number)", "call_\(step)_\(number)", "\(step):ü/\(number)",
      String(repeating: "i", count: 60) + step + "\(number)",
    ]
    return .init(
      id: ids[Int.random(in: 0..<ids.count, using: &draws)],
      name: tools[Int.random(in: 0..<tools.count, using: &draws)].name,
      arguments: Self.arguments[Int.random(in: 0..<Self.arguments.count, using: &draws)])
  }

  private mutating func result(of call: DrawnConversation.Call) -> DrawnConversation.Result {
    .init(id: call.id, parts: chance(0.1) ? [] : parts(), isFailure: chance(0.2))
  }

  private mutating func parts() -> [DrawnConversation.Part] {
    var parts: [DrawnConversation.Part] = [.text(text())]
    for _ in 0..<Int.random(in: 0...2, using: &draws) {
      switch Int.random(in: 0..<4, using: &draws) {
      case 0: parts.append(.media(Self.media[Int.random(in: 0..<Self.media.count, using: &draws)]))
      case 1: parts.append(.text(blank()))
      default: parts.append(.text(text()))
      }
    }
    parts.shuffle(using: &draws)
    return parts
  }

  private mutating func texts(atLeast least: Int) -> [String] {
    if chance(0.1) { return [blank()] }
    return (0..<Int.random(in: least...2, using: &draws)).map { _ in text() }
  }

  private mutating func thought() -> String? { chance(0.3) ? text() : nil }
  private mutating func text() -> String { Self.texts[Int.random(in: 0..<Self.texts.count, using: &draws)] }
  private mutating func blank() -> String { Self.blanks[Int.random(in: 0..<Self.blanks.count, using: &draws)] }
  private mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &draws) < share }
}

extension DrawnConversation {
  /// What it means.
  var meaning: Conversation {
    get throws {
      var builder = ConversationBuilder()
      for tool in tools {
        builder.declare(tool.name, description: tool.description, schema: try tool.schema.map { try json($0) })
      }
      builder.choose(choice)
      for message in messages {
        switch message {
        case .system(let text): builder.system(text)
        case .user(let parts, _): for part in parts { builder.add(part) }
        case .assistant(_, let texts, let calls):
          for text in texts { builder.text(text, isUser: false) }
          for call in calls { builder.call(call.id, call.name, ConversationBuilder.arguments(call.arguments)) }
        case .results(let results):
          for result in results { try builder.result(result.id, result.text) }
          for result in results { for part in result.parts { if case .media = part { builder.add(part) } } }
        }
      }
      return builder.built()
    }
  }
}

extension DrawnConversation.Result {
  /// Its texts, after the word that says that the tool failed, unless they say so themselves.
  var text: String {
    let said = parts.compactMap { part in if case .text(let text) = part { text } else { nil } }.joined(separator: "\n")
    return isFailure && !said.lowercased().contains("error") ? "Error: " + said : said
  }
}

extension ConversationBuilder {
  mutating func add(_ part: DrawnConversation.Part) {
    switch part {
    case .text(let text): self.text(text, isUser: true)
    case .media(let url): media(url)
    }
  }
}
