/// What distinguishes a response beside the structure of its text, before it becomes dense features.
struct ResponseStatistics: ~Copyable {
  var facts: ResponseFacts
  var calls = 0
  var closing = ClosingScan()

  /// Distinct grams of the text, of the question, and of both.
  var textGrams = 0
  var queryNGrams = 0
  var commonGrams = 0
  /// Distinct words of each ``AnswerCue``.
  var cues = InlineArray<4, Int>(repeating: 0)

  // More opening marks than closing ones.
  var braces = 0
  var brackets = 0
  var parentheses = 0
  var fences = 0
  var isEmpty = true

  /// Sums of absolute differences between question and text.
  var scriptDistance: Float = 0
  var languageDistance: Float = 0

  // Of the request's dense features.
  var askedBytes: Float = 0
  var askedChoices: Float = 0
  var askedJSON: Float = 0
  var askedTools: Float = 0

  init(_ facts: ResponseFacts) { self.facts = facts }
}

extension ResponseStatistics {
  /// Every dense feature behind those of the text: its name and its value.
  @inline(__always) borrowing func describe<Sink: DenseSink>(to sink: inout Sink) {
    describeForm(to: &sink)
    describeFacts(to: &sink)
    sink.put("echoed_gram_share", ratio(commonGrams, textGrams))
    sink.put("covered_gram_share", ratio(commonGrams, queryNGrams))
    sink.put("hedges", scaled: cues[0])
    sink.put("corrections", scaled: cues[1])
    sink.put("refusals", scaled: cues[2])
    sink.put("conclusions", scaled: cues[3])
    describeNumbers(to: &sink)
    sink.put("script_distance", scriptDistance)
    sink.put("language_distance", languageDistance)
    sink.put("asked_bytes", askedBytes)
    sink.put("asked_choices", askedChoices)
    sink.put("asked_json", askedJSON)
    sink.put("asked_tools", askedTools)
  }

  /// How many features, the first ones, look at form alone.
  static let formCount: Int = {
    var sink = NameSink()
    let statistics = ResponseStatistics(ResponseFacts())
    statistics.describeForm(to: &sink)
    statistics.describeFacts(to: &sink)
    return sink.names.count
  }()

  /// Whether the demanded form is there and whole.
  @inline(__always) private borrowing func describeForm<Sink: DenseSink>(to sink: inout Sink) {
    let last = closing.lastByte
    sink.put("empty", isEmpty ? 1 : 0)
    sink.put("calls", scaled: calls)
    sink.put("unclosed_braces", braces > 0 ? 1 : 0)
    sink.put("unclosed_brackets", brackets > 0 ? 1 : 0)
    sink.put("unclosed_parentheses", parentheses > 0 ? 1 : 0)
    sink.put("open_fence", fences / 2 % 2 == 1 ? 1 : 0)
    sink.put("ends_with_stop", last == 0x2E || last == 0x21 || last == 0x3F ? 1 : 0)
    sink.put("ends_with_closer", Self.isCloser(last) ? 1 : 0)
    sink.put("ends_with_digit", last &- 0x30 < 10 ? 1 : 0)
    sink.put("ends_with_letter", (last | 0x20) &- 0x61 < 26 ? 1 : 0)
    sink.put("closes_tag", closing.closesTag ? 1 : 0)
    sink.put("final_option", closing.finalOption > 0 ? 1 : 0)
    sink.put("final_option_unknown", logScale(closing.finalOption) > askedChoices ? 1 : 0)
    sink.put("final_number", closing.numbers > 0 ? 1 : 0)
  }

  private static func isCloser(_ byte: UInt8) -> Bool {
    switch byte {
    // " ' ) * > ] ` } and $
    case 0x22, 0x24, 0x27, 0x29, 0x2A, 0x3E, 0x5D, 0x60, 0x7D: true
    default: false
    }
  }

  @inline(__always) private borrowing func describeFacts<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("json_known", facts.jsonIsValid == nil ? 0 : 1)
    sink.put("json_valid", facts.jsonIsValid == true ? 1 : 0)
    sink.put("schema_known", facts.schemaIsValid == nil ? 0 : 1)
    sink.put("schema_valid", facts.schemaIsValid == true ? 1 : 0)
    sink.put("tool_calls_known", facts.toolCallsAreValid == nil ? 0 : 1)
    sink.put("tool_calls_valid", facts.toolCallsAreValid == true ? 1 : 0)
    sink.put("finish_known", facts.finishReason == nil ? 0 : 1)
    sink.put("finish_length", facts.finishReason == .length ? 1 : 0)
    sink.put("finish_tool_calls", facts.finishReason == .toolCalls ? 1 : 0)
    sink.put("finish_filtered", facts.finishReason == .contentFilter ? 1 : 0)
    sink.put("mean_logprob_known", Self.known(facts.meanLogprob) == nil ? 0 : 1)
    sink.put("mean_logprob", Self.known(facts.meanLogprob) ?? 0)
    sink.put("minimum_logprob_known", Self.known(facts.minimumLogprob) == nil ? 0 : 1)
    sink.put("minimum_logprob", Self.known(facts.minimumLogprob) ?? 0)
    sink.put("logprob_spread_known", Self.spread(facts.logprobSpread) == nil ? 0 : 1)
    sink.put("logprob_spread", Self.spread(facts.logprobSpread) ?? 0)
  }

  /// A log-probability within its range; `nil` for what is no number.
  private static func known(_ logprob: Float?) -> Float? {
    logprob.flatMap { $0.isNaN ? nil : min(0, max(ResponseFacts.leastLogprob, $0)) }
  }

  private static func spread(_ value: Float?) -> Float? {
    value.flatMap { $0.isNaN ? nil : min(-ResponseFacts.leastLogprob, max(0, $0)) }
  }

  @inline(__always) private borrowing func describeNumbers<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("closing_numbers", scaled: closing.numbers)
    sink.put("asked_number_share", ratio(closing.numbersInRequest, closing.numbers))
    sink.put("own_numbers", scaled: closing.numbers - closing.numbersInRequest)
    sink.put("final_number_bytes", scaled: closing.finalNumberBytes)
    sink.put("final_number_asked", closing.finalNumberIsInRequest ? 1 : 0)
    sink.put("final_number_count", scaled: closing.finalNumberCount)
    sink.put("bytes_after_final_number", scaled: closing.bytesAfterFinalNumber)
    sink.put("options", scaled: closing.options.nonzeroBitCount)
    sink.put("final_option_place", scaled: closing.finalOption)
    sink.put("final_option_count", scaled: closing.finalOptionCount)
  }
}
