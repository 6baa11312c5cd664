import TextKit

/// From chat completions. `cache_control` stands where OpenRouter's and LiteLLM's clients write it: on a part of a content,
/// or on a message.
extension BedrockConversation {
  mutating func read(chat: Field) throws(GatewayError) {
    for message in try chat.required("messages", "messages").elements("messages") { try append(message) }
  }

  private mutating func append(_ message: Field) throws(GatewayError) {
    let content = message["content"]
    switch message["role"]?.node.string {
    case "system", "developer": return try appendSystem(content, message)
    case "assistant":
      turn(to: "assistant")
      try appendContent(content)
      for call in message["tool_calls"]?.node.elements ?? [] {
        let function = call["function"]
        append(
          call: call["id"]?.string ?? "", name: function?["name"]?.string ?? "",
          input: ChatReading.object(fromArguments: function?["arguments"]?.string ?? ""))
      }
    case "tool":
      turn(to: "user")
      let text = try ChatReading.text(of: content)
      append(
        result: message["tool_call_id"]?.node.string ?? "",
        text.allSatisfy(\.isWhitespace) ? [] : [Self.text(text)])
    case "function": throw message.unsupported("Bedrock is given tool messages alone; use the role tool")
    default:
      turn(to: "user")
      try appendContent(content)
    }
    append(cache: message["cache_control"]?.node)
  }

  private mutating func appendSystem(_ content: Field?, _ message: Field) throws(GatewayError) {
    guard let content else { return }
    for part in ChatReading.parts(of: content) {
      append(
        system: try ChatReading.text(of: Field(.array([part.node]), path: part.path)),
        cache: part["cache_control"]?.node ?? message["cache_control"]?.node)
    }
  }

  private mutating func appendContent(_ content: Field?) throws(GatewayError) {
    guard let content else { return }
    for part in ChatReading.parts(of: content) {
      switch part["type"]?.node.string {
      case "text", "refusal": append(text: part["text"]?.node.string ?? part["refusal"]?.node.string ?? "")
      case "image_url":
        let image = try media(part["image_url"]?["url"]?.node.string ?? "", part)
        append(image)
      case "file":
        let document = try media(part["file"]?["file_data"]?.node.string ?? "", part)
        append(document: document)
      default: throw part.unsupported("this part cannot be given to Bedrock")
      }
      append(cache: part["cache_control"]?.node)
    }
  }
}
