import TextKit

/// What a conversation means, whatever the API format: the normal form in which translations are compared.
///
/// What no API format need keep is no part of it, and this is all:
/// - thoughts of earlier turns, names of speakers, and which of several system texts stood where: they are one text here;
/// - ids of calls, which are numbers here, and names of tools, which are numbers of the declared ones;
/// - texts of nothing but white space, and white space at the end of a turn that the assistant is to go on with;
/// - whether neighbouring texts, or messages of one side, are one or two: they are one, with a line feed between;
/// - in a turn of the assistant, where its text stands among its calls: the text comes first;
/// - in a turn of the user, the order of results (that of the calls here), and pictures inside of them, which follow them;
/// - that a tool failed, but for the word `Error:` before its result;
/// - white space and the order of keys in JSON, and arguments that are no object, which stand under `arguments`;
/// - a turn of the user in front of one of the assistant that opens the conversation.
struct Conversation: Equatable {
  enum Item: Equatable {
    case text(String)
    /// A picture or file, by its URL.
    case media(String)
    case call(number: Int, tool: String, arguments: String)
    case result(call: Int, String)
  }

  struct Turn: Equatable {
    var isUser: Bool
    var items: [Item]
  }

  struct Tool: Equatable {
    var description: String
    var schema: String
  }

  enum Choice: Equatable {
    case auto, none, required
    /// The number of the tool.
    case tool(String)
  }

  var system = ""
  var turns: [Turn] = []
  var tools: [Tool] = []
  var choice = Choice.auto

  /// The words that stand for what a user said before an assistant who opens a conversation.
  static let opening = "(The conversation begins.)"
}

/// Puts a conversation together from what a reader finds, in the order in which it finds it.
struct ConversationBuilder {
  private(set) var conversation = Conversation()
  private var systems: [String] = []
  private var names: [String: String] = [:]
  /// Calls that have no result yet, by id, and all calls so far.
  private(set) var pending: [(id: String, number: Int)] = []
  private var callCount = 0

  /// A tool, in the order of the body.
  mutating func declare(_ name: String, description: String?, schema: JSONNode?) {
    names[name] = "#\(conversation.tools.count)"
    let isEmpty = schema?.members?.isEmpty != false
    conversation.tools.append(
      .init(
        description: description ?? "",
        schema: isEmpty ? #"{"properties":{},"type":"object"}"# : Self.canonical(schema ?? .null)))
  }

  mutating func choose(_ choice: Conversation.Choice) {
    if case .tool(let name) = choice {
      conversation.choice = .tool(names[name] ?? name)
    } else {
      conversation.choice = choice
    }
  }

  mutating func system(_ text: String) { if !Self.isBlank(text) { systems.append(text) } }

  mutating func text(_ text: String, isUser: Bool) {
    guard !Self.isBlank(text) else { return }
    add(.text(text), isUser: isUser)
  }

  mutating func media(_ url: String) { add(.media(url), isUser: true) }

  mutating func call(_ id: String, _ name: String, _ arguments: JSONNode) {
    pending.append((id, callCount))
    add(
      .call(number: callCount, tool: names[name] ?? name, arguments: Self.canonical(arguments)), isUser: false)
    callCount += 1
  }

  /// A result, by the id of its call.
  mutating func result(_ id: String, _ text: String) throws {
    guard let place = pending.firstIndex(where: { $0.id == id }) else {
      throw Refusal("a result without its call: \(id)")
    }
    add(.result(call: pending.remove(at: place).number, Self.result(text)), isUser: true)
  }

  private mutating func add(_ item: Conversation.Item, isUser: Bool) {
    if conversation.turns.last?.isUser != isUser { conversation.turns.append(.init(isUser: isUser, items: [])) }
    conversation.turns[conversation.turns.count - 1].items.append(item)
  }

  /// The conversation in its normal form.
  func built() -> Conversation {
    var built = conversation
    built.system = systems.joined(separator: "\n")
    if built.turns.count > 1, built.turns[0].items == [.text(Conversation.opening)] { built.turns.removeFirst() }
    built.turns = built.turns.map(Self.normal)
    if let last = built.turns.last, !last.isUser, case .text(let text)? = last.items.last {
      let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
      built.turns[built.turns.count - 1].items[last.items.count - 1] = .text(String(text[..<end]))
    }
    return built
  }

  private static func normal(_ turn: Conversation.Turn) -> Conversation.Turn {
    var texts: [String] = []
    var results: [(Int, Conversation.Item)] = []
    var rest: [Conversation.Item] = []
    for item in turn.items {
      switch item {
      case .result(let call, _): results.append((call, item))
      case .text(let text) where !turn.isUser: texts.append(text)
      case .text(let text):
        if case .text(let before)? = rest.last {
          rest[rest.count - 1] = .text(before + "\n" + text)
        } else {
          rest.append(item)
        }
      case .media, .call: rest.append(item)
      }
    }
    let first: [Conversation.Item] = texts.isEmpty ? [] : [.text(texts.joined(separator: "\n"))]
    let sorted = results.sorted { $0.0 < $1.0 }.map(\.1)
    return .init(isUser: turn.isUser, items: first + sorted + rest)
  }

  static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

  /// The arguments of a call as the object that they are, or that holds them.
  static func arguments(_ text: String) -> JSONNode {
    guard !text.isEmpty else { return .object([:]) }
    guard let node = try? json(text), node.members != nil else { return .object(["arguments": .string(text)]) }
    return node
  }

  private static func result(_ text: String) -> String {
    guard let node = try? json(text), node.members != nil else { return text }
    return canonical(node)
  }

  /// JSON with sorted keys and without white space.
  static func canonical(_ node: JSONNode) -> String { sorted(node).jsonText }

  private static func sorted(_ node: JSONNode) -> JSONNode {
    if let members = node.members {
      return .object(
        members.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: sorted($0.value)) })
    }
    return node.elements.map { .array($0.map(sorted)) } ?? node
  }
}

/// What a provider would refuse.
struct Refusal: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
