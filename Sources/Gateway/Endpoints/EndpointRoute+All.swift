extension EndpointRoute {
  /// All that can be asked, in the order of the OpenAPI document.
  static let all: [EndpointRoute] = [
    .chatCompletions, .completions, .messages, .countTokens, .responses, .response, .deleteResponse, .responseInput,
    .cancelResponse, .embeddings, .models, .model, .route, .feedback, .health, .ready, .metrics, .openAPI, .reload,
    .promotion, .experiments,
  ]
}
