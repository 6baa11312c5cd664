import TextKit

/// Reads a request of Responses into a chat completion request.
enum ResponsesTranslation {
  /// - Parameter isWhole: whether `input` holds what was said before.
  /// - Parameter hosted: gets what runs at OpenAI, and is left out.
  static func chat(
    _ root: Field, isWhole: Bool = false, hosted: inout HostedTools
  ) throws(GatewayError) -> JSONNode {
    try refuse(root, isWhole: isWhole, &hosted)
    let messages = try ResponsesItems.messages(root, hosted: &hosted)
    let isStream = try root["stream"]?.boolean() ?? false
    // Chat completions refuse what is said of tools where there are none.
    let tools = try ResponsesTools.functions(root["tools"], hosted: &hosted)
    let choice = try toolChoice(root["tool_choice"], &hosted)
    let parallel = try boolean(root["parallel_tool_calls"])
    return .object([
      "model": root["model"]?.node, "messages": .array(messages), "stream": isStream ? .boolean(true) : nil,
      "stream_options": isStream ? .object(["include_usage": .boolean(true)]) : nil,
      "max_tokens": try integer(root["max_output_tokens"], in: 1...Int.max),
      "temperature": try number(root["temperature"], in: 0...2), "top_p": try number(root["top_p"], in: 0...1),
      "tools": tools, "tool_choice": tools == nil ? nil : choice, "parallel_tool_calls": tools == nil ? nil : parallel,
      "response_format": try format(root["text"]), "verbosity": try string(root["text"]?["verbosity"]),
      "reasoning_effort": try string(root["reasoning"]?.object("an object")["effort"]),
      "logprobs": try wantsLogprobs(root) ? .boolean(true) : nil,
      "top_logprobs": try integer(root["top_logprobs"], in: 0...20),
      "user": try string(root["user"]), "safety_identifier": try string(root["safety_identifier"]),
      "prompt_cache_key": try string(root["prompt_cache_key"]), "service_tier": try string(root["service_tier"]),
    ])
  }

  private static func refuse(_ root: Field, isWhole: Bool, _ hosted: inout HostedTools) throws(GatewayError) {
    if let field = root["previous_response_id"], !isWhole {
      throw field.unsupported(
        "this gateway keeps no responses; send what was said as input, or have stored_responses set in its configuration"
      )
    }
    if let field = root["conversation"] {
      throw field.unsupported(
        "the gateway has no conversation objects; send what was said as input, or go on with previous_response_id")
    }
    for key in ["prompt", "context_management"] {
      if let field = root[key] { throw field.unsupported("only OpenAI's own servers can do this; leave it out") }
    }
    if let background = root["background"], try background.boolean() {
      throw background.unsupported("answers are given at once; leave it out")
    }
    _ = try root["store"]?.boolean()
    if let truncation = root["truncation"], try truncation.word(of: ["auto", "disabled"]) == "auto" {
      throw truncation.unsupported("the gateway changes no prompt; say disabled")
    }
    for item in try root["include"]?.elements("an array of texts") ?? [] {
      let known = ["reasoning.encrypted_content", "message.output_text.logprobs"]
      let name = try item.string()
      if ResponsesTools.isSearch(name) {
        hosted.noteSearch(name, search: nil, problem: nil)
      } else if ResponsesTools.isHosted(String(name.prefix { $0 != "." })) {
        hosted.note(name, item.unsupported("this cannot be included; leave it out"))
      } else if !known.contains(name) {
        throw item.unsupported("this cannot be included; leave it out")
      }
    }
  }

  private static func wantsLogprobs(_ root: Field) throws(GatewayError) -> Bool {
    let isIncluded = root["include"]?.node.elements?.contains { $0.string == "message.output_text.logprobs" } ?? false
    let count = try root["top_logprobs"]?.integer(in: 0...20) ?? 0
    return isIncluded || count > 0
  }

  private static func toolChoice(_ field: Field?, _ hosted: inout HostedTools) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    if field.node.string != nil { return .string(try field.word(of: ["none", "auto", "required"])) }
    let type = try field.object("none, auto, required or an object").required("type", "function").string()
    if type == "allowed_tools" { return try allowedTools(field) }
    if ResponsesTools.isSearch(type), hosted.search != nil {
      hosted.demandSearch()
      hosted.noteSearch(
        type, search: nil, problem: field.unsupported("only models whose providers search the web can be made to"))
      return nil
    }
    if ResponsesTools.isHosted(type) {
      hosted.note(type, field.unsupported("only a function can be chosen"))
      return nil
    }
    guard ["function", "custom"].contains(type) else { throw field.unsupported("only a function can be chosen") }
    let name = try field.required("name", "the name of the function").name("the name of the function")
    return .object(["type": .string("function"), "function": .object(["name": .string(name)])])
  }

  /// The functions among the tools that are allowed: what runs at OpenAI is none of the chat's tools.
  private static func allowedTools(_ field: Field) throws(GatewayError) -> JSONNode {
    let mode = try field.required("mode", "auto or required").word(of: ["auto", "required"])
    var names: [String] = []
    for tool in try field.required("tools", "an array of tools").elements("an array of tools") {
      let type = try tool.object("a tool").required("type", "function").string()
      if type == LocalShell.name {
        names.append(LocalShell.name)
      } else if ["function", "custom"].contains(type) {
        let name = try tool.required("name", "the name of the function").name("the name of the function")
        names.append(
          try tool["namespace"].map { (space) throws(GatewayError) in
            ResponsesTools.flat(try space.string(), name)
          } ?? name)
      } else if !ResponsesTools.isHosted(type) {
        throw tool.unsupported("only functions can be allowed")
      }
    }
    return names.isEmpty ? .string("none") : AllowedTools.chatChoice(mode: mode, functions: names)
  }

  private static func format(_ text: Field?) throws(GatewayError) -> JSONNode? {
    guard let format = try text?.object("an object")["format"] else { return nil }
    let type = try format.object("an object").required("type", "text, json_object or json_schema")
    let name = try type.word(of: ["text", "json_object", "json_schema"])
    guard name == "json_schema" else { return name == "text" ? nil : .object(["type": type.node]) }
    let schema: JSONNode = .object([
      "name": .string(try format.required("name", "the name of the schema").name("the name of the schema")),
      "description": try string(format["description"]),
      "schema": try format.required("schema", "a JSON Schema").object("a JSON Schema").node,
      "strict": try boolean(format["strict"]),
    ])
    return .object(["type": type.node, "json_schema": schema])
  }
}

extension ResponsesTranslation {
  static func string(_ field: Field?) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    return .string(try field.string())
  }

  private static func boolean(_ field: Field?) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    return .boolean(try field.boolean())
  }

  private static func number(_ field: Field?, in range: ClosedRange<Double>) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    _ = try field.number(in: range)
    return field.node
  }

  private static func integer(_ field: Field?, in range: ClosedRange<Int>) throws(GatewayError) -> JSONNode? {
    guard let field else { return nil }
    return .integer(try field.integer(in: range))
  }
}
