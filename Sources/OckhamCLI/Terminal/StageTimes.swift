import Foundation
import Synchronization
import TextKit

/// How long each stage of a run took, on the clock and in processor time of all threads.
final class StageTimes: Sendable {
  private struct Stage {
    var name: String
    var seconds: Double
    var processorSeconds: Double
  }

  private struct State {
    var finished: [Stage] = []
    var name: String?
    var start = ContinuousClock.now
    var processorStart = 0.0
  }

  private let state = Mutex(State())

  /// Ends the present stage and begins another; `nil` begins none.
  func begin(_ name: String?) {
    let (now, processor) = (ContinuousClock.now, Self.processorSeconds)
    state.withLock { state in
      if let name = state.name {
        state.finished.append(
          Stage(
            name: name, seconds: (now - state.start) / .seconds(1), processorSeconds: processor - state.processorStart))
      }
      (state.name, state.start, state.processorStart) = (name, now, processor)
    }
  }

  /// Takes a part out of a finished stage and lists it after it.
  func split(_ name: String, of stage: String, _ part: (seconds: Double, processorSeconds: Double)) {
    state.withLock { state in
      guard let place = state.finished.lastIndex(where: { $0.name == stage }) else { return }
      state.finished[place].seconds -= part.seconds
      state.finished[place].processorSeconds -= part.processorSeconds
      state.finished.insert(
        Stage(name: name, seconds: part.seconds, processorSeconds: part.processorSeconds), at: place + 1)
    }
  }

  /// A line per stage, and the most memory that the process has had.
  var text: String {
    var table = TextTable(["stage", "seconds", "processor seconds"])
    for stage in state.withLock({ $0.finished }) {
      table.append([
        stage.name, NumberFormat.decimal(stage.seconds, places: 2),
        NumberFormat.decimal(stage.processorSeconds, places: 2),
      ])
    }
    return "\(table.text())\npeak memory \(NumberFormat.magnitude(Double(Self.peakBytes)))B\n"
  }

  /// Processor time of all threads so far.
  static var processorSeconds: Double {
    let usage = usage
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static var peakBytes: Int {
    #if canImport(Darwin)
      usage.ru_maxrss
    #else
      usage.ru_maxrss * 1_024
    #endif
  }

  private static var usage: rusage {
    var usage = rusage()
    #if canImport(Darwin)
      _ = unsafe getrusage(RUSAGE_SELF, &usage)
    #else
      _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #endif
    return usage
  }
}
