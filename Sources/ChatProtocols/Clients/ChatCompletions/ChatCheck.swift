import TextKit

/// Checks a chat completion request: everything that the gateway or a provider reads has its type and lies in its
/// range. Fields that are not named here pass unseen.
enum ChatCheck {
  static func check(_ root: Field) throws(GatewayError) {
    let messages = try root.required("messages", "an array of messages").someElements("an array of messages")
    for message in messages { try checkMessage(message) }
    try checkLimits(root)
    try checkSampling(root)
    try checkTools(root)
    try root["response_format"].map { (format) throws(GatewayError) in try checkFormat(format) }
  }

  private static func checkLimits(_ root: Field) throws(GatewayError) {
    for key in ["max_tokens", "max_completion_tokens"] where root[key]?.node.integer != ChatReading.noLimit {
      _ = try root[key]?.integer(in: 1...Int.max)
    }
    _ = try root["n"]?.integer(in: 1...128)
    for key in ["stream", "logprobs", "parallel_tool_calls", "store"] { _ = try root[key]?.boolean() }
    _ = try root["top_logprobs"]?.integer(in: 0...20)
    _ = try root["seed"]?.integer(in: Int.min...Int.max)
    _ = try root["user"]?.string()
    _ = try root["reasoning_effort"]?.string("none, minimal, low, medium, high or xhigh")
    if let options = root["stream_options"] {
      _ = try options.object("an object of stream options")["include_usage"]?.boolean()
    }
    if let stop = root["stop"], stop.node.string == nil {
      for text in try stop.elements("a string or an array of texts") { _ = try text.string() }
    }
  }

  private static func checkSampling(_ root: Field) throws(GatewayError) {
    _ = try root["temperature"]?.number(in: 0...2)
    _ = try root["top_p"]?.number(in: 0...1)
    for key in ["presence_penalty", "frequency_penalty"] { _ = try root[key]?.number(in: -2...2) }
    _ = try root["logit_bias"]?.object("an object of numbers")
  }

  private static func checkTools(_ root: Field) throws(GatewayError) {
    if let tools = root["tools"] {
      for tool in try tools.elements("an array of tools") {
        let type = try tool.object("a tool").required("type", "the type of the tool").name("the type of the tool")
        guard type == "function" else { continue }
        let function = try tool.required("function", "a function").object("a function")
        _ = try function.required("name", "the name of the function").name("the name of the function")
        _ = try function["description"]?.string()
        _ = try function["parameters"]?.object("a JSON Schema")
      }
    }
    guard let choice = root["tool_choice"] else { return }
    if choice.node.string != nil {
      // Mistral says any for required.
      _ = try choice.word(of: ["none", "auto", "required", "any"])
    } else {
      let type = try choice.object("none, auto, required or an object").required("type", "function").string()
      guard type == "function" else { return }
      let function = try choice.required("function", "a function").object("a function")
      _ = try function.required("name", "the name of the function").name("the name of the function")
    }
  }

  private static func checkFormat(_ format: Field) throws(GatewayError) {
    let type = try format.object("a response format").required("type", "text, json_object or json_schema")
    guard try type.word(of: ["text", "json_object", "json_schema"]) == "json_schema" else { return }
    let schema = try format.required("json_schema", "a named schema").object("a named schema")
    _ = try schema.required("name", "the name of the schema").name("the name of the schema")
    _ = try schema["schema"]?.object("a JSON Schema")
    _ = try schema["strict"]?.boolean()
  }
}
