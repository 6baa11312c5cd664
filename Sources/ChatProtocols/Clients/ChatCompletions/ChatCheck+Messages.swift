extension ChatCheck {
  private static let roles = ["system", "developer", "user", "assistant", "tool", "function"]

  static func checkMessage(_ message: Field) throws(GatewayError) {
    let role = try message.object("a message").required("role", "the role of the message").word(of: roles)
    switch role {
    case "assistant": try checkAssistant(message)
    case "tool":
      _ = try message.required("tool_call_id", "the id of the tool call").string()
      try checkContent(message)
    case "function": _ = try message.required("name", "the name of the function").string()
    default: try checkContent(message)
    }
  }

  /// An assistant may say nothing where it calls tools, or refuses.
  private static func checkAssistant(_ message: Field) throws(GatewayError) {
    if let calls = message["tool_calls"] {
      for call in try calls.elements("an array of tool calls") { try checkCall(call) }
    }
    let others = ["tool_calls", "refusal", "audio", "function_call"]
    if message["content"] != nil || !others.contains(where: { message[$0] != nil }) { try checkContent(message) }
  }

  private static func checkCall(_ call: Field) throws(GatewayError) {
    _ = try call.object("a tool call").required("id", "the id of the tool call").string()
    guard let function = call["function"] else {
      guard try call["type"]?.string() ?? "function" != "function" else {
        throw call.missing("function", expected: "the function and its arguments")
      }
      return
    }
    _ = try function.object("a function").required("name", "the name of the function").name("the name of the function")
    _ = try function["arguments"]?.string("the JSON of the arguments as a string")
  }

  private static func checkContent(_ message: Field) throws(GatewayError) {
    let content = try message.required("content", "a string or an array of parts")
    guard content.node.string == nil else { return }
    for part in try content.someElements("a string or an array of parts") { try checkPart(part) }
  }

  /// Parts of other types pass: what they are is between client and provider.
  private static func checkPart(_ part: Field) throws(GatewayError) {
    let type = try part.object("a part of a message").required("type", "the type of the part").name(
      "the type of the part")
    switch type {
    case "text": _ = try part.required("text", "the text of the part").string()
    case "image_url":
      let image = try part.required("image_url", "the image").object("an object with the image's url")
      _ = try image.required("url", "the URL of the image").name("the URL of the image")
    default: return
    }
  }
}
