/// The keys of a record and of the request in it.
enum RecordField: Int, JSONFieldName {
  case id, prompt, dataset, outcomes, messages, tier, weight, task, propensity, timestamp
  case tools, responseFormat, maximumTokens, maximumCompletionTokens
  case toolSchemaBytes, responseSchemaBytes, imageCount
  case served, allowed, eligible, conversation, policyHash, steps, labelRate, auditRate, failed

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
    case .served: "served"
    case .allowed: "allowed"
    case .eligible: "eligible"
    case .conversation: "conversation"
    case .policyHash: "policy_hash"
    case .steps: "steps"
    case .labelRate: "label_rate"
    case .auditRate: "audit_rate"
    case .failed: "failed"
    }
  }
}

/// The keys of one outcome.
enum OutcomeField: Int, JSONFieldName {
  case quality, costUSD, outputTokens, latencyMilliseconds, inclusion, origin, gold, answer, responseFeatures

  var key: StaticString {
    switch self {
    case .quality: "quality"
    case .costUSD: "cost_usd"
    case .outputTokens: "output_tokens"
    case .latencyMilliseconds: "latency_ms"
    case .inclusion: "inclusion"
    case .origin: "origin"
    case .gold: "gold"
    case .answer: "answer"
    case .responseFeatures: "response_features"
    }
  }
}

/// The keys of ratings by people.
enum GoldField: Int, JSONFieldName {
  case quality, inclusion, raters

  var key: StaticString {
    switch self {
    case .quality: "quality"
    case .inclusion: "inclusion"
    case .raters: "raters"
    }
  }
}

/// The keys of an answer that is a message.
enum ModelAnswerField: Int, JSONFieldName {
  case content, toolCalls, finishReason, logprobs

  var key: StaticString {
    switch self {
    case .content: "content"
    case .toolCalls: "tool_calls"
    case .finishReason: "finish_reason"
    case .logprobs: "logprobs"
    }
  }
}

/// The keys of log probabilities as providers send them, and of one token's.
enum LogprobField: Int, JSONFieldName {
  case content, logprob

  var key: StaticString {
    switch self {
    case .content: "content"
    case .logprob: "logprob"
    }
  }
}

/// The keys of one step of a cascade.
enum StepField: Int, JSONFieldName {
  case tier, propensity, accepted

  var key: StaticString {
    switch self {
    case .tier: "tier"
    case .propensity: "propensity"
    case .accepted: "accepted"
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
  case type, name, function, parameters, inputSchema, arguments, jsonSchema, schema, custom, input

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
    case .custom: "custom"
    case .input: "input"
    }
  }
}
