/// What waits to be written: bounded by records and by bytes of text, in the order in which it came.
struct TelemetryQueue {
  enum Entry: Sendable {
    case trace(RequestTrace)
    case feedback(Feedback)
    case label(ShadowLabel)
    case rating(GivenRating)

    /// What the entry is counted as: its text.
    var byteCount: Int {
      switch self {
      case .trace(let trace): trace.answers.reduce(trace.request.textBytes) { $0 + $1.textBytes }
      case .feedback, .rating: 0
      case .label(let label): label.textBytes
      }
    }
  }

  /// What is written in one transaction.
  struct Batch: Sendable {
    var entries: [Entry]
    var spending: [KeySpending]

    var isEmpty: Bool { entries.isEmpty && spending.isEmpty }
  }

  /// When the writer is to be called: not at all, since it is already; after a pause; at once.
  enum Call { case none, later, now }

  /// Texts that may wait, in bytes.
  static let maximumBytes = 16 << 20

  let capacity: Int
  let batchRows: Int
  private(set) var counters = TelemetryCounters()
  /// What waits, in chunks of ``batchRows``, the last one shorter: taking a batch moves no other entry.
  private var chunks: [[Entry]] = []
  private var waitingCount = 0
  private var byteCount = 0
  /// Entries that are being written.
  private var entriesInFlight = 0
  /// Traces that wait or are being written, by id.
  private var owners: [String: RequestOwner] = [:]
  /// What was used since the last batch, whether its trace found room or not: one row per key and day.
  private var spending: [KeySpending.Key: KeySpending] = [:]
  private var call = Call.none
  private(set) var isClosed = false

  init(capacity: Int, batchRows: Int) {
    self.capacity = max(1, capacity)
    self.batchRows = batchRows
  }

  /// Entries that wait or are being written.
  var count: Int { waitingCount + entriesInFlight }

  func owner(of id: String) -> RequestOwner? { owners[id] }

  /// Takes a trace, or counts it as dropped.
  mutating func add(_ trace: RequestTrace) -> Call {
    if !isClosed { add(KeySpending(trace)) }
    guard append(.trace(trace)) else { return callWriter() }
    // Of two of one id the first is written.
    if owners[trace.id] == nil { owners[trace.id] = RequestOwner(key: trace.key) }
    return callWriter()
  }

  /// Takes a feedback.
  /// - Returns: `nil` where there is no room; it is then counted as dropped.
  mutating func add(_ feedback: Feedback) -> Call? { append(.feedback(feedback)) ? callWriter() : nil }

  /// Takes a label; as feedback.
  mutating func add(_ label: ShadowLabel) -> Call? { append(.label(label)) ? callWriter() : nil }

  /// Takes a person's rating; as feedback.
  mutating func add(_ rating: GivenRating) -> Call? { append(.rating(rating)) ? callWriter() : nil }

  private mutating func append(_ entry: Entry) -> Bool {
    guard !isClosed, count < capacity, byteCount + entry.byteCount <= Self.maximumBytes else {
      counters.dropped += 1
      return false
    }
    if (chunks.last?.count ?? batchRows) >= batchRows { chunks.append([]) }
    chunks[chunks.count - 1].append(entry)
    waitingCount += 1
    byteCount += entry.byteCount
    return true
  }

  private mutating func add(_ used: KeySpending) {
    spending[used.id, default: KeySpending(key: used.key, day: used.day)].add(used)
  }

  private mutating func callWriter() -> Call {
    switch call {
    case _ where isClosed: return .none
    case .now: return .none
    case .later where waitingCount < batchRows: return .none
    default: call = waitingCount < batchRows ? .later : .now
    }
    return call
  }
}

extension TelemetryQueue {
  /// The writer has come: the next entry calls it anew.
  mutating func noteWriter() { call = .none }

  /// Hands out the first ``batchRows`` entries, and all that was spent.
  mutating func takeBatch() -> Batch {
    let entries = chunks.isEmpty ? [] : chunks.removeFirst()
    waitingCount -= entries.count
    entriesInFlight = entries.count
    let used = spending.values.sorted { ($0.day, $0.key) < ($1.day, $1.key) }
    spending.removeAll(keepingCapacity: true)
    return Batch(entries: entries, spending: used)
  }

  /// The batch is in the database.
  mutating func finish(_ batch: Batch) {
    forget(batch)
    counters.written += batch.entries.count
  }

  /// The batch cannot be written: its entries are lost, what was spent waits for the next.
  mutating func fail(_ batch: Batch) {
    forget(batch)
    counters.failed += batch.entries.count
    for used in batch.spending { add(used) }
  }

  /// The batch cannot be written now: everything goes back to where it was.
  mutating func putBack(_ batch: Batch) {
    entriesInFlight = 0
    waitingCount += batch.entries.count
    if !batch.entries.isEmpty { chunks.insert(batch.entries, at: 0) }
    for used in batch.spending { add(used) }
  }

  private mutating func forget(_ batch: Batch) {
    entriesInFlight = 0
    for entry in batch.entries {
      byteCount -= entry.byteCount
      if case .trace(let trace) = entry { owners[trace.id] = nil }
    }
  }

  /// An entry came that no store may hold.
  mutating func noteInvalid() { counters.failed += 1 }

  /// Nothing more is taken; what comes is counted as dropped.
  mutating func close() { isClosed = true }
}
