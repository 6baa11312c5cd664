extension EndpointRoute {
  /// All that can be asked, in the order of the OpenAPI document.
  static let all: [EndpointRoute] = [
    .chatCompletions, .messages, .countTokens, .responses, .embeddings, .models, .model, .route, .feedback, .health,
    .ready, .metrics,
    .openAPI, .reload,
  ]
}
