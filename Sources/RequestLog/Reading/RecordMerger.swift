import TextKit

/// Puts rows of one key together while a log is read. A record of several rows leaves with the last of them, so memory
/// holds only those that are in progress; where no one counted the rows before, as on a pipe, all are held to the end.
struct RecordMerger {
  private let key: MergeKey
  private let repeats: RepeatedKeys?
  /// Records in progress, by key; several where files use one id for different requests.
  private var held: [UInt64: [MergedRecord]] = [:]
  private var order: [UInt64] = []
  private var missing: [UInt64: Int] = [:]
  private var ready: [MergedRecord] = []

  /// Rows that went into the record of an earlier one.
  private(set) var merged = 0
  /// Those of them that say with which probability they were drawn.
  private(set) var draws = 0
  /// Qualities and labels on which rows of one record differ.
  private(set) var contradictions = 0

  /// - Parameter repeats: the keys that come more than once; `nil` where that is not known.
  init(by key: MergeKey, repeats: RepeatedKeys?) {
    self.key = key
    self.repeats = repeats
    missing = (key == .id ? repeats?.ids : repeats?.contents) ?? [:]
  }

  /// Takes a row; the record comes back at once where nothing will be added to it.
  mutating func take(_ record: LogRecord) -> LogRecord? {
    let hash = key == .id ? ContentHash(record.id).value : record.contentHash
    if repeats != nil {
      guard let left = missing[hash] else { return record }
      missing[hash] = left - 1
    }
    hold(record, hash)
    if missing[hash] == 0 { release(hash) }
    return nil
  }

  private mutating func hold(_ record: LogRecord, _ hash: UInt64) {
    guard let parts = held[hash] else {
      held[hash] = [MergedRecord(record)]
      return order.append(hash)
    }
    if let place = parts.firstIndex(where: { key == .content || $0.asksTheSame(as: record) }) {
      held[hash]?[place].add(record)
      merged += 1
      draws += record.propensity == nil ? 0 : 1
    } else {
      held[hash]?.append(MergedRecord(record))
    }
  }

  private mutating func release(_ hash: UInt64) {
    ready += (held.removeValue(forKey: hash) ?? []).reversed()
  }

  /// The next record that is complete.
  mutating func popReady() -> LogRecord? {
    guard let whole = ready.popLast() else { return nil }
    contradictions += whole.contradictions
    return whole.record
  }

  /// Completes what is still held: rows that were counted and then rejected never came.
  mutating func finish() {
    for hash in order.reversed() { release(hash) }
    order.removeAll()
  }
}
