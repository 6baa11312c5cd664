import TextKit
import Ockham

extension Exchange {
  /// The record of the log, by the caller's options; what cannot be used is noted.
  func record(defaultID: String, context: FormContext) throws(RecordViolation) -> LogRecord {
    guard let request else {
      throw RecordViolation(
        .missingRequest, field: nil, expected: "the request of this answer", found: "the answer only",
        remedy: "name the file with the requests as well")
    }
    try request.checkUserText()
    var record = LogRecord(id: id ?? defaultID, request: request)
    record.dataset = context.options.dataset ?? dataset
    record.conversation = conversation
    record.timestamp = ExchangeTime.timestamp(time)
    if time != nil, record.timestamp == nil { context.note("time that is none: left out") }
    for answer in answers where answer.isKnown {
      guard let outcome = answer.outcome(context) else { continue }
      if record.outcomes.contains(where: { $0.name == outcome.name }) {
        context.note("second outcome of a model in one record: the first counts")
      } else {
        record.outcomes.append(outcome)
      }
    }
    if record.outcomes.isEmpty { context.note("record without an outcome") }
    return record
  }
}

extension Exchange.Answer {
  /// The outcome; `nil` where nobody says which model it is of.
  func outcome(_ context: FormContext) -> ModelOutcome? {
    let options = context.options
    guard let model = model ?? options.chat.model else {
      context.note("answer of a model without a name: no outcome; name it with --model")
      return nil
    }
    context.models.insert(model)
    var outcome = ModelOutcome(name: options.logName(of: model), costUSD: costUSD, outputTokens: outputTokens)
    outcome.latencyMilliseconds = latencyMilliseconds
    outcome.answer = said
    if let rating {
      outcome.quality = options.ratings.quality(of: rating)
      if outcome.quality == nil {
        context.note("score that is no quality from 0 to 1: left out; use --quality-range or --quality-map")
      }
    }
    if outcome.costUSD == nil, let inputTokens, let outputTokens {
      outcome.costUSD = options.prices[model]?.costUSD(inputTokens: inputTokens, outputTokens: outputTokens)
    }
    return outcome
  }
}
