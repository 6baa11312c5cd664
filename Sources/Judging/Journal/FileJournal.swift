import Synchronization
import TextKit

/// A judge's journal on disk, a ``LineJournal`` with a line a call: a killed run goes on where it was.
package final class FileJournal: JudgeJournal {
  private struct State {
    var entries: [String: JournalEntry] = [:]
    var totalCostUSD = 0.0

    /// Takes a line; what is no entry is skipped.
    mutating func take(_ line: JSONNode) {
      guard let cost = line["cost_usd"]?.number, cost >= 0 else { return }
      totalCostUSD += cost
      guard let key = line["key"]?.string else { return }
      let score = line["score"]?.number.flatMap { (0...1).contains($0) ? $0 : nil }
      entries[key] = JournalEntry(
        verdict: line["verdict"]?.string.flatMap(Verdict.init(rawValue:)), score: score, costUSD: cost)
    }
  }

  private let file: LineJournal
  private let state: Mutex<State>

  /// Opens or creates a journal and reads what is there.
  /// - Throws: ``JudgeError/journal(path:reason:)``, also where another run holds it.
  package init(path: String) throws(JudgeError) {
    var state = State()
    file = try LineJournal(path: path) { line, _ in state.take(line) }
    self.state = Mutex(state)
  }

  package func entry(for key: String) -> JournalEntry? { state.withLock { $0.entries[key] } }

  package var totalCostUSD: Double { state.withLock(\.totalCostUSD) }

  /// Adds what a call gave; it is being written to the disk when this returns.
  package func add(_ entry: JournalEntry, for key: String) throws(JudgeError) {
    let line: JSONNode =
      if let score = entry.score {
        .object(["key": .string(key), "score": .number(score), "cost_usd": .number(entry.costUSD)])
      } else {
        .object([
          "key": .string(key), "verdict": entry.verdict.map { .string($0.rawValue) } ?? .null,
          "cost_usd": .number(entry.costUSD),
        ])
      }
    try file.append(line)
    state.withLock { state in
      state.entries[key] = entry
      state.totalCostUSD += entry.costUSD
    }
  }

  package func add(costUSD: Double) throws(JudgeError) {
    guard costUSD > 0 else { return }
    try file.append(.object(["cost_usd": .number(costUSD)]))
    state.withLock { $0.totalCostUSD += costUSD }
  }
}
