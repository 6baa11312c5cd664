import TextKit

/// The `thinking` of a chat, which clients of LiteLLM and LangChain write as Anthropic has it. It goes along where Anthropic
/// takes it: not for models that do not think, beside a call that is demanded, without room in the limit of the answer, nor in
/// a loop of tools, whose turns would have to begin with a signed thought. Source: Anthropic API reference, "Extended
/// thinking".
struct AnthropicThinking {
  /// What the request says; `nil` for nothing.
  let node: JSONNode?

  /// - Parameters:
  ///   - messages: the conversation in Anthropic's form.
  ///   - choice: the choice of tools in Anthropic's form.
  ///   - limit: the most tokens of the answer.
  init(_ chat: Field, messages: [JSONNode], choice: JSONNode?, limit: Int, model: ClaudeModel) {
    let asked = chat["thinking"]?.node
    let isDemanded = ["any", "tool"].contains(choice?["type"]?.string)
    let isPrefilled = messages.last?["role"]?.string == "assistant"
    let isPossible = model.thinks && !isDemanded && !isPrefilled && AnthropicPassage.thinksThroughLoop(messages)
    node = isPossible ? asked.flatMap { Self.taken($0, limit: limit, model) } : nil
  }

  private static func taken(_ asked: JSONNode, limit: Int, _ model: ClaudeModel) -> JSONNode? {
    switch asked["type"]?.string {
    case "adaptive": return model.hasAdaptiveThinking ? asked : nil
    case "enabled":
      guard let budget = asked["budget_tokens"]?.integer, budget >= leastBudget, budget < limit else { return nil }
      return asked
    default: return nil
    }
  }

  private static let leastBudget = 1024

  /// `top_p` beside thinking: not below the least that Anthropic takes.
  func topP(_ node: JSONNode?) -> JSONNode? {
    self.node == nil || (node?.number ?? 0) >= 0.95 ? node : nil
  }

  /// A parameter of sampling that Anthropic refuses beside thinking.
  func beside(_ node: JSONNode?) -> JSONNode? { self.node == nil ? node : nil }
}
