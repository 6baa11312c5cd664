import TextKit
import Ockham

extension Exchange {
  /// The record of the log, by the caller's options; what cannot be used is noted.
  func record(defaultID: String, context: FormContext) throws(RecordViolation) -> LogRecord {
    if let whole { return context.renamed(whole) }
    guard let asked = request else {
      throw RecordViolation(
        .missingRequest, field: nil, expected: "the request of this answer", found: "the answer only",
        remedy: "name the file with the requests as well")
    }
    try asked.request.checkUserText()
    var record = LogRecord(id: id ?? defaultID, request: asked.request)
    record.settings = asked.settings
    record.dataset = context.options.dataset ?? dataset
    record.conversation = conversation
    record.reference = reference
    record.timestamp = ExchangeTime.timestamp(time)
    if time != nil, record.timestamp == nil { context.note("time that is none: left out") }
    record.outcomes = outcomes(context)
    if let propensity, record.outcomes.count == 1, propensity > 0, propensity <= 1 {
      (record.propensity, record.served) = (propensity, record.outcomes[0].name)
    }
    if record.outcomes.isEmpty {
      context.note("record without an outcome")
    } else if record.outcomes.allSatisfy({ $0.quality == nil }) {
      context.note("record without a quality: `ockham label` works them out from answers")
    }
    return record
  }

  /// What is known of each model, the mean where it answered several times.
  private func outcomes(_ context: FormContext) -> [ModelOutcome] {
    var means: [OutcomeMean] = []
    for answer in answers where answer.isKnown {
      guard let outcome = answer.outcome(context) else { continue }
      guard let place = means.firstIndex(where: { $0.name == outcome.name }) else {
        means.append(OutcomeMean(outcome))
        continue
      }
      means[place].add(outcome)
      context.note("second outcome of a model for one request: the mean counts")
      if means[place].contradicts { context.note("record whose qualities of one model differ: the mean counts") }
    }
    return means.map(\.outcome)
  }
}

extension Exchange.Answer {
  /// The outcome; `nil` where no one says which model it is of.
  func outcome(_ context: FormContext) -> ModelOutcome? {
    let options = context.options
    guard let model = model ?? options.chat.model else {
      context.note(
        "answer of a model without a name: no outcome; name it with --model, or its field with --model-field")
      return nil
    }
    context.models.insert(model)
    var outcome = ModelOutcome(name: options.logName(of: model), costUSD: costUSD, outputTokens: outputTokens)
    outcome.latencyMilliseconds = latencyMilliseconds
    outcome.answer = said
    outcome.quality = quality ?? rating.flatMap { context.quality(of: $0) }
    if outcome.costUSD == nil, let inputTokens, let outputTokens {
      outcome.costUSD = options.prices[model]?.costUSD(inputTokens: inputTokens, outputTokens: outputTokens)
    }
    return outcome
  }
}

extension FormContext {
  /// The quality that a score stands for; one that stands for none is noted.
  func quality(of rating: JSONNode) -> Double? {
    if rating.isNull || rating.string?.trimmingSpaces.isEmpty == true { return nil }
    if let word = rating.string, CellValue.isUnknown(word.trimmingSpaces) { return nil }
    let quality = options.ratings.qualityOfCell(rating)
    if options.ratings.range == nil {
      marks.add(rating, isQuality: quality != nil, at: LogPlace(path: path, position: .line(line)))
    }
    if quality == nil, rating.decimal == nil, let word = rating.string { unreadScores.add(word.trimmingSpaces) }
    if quality == nil { note("score that is no quality from 0 to 1: left out; use --quality-range or --quality-map") }
    return quality
  }

  /// A record of a request log with the caller's names.
  fileprivate func renamed(_ record: LogRecord) -> LogRecord {
    var record = record
    record.dataset = options.dataset ?? record.dataset
    models.formUnion(record.outcomes.map(\.name))
    for place in record.outcomes.indices {
      record.outcomes[place].name = options.logName(of: record.outcomes[place].name)
    }
    record.served = record.served.map { options.logName(of: $0) }
    record.allowed = record.allowed.map { $0.map { options.logName(of: $0) } }
    if record.outcomes.isEmpty { note("record without an outcome") }
    return record
  }
}
