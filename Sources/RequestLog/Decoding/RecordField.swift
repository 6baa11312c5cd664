/// The keys of a record and of the request in it.
enum RecordField: Int, JSONFieldName {
  case id, prompt, dataset, outcomes, messages, tier, weight, task, propensity, timestamp
  case tools, responseFormat, maximumTokens, maximumCompletionTokens
  case toolSchemaBytes, responseSchemaBytes, imageCount

  var key: StaticString {
    switch self {
    case .id: "id"
    case .prompt: "prompt"
    case .dataset: "dataset"
    case .outcomes: "outcomes"
    case .messages: "messages"
    case .tier: "tier"
    case .weight: "weight"
    case .task: "task"
    case .propensity: "propensity"
    case .timestamp: "timestamp"
    case .tools: "tools"
    case .responseFormat: "response_format"
    case .maximumTokens: "max_tokens"
    case .maximumCompletionTokens: "max_completion_tokens"
    case .toolSchemaBytes: "tool_schema_bytes"
    case .responseSchemaBytes: "response_schema_bytes"
    case .imageCount: "image_count"
    }
  }
}

/// The keys of one outcome.
enum OutcomeField: Int, JSONFieldName {
  case quality, costUSD, outputTokens, latencyMilliseconds

  var key: StaticString {
    switch self {
    case .quality: "quality"
    case .costUSD: "cost_usd"
    case .outputTokens: "output_tokens"
    case .latencyMilliseconds: "latency_ms"
    }
  }
}

/// The keys of one message.
enum MessageField: Int, JSONFieldName {
  case role, content, toolCalls

  var key: StaticString {
    switch self {
    case .role: "role"
    case .content: "content"
    case .toolCalls: "tool_calls"
    }
  }
}

/// The keys of one part of a message.
enum PartField: Int, JSONFieldName {
  case type, text

  var key: StaticString {
    switch self {
    case .type: "type"
    case .text: "text"
    }
  }
}

/// The keys of a tool, of the function in it, of a tool call and of a response format.
enum ToolField: Int, JSONFieldName {
  case type, name, function, parameters, inputSchema, arguments, jsonSchema, schema

  var key: StaticString {
    switch self {
    case .type: "type"
    case .name: "name"
    case .function: "function"
    case .parameters: "parameters"
    case .inputSchema: "input_schema"
    case .arguments: "arguments"
    case .jsonSchema: "json_schema"
    case .schema: "schema"
    }
  }
}
