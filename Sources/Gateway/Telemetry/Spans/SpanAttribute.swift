/// Every attribute of a span: the only place where their names stand.
///
/// `gen_ai.*` and `error.type` are OpenTelemetry's semantic conventions for generative AI, version 1.41.0; all of them
/// are in development there. `ockham.*` is the gateway's own: no convention covers routing.
enum SpanAttribute: String, CaseIterable {
  case operationName = "gen_ai.operation.name"
  case providerName = "gen_ai.provider.name"
  case requestModel = "gen_ai.request.model"
  case requestStream = "gen_ai.request.stream"
  case requestMaximumTokens = "gen_ai.request.max_tokens"
  case outputType = "gen_ai.output.type"
  case conversation = "gen_ai.conversation.id"
  case responseModel = "gen_ai.response.model"
  case finishReasons = "gen_ai.response.finish_reasons"
  case timeToFirstChunk = "gen_ai.response.time_to_first_chunk"
  case inputTokens = "gen_ai.usage.input_tokens"
  case outputTokens = "gen_ai.usage.output_tokens"
  case cacheReadTokens = "gen_ai.usage.cache_read.input_tokens"
  case cacheCreationTokens = "gen_ai.usage.cache_creation.input_tokens"
  case reasoningTokens = "gen_ai.usage.reasoning.output_tokens"
  case errorType = "error.type"
  case requestID = "ockham.request.id"
  case status = "ockham.response.status"
  case tier = "ockham.decision.tier"
  case answeredTier = "ockham.response.tier"
  case target = "ockham.response.target"
  case reason = "ockham.decision.reason"
  case observedTier = "ockham.decision.observed_tier"
  case policy = "ockham.decision.policy"
  case rules = "ockham.decision.rules"
  case probabilities = "ockham.decision.probabilities"
  case gain = "ockham.decision.gain"
  case threshold = "ockham.decision.threshold"
  case propensity = "ockham.decision.propensity"
  case task = "ockham.decision.task"
  case modelHash = "ockham.decision.model_hash"
  case isCacheHit = "ockham.decision.cache_hit"
  case decisionNanoseconds = "ockham.decision.duration_ns"
  case expectedCost = "ockham.decision.expected_cost_usd"
  case cost = "ockham.response.cost_usd"
  case upstreamSeconds = "ockham.response.upstream_seconds"
  case attempts = "ockham.response.attempts"

  /// The conventions that the names follow.
  static let schemaURL = "https://opentelemetry.io/schemas/1.41.0"
}

/// What an attribute may hold.
enum SpanValue {
  case text(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case texts([String])
  case numbers([Double])
}
