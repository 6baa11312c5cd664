import TextKit

/// Exchanges whose parts come from several rows. Memory: all of them.
struct ExchangeTable {
  /// An exchange and where it was first met.
  struct Entry {
    var exchange: Exchange
    var defaultID: String
    var path: String
    var line: Int
  }

  private let joining: LogForm.Joining
  private var entries: [Entry] = []
  private var places: [String: Int] = [:]
  private var idsRepeat = false

  init(joining: LogForm.Joining) { self.joining = joining }

  /// Adds a part to its exchange.
  /// - Throws: a violation where two halves of a batch with one id ask different things.
  mutating func add(_ part: Exchange, defaultID: String, context: FormContext) throws(RecordViolation) {
    let entry = Entry(exchange: part, defaultID: defaultID, path: context.path, line: context.line)
    guard let id = part.id else { return entries.append(entry) }
    // An id may number models or runs: rows that ask something else are another record then.
    let key = joining == .byIDOrPrompt ? "\(id)\u{0}\(part.question)" : id
    guard let place = places[key] else {
      places[key] = entries.count
      return entries.append(entry)
    }
    idsRepeat = true
    try merge(part, into: place, context)
  }

  private mutating func merge(
    _ part: Exchange, into place: Int, _ context: FormContext
  ) throws(RecordViolation) {
    let known = entries[place].exchange
    if let request = part.request, let earlier = known.request, request.request.segments != earlier.request.segments {
      throw RecordViolation(
        .duplicateID, field: "id", expected: "one request for an id", found: "another than before",
        remedy: "import files that number different requests alike one by one")
    }
    entries[place].exchange.request = known.request ?? part.request
    entries[place].exchange.dataset = known.dataset ?? part.dataset
    entries[place].exchange.conversation = known.conversation ?? part.conversation
    entries[place].exchange.time = known.time ?? part.time
    entries[place].exchange.propensity = nil
    if let reference = part.reference { note(reference, in: &entries[place].exchange, context) }
    entries[place].exchange.answers += part.answers.filter(\.isKnown)
  }

  /// Keeps the first reference of a request.
  private func note(_ reference: String, in exchange: inout Exchange, _ context: FormContext) {
    if let known = exchange.reference, known != reference {
      context.note("row with another reference than an earlier one of its request: the first counts")
    }
    exchange.reference = exchange.reference ?? reference
  }

  /// The exchanges with all their parts, in the order of their first rows.
  func joined(_ context: FormContext) -> [Entry] {
    guard joining == .byIDOrPrompt, !idsRepeat else { return entries }
    return joinedByPrompt(context)
  }

  /// Rows of one prompt are one record as long as other models answer; the same model again is another draw.
  private func joinedByPrompt(_ context: FormContext) -> [Entry] {
    var result: [Entry] = []
    var places: [UInt64: Int] = [:]
    var count = 0
    for entry in entries {
      let question = entry.exchange.question
      let models = Set(entry.exchange.answers.compactMap(\.model))
      guard let place = places[question], entry.exchange.request != nil, !models.isEmpty || entry.exchange.isFailed,
        models.isDisjoint(with: result[place].exchange.answers.compactMap(\.model)),
        entry.exchange.conversation == nil, entry.exchange.propensity == nil
      else {
        places[question] = result.count
        result.append(entry)
        continue
      }
      count += 1
      result[place].exchange.answers += entry.exchange.answers
      if let reference = entry.exchange.reference { note(reference, in: &result[place].exchange, context) }
    }
    guard count > 0 else { return entries }
    (context.path, context.line) = (result[0].path, result[0].line)
    context.noteTogether("row joined with an earlier one by its prompt", count: count)
    return result
  }
}

extension Exchange {
  /// A hash of who says what.
  fileprivate var question: UInt64 { request.map { LogRecord(id: "", request: $0.request).questionHash } ?? 0 }
}
