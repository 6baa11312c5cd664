import Judging
import Synchronization
import TextKit

/// The answers that have been paid for, a ``LineJournal`` with a line a call: a killed run goes on where it was. It holds answers,
/// and no questions. In memory: a place in the file for each answer.
package final class CollectJournal: Sendable {
  /// What a call gave, in this run or an earlier one.
  enum Entry {
    case outcome(JSONNode)
    /// The endpoint refused this request for good, with such a status.
    case refused(status: Int)
  }

  private struct State {
    var places: [String: Range<Int>] = [:]
    var totalCostUSD = 0.0
  }

  private let file: LineJournal
  private let state: Mutex<State>

  /// Opens or creates a journal.
  /// - Throws: ``LabelError/judge(_:)``, also where another run holds it.
  package init(path: String) throws(LabelError) {
    var state = State()
    do throws(JudgeError) {
      file = try LineJournal(path: path) { line, place in
        if let cost = line["cost_usd"]?.number, cost >= 0 { state.totalCostUSD += cost }
        if let key = line["key"]?.string { state.places[key] = place }
      }
    } catch { throw LabelError(error) }
    self.state = Mutex(state)
  }

  /// US dollars that all calls in the journal have cost.
  package var totalCostUSD: Double { state.withLock(\.totalCostUSD) }

  /// Answers that it holds.
  package var count: Int { state.withLock(\.places.count) }

  func holds(_ key: String) -> Bool { state.withLock { $0.places[key] != nil } }

  func entry(for key: String) throws(JudgeError) -> Entry? {
    guard let place = state.withLock({ $0.places[key] }), let line = try file.line(at: place) else { return nil }
    if let outcome = line["outcome"], outcome.members != nil { return .outcome(outcome) }
    return line["refused"]?.integer.map(Entry.refused)
  }

  func add(_ outcome: JSONNode, costUSD: Double, for key: String) throws(JudgeError) {
    try add(["key": .string(key), "cost_usd": .number(costUSD), "outcome": outcome], costUSD, key)
  }

  func add(refused status: Int, for key: String) throws(JudgeError) {
    try add(["key": .string(key), "refused": .integer(status)], 0, key)
  }

  /// Adds what a call without an answer may have cost.
  func add(costUSD: Double) throws(JudgeError) {
    guard costUSD > 0 else { return }
    try add(["cost_usd": .number(costUSD)], costUSD, nil)
  }

  private func add(
    _ line: KeyValuePairs<String, JSONNode?>, _ costUSD: Double, _ key: String?
  ) throws(JudgeError) {
    let place = try file.append(.object(line))
    state.withLock { state in
      state.totalCostUSD += costUSD
      if let key { state.places[key] = place }
    }
  }
}
