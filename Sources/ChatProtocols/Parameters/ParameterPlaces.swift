import TextKit

/// Where the bodies of providers have what chat completions call by one name: `max_tokens` is Gemini's
/// `generationConfig.maxOutputTokens`.
enum ParameterPlaces {
  /// Paths by name, the name itself aside.
  private static let others: [String: [String]] = [
    "temperature": ["generationConfig.temperature", "inferenceConfig.temperature"],
    "top_p": ["generationConfig.topP", "inferenceConfig.topP"],
    "top_k": [
      "generationConfig.topK", "additionalModelRequestFields.top_k",
      "additionalModelRequestFields.inferenceConfig.topK",
    ],
    "max_tokens": ["generationConfig.maxOutputTokens", "inferenceConfig.maxTokens"],
    "max_completion_tokens": ["generationConfig.maxOutputTokens", "inferenceConfig.maxTokens"],
    "stop": ["stop_sequences", "generationConfig.stopSequences", "inferenceConfig.stopSequences"],
    "seed": ["generationConfig.seed"],
    "n": ["generationConfig.candidateCount"],
    "presence_penalty": ["generationConfig.presencePenalty"],
    "frequency_penalty": ["generationConfig.frequencyPenalty"],
    "logprobs": ["generationConfig.responseLogprobs"],
    "top_logprobs": ["generationConfig.logprobs"],
    "reasoning_effort": [
      "output_config.effort", "reasoning.effort", "generationConfig.thinkingConfig", "outputConfig.effort",
      "additionalModelRequestFields.reasoning_effort",
    ],
    "thinking": ["generationConfig.thinkingConfig", "additionalModelRequestFields.thinking"],
    "response_format": [
      "output_config.format", "output_format", "text.format", "generationConfig.responseMimeType",
      "generationConfig.responseJsonSchema", "outputConfig.textFormat",
    ],
    "verbosity": ["text.verbosity"],
    "user": ["metadata.user_id"],
    "parallel_tool_calls": ["tool_choice.disable_parallel_tool_use"],
    "tools": ["toolConfig.tools"],
    "tool_choice": ["toolConfig.functionCallingConfig", "toolConfig.toolChoice"],
  ]

  /// Parameters that the gateway knows by name and can miss.
  static let known =
    others.keys.sorted() + [
      "logit_bias", "metadata", "min_p", "modalities", "prediction", "prompt_cache_key", "repetition_penalty",
      "service_tier", "store",
    ]

  /// All paths of a name; of one that is not known, the name as a path.
  static func paths(of name: String) -> [[Substring]] {
    ([name] + (others[name] ?? [])).map { $0.split(separator: ".") }
  }

  /// Where what a client said by a name may be found after it was written for a provider: also by a newer name.
  static func traces(of name: String) -> [[Substring]] {
    let newer = ["max_tokens": ["max_completion_tokens"], "max_completion_tokens": ["max_tokens"]]
    let further = ["thinking": ["reasoning_effort"], "reasoning_effort": ["thinking"]]
    return ([name] + (newer[name] ?? further[name] ?? [])).flatMap(paths)
  }
}

extension JSONNode {
  /// The value at a path of keys; `nil` where there is none, or null.
  func value(at path: [Substring]) -> JSONNode? {
    var node: JSONNode? = self
    for key in path { node = node?[String(key)] }
    return node.flatMap { $0.isNull ? nil : $0 }
  }

  /// The object without what stands at a path; objects that are empty then go with it.
  func removing(_ path: ArraySlice<Substring>) -> JSONNode {
    guard let key = path.first.map(String.init), let members else { return self }
    return .object(
      members.compactMap { member in
        guard member.key == key else { return member }
        guard path.count > 1 else { return nil }
        let rest = member.value.removing(path.dropFirst())
        return rest.members?.isEmpty == true ? nil : JSONMember(key: key, value: rest)
      })
  }

  /// The object with another value at a path that is there.
  func replacing(_ path: ArraySlice<Substring>, with value: JSONNode) -> JSONNode {
    guard let key = path.first.map(String.init) else { return value }
    return setting(key, to: (self[key] ?? .null).replacing(path.dropFirst(), with: value))
  }
}
