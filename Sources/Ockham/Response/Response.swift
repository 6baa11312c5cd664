/// What a model sent back for a request: its text, the tools that it wants to call, and what else is known of it.
public struct Response: Sendable, Hashable {
  /// The text; empty where the model only calls tools.
  public var text: String

  /// The calls, in order.
  public var toolCalls: [ToolCall]

  /// What is known beside the text.
  public var facts: ResponseFacts

  /// Creates a response.
  public init(text: String, toolCalls: [ToolCall] = [], facts: ResponseFacts = ResponseFacts()) {
    self.text = text
    self.toolCalls = toolCalls
    self.facts = facts
  }

  /// A tool that the model wants to call.
  public struct ToolCall: Sendable, Hashable {
    /// The tool's name.
    public var name: String

    /// The arguments' text, which should be a JSON object.
    public var arguments: String

    /// Creates a call.
    public init(name: String, arguments: String) {
      self.name = name
      self.arguments = arguments
    }
  }
}
