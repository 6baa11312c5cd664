/// What Anthropic's models take, by their names. Source: Anthropic API reference, "Models overview", "Effort" "Extended
/// thinking" and "Web search tool". A name that says nothing counts as that of a new model, which takes everything.
struct ClaudeModel {
  let name: String

  /// Whether the model takes `output_config.effort`.
  var hasEffort: Bool {
    !isOf([
      "claude-2", "claude-3", "haiku-4", "sonnet-4-0", "sonnet-4-2", "sonnet-4-5", "opus-4-0", "opus-4-1", "opus-4-2",
    ])
  }

  /// Whether the model thinks as it sees fit.
  var hasAdaptiveThinking: Bool { hasEffort && !isOf(["opus-4-5"]) }

  /// Whether the model can think before it answers.
  var thinks: Bool {
    !isOf([
      "claude-2", "claude-instant", "claude-3-haiku", "claude-3-opus", "claude-3-sonnet", "claude-3-5", "3-5-sonnet",
      "3-5-haiku",
    ])
  }

  /// Whether the model refuses `temperature` beside `top_p`.
  var takesOneOfTemperatureAndTopP: Bool { isOf(["haiku-4", "sonnet-4", "opus-4"]) }

  /// Sent where a client names no limit: Anthropic demands one, and every model of the family takes this.
  var defaultMaximumTokens: Int {
    if isOf(["claude-3-5", "3-5-sonnet", "3-5-haiku"]) { return 8192 }
    return isOf(["claude-2", "claude-3-haiku", "claude-3-opus", "claude-3-sonnet"]) ? 4096 : 16_384
  }

  /// Whether the model can search the web.
  var canSearch: Bool { !isOf(["claude-2", "claude-3-haiku", "claude-3-opus", "claude-3-sonnet"]) }

  private func isOf(_ families: [String]) -> Bool {
    families.contains { family in
      name.contains(family) || name.replacing(".", with: "-").contains(family)
    }
  }
}
