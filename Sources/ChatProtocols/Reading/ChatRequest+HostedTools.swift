package import TextKit

extension ChatRequest {
  /// The request as a rule for hosted tools has it.
  /// - Throws: ``GatewayError/Code/unsupportedFeature`` where the rule, or what can answer the client's format, refuses it.
  package func applying(_ rule: HostedToolRule) throws(GatewayError) -> ChatRequest {
    guard !hostedTools.names.isEmpty else { return self }
    var request = self
    switch rule {
    case .refuse:
      throw hostedTools.problem ?? hostedTools.searchProblem
        ?? GatewayError(
          .unsupportedFeature, message: "tools: this gateway lets no hosted tools pass; leave them out", param: "tools")
    case .drop: request.dropsHostedTools = true
    case .keep:
      // No provider is spoken to as Responses have it.
      if apiFormat == .responses, let problem = hostedTools.problem { throw problem }
      if request.untranslatable == nil { request.untranslatable = hostedTools.problem }
    }
    return request
  }

  /// The chat for a provider that is not OpenAI: of the tools those that its choice allows, custom tools as functions with
  /// one text, no search of the web, and no other hosted tools where they may be left out.
  package var foreignChat: JSONNode {
    let chat = AllowedTools.applied(to: self.chat)
    let custom = CustomTool.names(in: self.chat)
    guard apiFormat == .chatCompletions, !custom.isEmpty || !hostedTools.names.isEmpty else { return chat }
    return .object(
      (chat.members ?? []).compactMap { member in
        switch member.key {
        case "tools": tools(member)
        case "tool_choice": choice(member, custom)
        case "messages": messages(member, custom)
        case "web_search_options" where !hostedTools.searchNames.isEmpty: nil
        default: member
        }
      })
  }

  private func tools(_ member: JSONMember) -> JSONMember? {
    let tools = (member.value.elements ?? []).compactMap { tool -> JSONNode? in
      switch tool["type"]?.string ?? "function" {
      case "function": tool
      case "custom": CustomTool.function(for: tool["custom"] ?? .null)
      default: dropsHostedTools ? nil : tool
      }
    }
    return tools.isEmpty ? nil : JSONMember(key: "tools", value: .array(tools))
  }

  /// A choice of a hosted tool that is left out says nothing.
  private func choice(_ member: JSONMember, _ custom: Set<String>) -> JSONMember? {
    guard member.value.members != nil else { return member }
    guard let name = member.value["custom"]?["name"]?.string, custom.contains(name) else {
      return member.value["function"] == nil && dropsHostedTools ? nil : member
    }
    let function: JSONNode = .object(["type": .string("function"), "function": .object(["name": .string(name)])])
    return JSONMember(key: member.key, value: function)
  }

  private func messages(_ member: JSONMember, _ custom: Set<String>) -> JSONMember {
    guard !custom.isEmpty else { return member }
    let messages = (member.value.elements ?? []).map { message -> JSONNode in
      guard let calls = message["tool_calls"]?.elements else { return message }
      return message.setting("tool_calls", to: .array(calls.map(CustomTool.functionCall)))
    }
    return JSONMember(key: member.key, value: .array(messages))
  }
}
