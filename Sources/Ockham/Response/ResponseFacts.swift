/// What is known of a response beside its text. The caller finds it out; each part may be unknown, and unknown
/// is not the same as false or 0.
public struct ResponseFacts: Sendable, Hashable {
  /// Whether the text is the JSON that the request asked for; `nil` where it asked for none.
  public var jsonIsValid: Bool?

  /// Whether the text fits the schema that the request declared; `nil` where it declared none.
  public var schemaIsValid: Bool?

  /// Whether every tool call names a declared tool and carries a JSON object that fits its parameters; `nil` without calls.
  public var toolCallsAreValid: Bool?

  /// Why the model stopped.
  public var finishReason: FinishReason?

  /// The mean natural logarithm of the tokens' probabilities, at most 0.
  public var meanLogprob: Float?

  /// The least of them.
  public var minimumLogprob: Float?

  /// Their standard deviation, at least 0.
  public var logprobSpread: Float?

  /// Creates facts; what is left out is unknown.
  public init(
    jsonIsValid: Bool? = nil, schemaIsValid: Bool? = nil, toolCallsAreValid: Bool? = nil,
    finishReason: FinishReason? = nil, meanLogprob: Float? = nil, minimumLogprob: Float? = nil,
    logprobSpread: Float? = nil
  ) {
    self.jsonIsValid = jsonIsValid
    self.schemaIsValid = schemaIsValid
    self.toolCallsAreValid = toolCallsAreValid
    self.finishReason = finishReason
    self.meanLogprob = meanLogprob
    self.minimumLogprob = minimumLogprob
    self.logprobSpread = logprobSpread
  }

  /// Why a model stopped.
  public enum FinishReason: UInt8, Sendable, Hashable, CaseIterable {
    /// At its own end.
    case stop
    /// At a limit of tokens: the text is cut.
    case length
    /// To call tools.
    case toolCalls
    /// By a filter of contents.
    case contentFilter
    /// For a reason of the provider's own.
    case other
  }
}

extension ResponseFacts {
  /// The least log-probability that counts; providers write -9999 and the like for minus infinity.
  static let leastLogprob: Float = -100

  /// Mean, minimum and standard deviation of tokens' log-probabilities; unknown without any, or with one that is no number.
  ///
  /// Each counts as at least -100 and at most 0. Summed in order, in double precision.
  public mutating func setLogprobs(_ logprobs: [Double]) {
    (meanLogprob, minimumLogprob, logprobSpread) = (nil, nil, nil)
    guard !logprobs.isEmpty, !logprobs.contains(where: { $0.isNaN }) else { return }
    let values = logprobs.map { min(0, max(Double(Self.leastLogprob), $0)) }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    meanLogprob = Float(mean)
    minimumLogprob = Float(values.reduce(0, min))
    logprobSpread = Float((squares / Double(values.count)).squareRoot())
  }
}
