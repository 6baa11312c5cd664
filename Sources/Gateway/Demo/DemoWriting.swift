/// Made-up traffic in the batches that it is written in.
struct DemoWriting: IteratorProtocol {
  private var traffic: DemoTraffic
  private var maker = TelemetryRecordMaker()
  /// How many were made so far.
  private(set) var requests = 0

  init(_ terms: DemoTerms) { traffic = DemoTraffic(terms) }

  mutating func next() -> TelemetryBatch? {
    var batch = TelemetryBatch()
    var spending: [KeySpending.Key: KeySpending] = [:]
    for _ in 0..<TelemetryRecorder.batchRows {
      guard let request = traffic.next() else { break }
      requests += 1
      batch.entries += request.entries(&maker)
      let used = KeySpending(request.trace)
      spending[used.id, default: KeySpending(key: used.key, day: used.day)].add(used)
    }
    guard !batch.entries.isEmpty else { return nil }
    batch.spending = spending.values.sorted { ($0.day, $0.key) < ($1.day, $1.key) }
    return batch
  }
}
