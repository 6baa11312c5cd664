/// What the models of Bedrock take, by their ids. Source: Amazon Bedrock User Guide, "Supported models and model features",
/// "Prompt caching" and "Structured outputs".
///
/// An id that says nothing, such as the ARN of a profile of one's own, counts as that of a new model, which takes
/// everything: the service refuses what its model cannot do, and another target is asked.
struct BedrockModel {
  let id: String

  var isClaude: Bool { id.contains("anthropic.") || id.contains("claude") }
  var isNova: Bool { id.contains("amazon.nova") }

  /// Whether it is of a maker that is known.
  private var isNamed: Bool {
    isClaude
      || [
        "amazon.", "meta.", "mistral.", "cohere.", "ai21.", "deepseek.", "openai.", "qwen.", "writer.", "stability.",
        "google.", "minimax.", "moonshot", "nvidia.", "zai.",
      ].contains(where: id.contains)
  }

  /// Whether a call of a tool may be demanded, and of which.
  var canDemandTool: Bool { isClaude || isNova || !isNamed }
  var canDemandAnyTool: Bool { canDemandTool || id.contains("mistral.mistral-large") }

  /// Whether it answers by a JSON Schema.
  var hasSchemas: Bool {
    let old = [
      "claude-v2", "claude-instant", "claude-3", "claude-sonnet-4-2", "claude-opus-4-2", "claude-opus-4-1-", "amazon.",
      "meta.", "cohere.", "ai21.", "writer.", "mistral.mistral-7b", "mistral.mixtral", "mistral.mistral-large-24",
      "mistral.mistral-small-24", "mistral.pixtral", "deepseek.r1",
    ]
    return !old.contains(where: id.contains)
  }

  /// Whether it keeps prompts up to points that the request marks.
  var hasCachePoints: Bool {
    guard isClaude else { return isNova || !isNamed }
    return ![
      "claude-v2", "claude-instant", "claude-3-haiku", "claude-3-sonnet", "claude-3-opus", "claude-3-5-sonnet-20240620",
    ]
    .contains(where: id.contains)
  }

  /// Whether such a point may say how long.
  var hasLongCache: Bool {
    hasCachePoints && isClaude && !["claude-3", "sonnet-4-2", "opus-4-2", "opus-4-1-"].contains(where: id.contains)
  }
}
