import ChatProtocols
import TextKit

/// The attributes of a request's span. No text of the request is among them.
struct SpanAttributes {
  private(set) var all: [(SpanAttribute, SpanValue)] = []

  /// - Parameter target: what answered, as far as it is configured.
  init(_ trace: RequestTrace, target: SpanTarget?) {
    set(.operationName, .text("chat"))
    set(.providerName, target.map { .text($0.provider) })
    set(.requestModel, .text(String(trace.requestedModel.prefix(128))))
    set(.requestStream, trace.isStream ? .boolean(true) : nil)
    set(.requestMaximumTokens, trace.request.attributes.maximumOutputTokens.map(SpanValue.integer))
    set(.outputType, .text(trace.request.attributes.responseFormat == .text ? "text" : "json"))
    set(.responseModel, target.map { .text($0.model) })
    set(.finishReasons, trace.finishReason.map { .texts([$0.name]) })
    set(.timeToFirstChunk, trace.firstTokenMilliseconds.map { .number($0 / 1000) })
    set(.errorType, (trace.errorCode?.rawValue ?? (trace.status >= 400 ? "\(trace.status)" : nil)).map(SpanValue.text))
    setUsage(trace.usage)
    setDecision(trace)
    setResponse(trace)
  }

  private mutating func set(_ attribute: SpanAttribute, _ value: SpanValue?) {
    if let value { all.append((attribute, value)) }
  }

  private mutating func setUsage(_ usage: TokenUsage?) {
    guard let usage else { return }
    set(.inputTokens, .integer(usage.inputTokens))
    set(.outputTokens, .integer(usage.outputTokens))
    set(.cacheReadTokens, usage.cachedInputTokens > 0 ? .integer(usage.cachedInputTokens) : nil)
    set(.cacheCreationTokens, usage.cacheWriteTokens > 0 ? .integer(usage.cacheWriteTokens) : nil)
    set(.reasoningTokens, usage.reasoningTokens > 0 ? .integer(usage.reasoningTokens) : nil)
  }

  private mutating func setDecision(_ trace: RequestTrace) {
    let decision = trace.decision
    let tier = decision.tier.flatMap { trace.tierNames.indices.contains($0) ? trace.tierNames[$0] : nil }
    set(.conversation, decision.session.map { .text($0.hexadecimal) })
    set(.tier, tier.map(SpanValue.text))
    set(.reason, .text(decision.reason.name))
    set(.observedTier, decision.observed.map { .text(trace.tierNames[$0.tier]) })
    set(.policy, .text(decision.policy))
    set(.rules, decision.rules.isEmpty ? nil : .texts(decision.rules))
    set(.propensity, .number(decision.propensity))
    set(.decisionNanoseconds, .integer(Int(clamping: decision.nanoseconds)))
    set(.isCacheHit, .boolean(decision.isFromCache))
    guard !decision.probabilities.isEmpty else { return }
    set(.probabilities, .numbers(decision.probabilities.map(Double.init)))
    set(.gain, .number(Double(decision.gain)))
    set(.threshold, .number(Double(decision.threshold)))
    set(.task, decision.task.map { .text($0.name) })
    set(.modelHash, decision.modelIdentifier.map { .text($0.hexadecimal) })
    set(.expectedCost, decision.expectedCostUSD.map(SpanValue.number))
  }

  private mutating func setResponse(_ trace: RequestTrace) {
    set(.requestID, .text(trace.id))
    set(.status, .integer(trace.status))
    set(.answeredTier, trace.tier.map(SpanValue.text))
    set(.target, trace.target.map(SpanValue.text))
    set(.cost, trace.costUSD.map(SpanValue.number))
    set(.upstreamSeconds, .number(trace.upstreamMilliseconds / 1000))
    let attempts = trace.attempts.map { "\($0.target) \($0.failure?.rawValue ?? "ok")" }
    set(.attempts, attempts.isEmpty ? nil : .texts(attempts))
  }
}
