import Foundation
import Synchronization
import TextKit

/// One line on standard error that says how far a long task is: share, rate and time left.
///
/// Nothing is shown in the first two seconds. On a terminal the line is rewritten ten times a second; elsewhere a new line
/// is written every ten seconds, so that a CI log stays short. Safe to use from any thread.
final class ProgressLine: Sendable {
  private struct State {
    var title = ""
    var unit = ""
    var done = 0.0
    var total: Double?
    var note = ""
    var start = ContinuousClock.now
    var lastShown = ContinuousClock.now
    var isShown = false
  }

  private let state = Mutex(State())

  /// Starts a new task. `unit` names what is counted, such as "rows"; an empty unit shows no rate.
  func begin(_ title: String, unit: String, total: Double?) {
    state.withLock { state in
      Self.clear(&state)
      state = State()
      state.title = title
      state.unit = unit
      state.total = total
    }
  }

  /// Counts on; `note` is shown behind the rate.
  func advance(by count: Double = 1, note: String? = nil) {
    state.withLock { state in
      state.done += count
      if let note { state.note = note }
      Self.show(&state)
    }
  }

  /// Sets how much is done.
  func set(done: Double, total: Double?) {
    state.withLock { state in
      state.done = done
      state.total = total
      Self.show(&state)
    }
  }

  /// Removes the line from a terminal.
  func finish() { state.withLock { Self.clear(&$0) } }

  private static func show(_ state: inout State) {
    let now = ContinuousClock.now
    let elapsed = (now - state.start) / .seconds(1)
    let interval = StandardError.isTerminal ? 0.1 : 10
    guard elapsed > 2, (now - state.lastShown) / .seconds(1) > interval else { return }
    state.lastShown = now
    let line = text(state, elapsed: elapsed)
    let safe = SafeText.visible(line)
    StandardError.write(Array((StandardError.isTerminal ? "\r\u{1B}[K\(safe)" : "\(safe)\n").utf8))
    state.isShown = true
  }

  private static func text(_ state: State, elapsed: Double) -> String {
    let rate = state.done / elapsed
    var parts = [state.title]
    if let total = state.total, total > 0 { parts.append("\(Int(min(1, state.done / total) * 100)) %") }
    if !state.unit.isEmpty { parts.append("\(NumberFormat.magnitude(rate)) \(state.unit)/s") }
    if let total = state.total, state.done > 0, total > state.done {
      parts.append("\(NumberFormat.duration((total - state.done) / rate)) left")
    }
    if !state.note.isEmpty { parts.append(state.note) }
    return parts.joined(separator: ", ")
  }

  private static func clear(_ state: inout State) {
    if state.isShown, StandardError.isTerminal { StandardError.write(Array("\r\u{1B}[K".utf8)) }
    state.isShown = false
  }
}
