/// What a model is known to take, and not to take; `nil` is unknown, which excludes nothing.
package struct ModelSupport: Sendable, Hashable {
  package var tools: Bool?
  /// Choices of a tool other than `auto` and `none`.
  package var toolChoice: Bool?
  /// A word on whether several tools may be called at once.
  package var parallelTools: Bool?
  package var images: Bool?
  /// Answers by a JSON Schema.
  package var jsonSchema: Bool?
  /// Efforts of reasoning, and budgets for it.
  package var reasoning: Bool?

  package init() {}

  /// By the names of configuration files.
  package static var names: [(name: String, path: WritableKeyPath<ModelSupport, Bool?>)] {
    [
      ("tools", \.tools), ("tool_choice", \.toolChoice), ("parallel_tools", \.parallelTools), ("images", \.images),
      ("json_schema", \.jsonSchema), ("reasoning", \.reasoning),
    ]
  }

  /// By the names of LiteLLM's catalogue.
  static var catalogueNames: [(name: String, path: WritableKeyPath<ModelSupport, Bool?>)] {
    [
      ("supports_function_calling", \.tools), ("supports_tool_choice", \.toolChoice),
      ("supports_parallel_function_calling", \.parallelTools), ("supports_vision", \.images),
      ("supports_response_schema", \.jsonSchema), ("supports_reasoning", \.reasoning),
    ]
  }

  /// This, with what another knows in the place of its own.
  package func overridden(by other: ModelSupport) -> ModelSupport {
    var result = self
    for (_, path) in Self.names {
      if let known = other[keyPath: path] { result[keyPath: path] = known }
    }
    return result
  }
}
