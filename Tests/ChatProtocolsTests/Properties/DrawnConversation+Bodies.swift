import TextKit

@testable import ChatProtocols

/// A drawn conversation as a client of each API format says it.
extension DrawnConversation {
  /// A chat completion request.
  func chatBody() throws -> [UInt8] {
    let functions = try tools.map { tool in
      JSONNode.object([
        "type": .string("function"),
        "function": .object([
          "name": .string(tool.name), "description": .string(tool.description),
          "parameters": try tool.schema.map { try json($0) },
        ]),
      ])
    }
    return JSONNode.object([
      "model": .string("auto"), "messages": .array(messages.flatMap(Self.chatMessages)),
      "tools": tools.isEmpty ? nil : .array(functions),
      "tool_choice": tools.isEmpty
        ? nil
        : choice.json {
          .object(["type": .string("function"), "function": .object(["name": .string($0)])])
        },
    ]).jsonBytes
  }

  private static func chatMessages(_ message: Message) -> [JSONNode] {
    switch message {
    case .system(let text): return [.object(["role": .string("system"), "content": .string(text)])]
    case .user(let parts, let name):
      let content: JSONNode = parts.count == 1 ? single(parts[0]) : .array(parts.map(chatPart))
      return [.object(["role": .string("user"), "content": content, "name": name.map(JSONNode.string)])]
    case .assistant(let thought, let texts, let calls):
      let content: JSONNode =
        texts.isEmpty && !calls.isEmpty ? .null : .array(texts.map { chatPart(.text($0)) })
      let made = calls.map { ChatCompletionJSON.call(ToolCall(id: $0.id, name: $0.name, arguments: $0.arguments)) }
      return [
        .object([
          "role": .string("assistant"), "content": texts.count == 1 ? .string(texts[0]) : content,
          "reasoning_content": thought.map(JSONNode.string), "tool_calls": calls.isEmpty ? nil : .array(made),
        ])
      ]
    case .results(let results):
      let media = results.flatMap { $0.parts.filter(\.isMedia) }
      let answers = results.map {
        JSONNode.object(["role": .string("tool"), "tool_call_id": .string($0.id), "content": .string($0.text)])
      }
      let pictures: JSONNode = .object(["role": .string("user"), "content": .array(media.map(chatPart))])
      return answers + (media.isEmpty ? [] : [pictures])
    }
  }

  private static func isFile(_ url: String) -> Bool { url.hasPrefix("data:application/pdf") }

  private static func single(_ part: Part) -> JSONNode {
    if case .text(let text) = part { .string(text) } else { .array([chatPart(part)]) }
  }

  private static func chatPart(_ part: Part) -> JSONNode {
    switch part {
    case .text(let text): .object(["type": .string("text"), "text": .string(text)])
    case .media(let url) where isFile(url):
      .object([
        "type": .string("file"), "file": .object(["filename": .string("a.pdf"), "file_data": .string(url)]),
      ])
    case .media(let url): .object(["type": .string("image_url"), "image_url": .object(["url": .string(url)])])
    }
  }

  /// A request of Messages.
  func messagesBody() throws -> [UInt8] {
    // Anthropic itself takes no blank ones.
    let systems = messages.compactMap { message -> String? in
      if case .system(let text) = message, !ConversationBuilder.isBlank(text) { text } else { nil }
    }
    let declared = try tools.map { tool in
      JSONNode.object([
        "name": .string(tool.name), "description": .string(tool.description),
        "input_schema": try json(tool.schema ?? #"{"type":"object","properties":{}}"#),
      ])
    }
    return JSONNode.object([
      "model": .string("auto"), "max_tokens": .integer(1000),
      "system": systems.isEmpty ? nil : .array(systems.map { Self.block(.text($0)) }),
      "messages": .array(messages.compactMap(Self.anthropicMessage)),
      "tools": tools.isEmpty ? nil : .array(declared), "tool_choice": tools.isEmpty ? nil : messagesChoice,
    ]).jsonBytes
  }

  private var messagesChoice: JSONNode {
    switch choice {
    case .auto: .object(["type": .string("auto")])
    case .none: .object(["type": .string("none")])
    case .required: .object(["type": .string("any")])
    case .tool(let name): .object(["type": .string("tool"), "name": .string(name)])
    }
  }

  private static func anthropicMessage(_ message: Message) -> JSONNode? {
    switch message {
    case .system: return nil
    case .user(let parts, _):
      return .object(["role": .string("user"), "content": .array(parts.map(block))])
    case .assistant(let thought, let texts, let calls):
      let thinking = thought.map { thought in
        JSONNode.object(["type": .string("thinking"), "thinking": .string(thought), "signature": .string("c2ln")])
      }
      let uses = calls.map { call in
        JSONNode.object([
          "type": .string("tool_use"), "id": .string(call.id), "name": .string(call.name),
          "input": ConversationBuilder.arguments(call.arguments),
        ])
      }
      let content = (thinking.map { [$0] } ?? []) + texts.map { block(.text($0)) } + uses
      return .object(["role": .string("assistant"), "content": .array(content)])
    case .results(let results):
      let content = results.map { result in
        JSONNode.object([
          "type": .string("tool_result"), "tool_use_id": .string(result.id),
          "content": .array(result.parts.map(block)), "is_error": result.isFailure ? .boolean(true) : nil,
        ])
      }
      return .object(["role": .string("user"), "content": .array(content)])
    }
  }

  private static func block(_ part: Part) -> JSONNode {
    switch part {
    case .text(let text): return .object(["type": .string("text"), "text": .string(text)])
    case .media(let url):
      guard let data = DataURL(url) else {
        return .object(["type": .string("image"), "source": .object(["type": .string("url"), "url": .string(url)])])
      }
      return .object([
        "type": .string(isFile(url) ? "document" : "image"),
        "source": .object([
          "type": .string("base64"), "media_type": .string(data.mediaType), "data": .string(data.base64),
        ]),
      ])
    }
  }

  /// A request of Responses.
  func responsesBody() throws -> [UInt8] {
    let functions = try tools.map { tool in
      JSONNode.object([
        "type": .string("function"), "name": .string(tool.name), "description": .string(tool.description),
        "parameters": try tool.schema.map { try json($0) },
      ])
    }
    return JSONNode.object([
      "model": .string("auto"), "input": .array(messages.flatMap(Self.items)),
      "tools": tools.isEmpty ? nil : .array(functions),
      "tool_choice": tools.isEmpty
        ? nil : choice.json { .object(["type": .string("function"), "name": .string($0)]) },
    ]).jsonBytes
  }

  private static func items(_ message: Message) -> [JSONNode] {
    switch message {
    case .system(let text): return [.object(["role": .string("developer"), "content": .string(text)])]
    case .user(let parts, _):
      return [
        .object([
          "type": .string("message"), "role": .string("user"), "content": .array(parts.map(inputPart)),
        ])
      ]
    case .assistant(let thought, let texts, let calls):
      let reasoning = thought.map { thought in
        JSONNode.object([
          "type": .string("reasoning"), "id": .string("rs_1"), "summary": .array([]),
          "content": .array([.object(["type": .string("reasoning_text"), "text": .string(thought)])]),
        ])
      }
      let parts = texts.map { JSONNode.object(["type": .string("output_text"), "text": .string($0)]) }
      let said: JSONNode = .object([
        "type": .string("message"), "role": .string("assistant"), "content": .array(parts),
      ])
      let made = calls.map { call in
        JSONNode.object([
          "type": .string("function_call"), "call_id": .string(call.id), "name": .string(call.name),
          "arguments": .string(call.arguments),
        ])
      }
      return (reasoning.map { [$0] } ?? []) + (texts.isEmpty ? [] : [said]) + made
    case .results(let results):
      return results.map { result in
        let pictures = result.parts.filter(\.isMedia).map(inputPart)
        let output: JSONNode =
          pictures.isEmpty ? .string(result.text) : .array([inputPart(.text(result.text))] + pictures)
        return .object([
          "type": .string("function_call_output"), "call_id": .string(result.id), "output": output,
        ])
      }
    }
  }

  private static func inputPart(_ part: Part) -> JSONNode {
    switch part {
    case .text(let text): .object(["type": .string("input_text"), "text": .string(text)])
    case .media(let url) where isFile(url):
      .object(["type": .string("input_file"), "filename": .string("a.pdf"), "file_data": .string(url)])
    case .media(let url): .object(["type": .string("input_image"), "image_url": .string(url)])
    }
  }
}

extension DrawnConversation.Part {
  var isMedia: Bool { if case .media = self { true } else { false } }
}

extension Conversation.Choice {
  /// The word, or what names a tool.
  fileprivate func json(_ tool: (String) -> JSONNode) -> JSONNode {
    switch self {
    case .auto: .string("auto")
    case .none: .string("none")
    case .required: .string("required")
    case .tool(let name): tool(name)
    }
  }
}
