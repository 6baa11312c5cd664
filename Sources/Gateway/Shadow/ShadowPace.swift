import Evaluation
import Synchronization

/// How many labels the day's dollars allow, and how much each is worth: what one process knows of its traffic. Outlives a reload.
final class ShadowPace: Sendable {
  /// What labels are taken to cost until some are known, in USD, and how many are remembered.
  private static let firstUSD = 0.001
  private static let memory = 100.0

  private struct State {
    var pacing: LabelPacing
    var intensity = LabelIntensity()
    var rate = 1.0
    var answerUSD: Double?
  }

  let dailyBudgetUSD: Double
  private let state: Mutex<State>

  init(dailyBudgetUSD: Double) {
    self.dailyBudgetUSD = dailyBudgetUSD
    state = Mutex(State(pacing: LabelPacing(dollarsPerDay: dailyBudgetUSD)))
  }

  /// The rate r and the intensity g of a request that is about to be drawn; g is `nil` where the policies agree.
  /// - Parameters:
  ///   - deviation: the standard deviation that the difference is predicted to have; `nil` where the policies agree.
  ///   - costUSD: what the other tier is expected to cost; `nil` where unknown.
  ///   - audited: tiers that an audit would ask.
  ///   - room: the part of a label's work that there is room for, 0…1.
  ///   - time: now, in seconds since 1970.
  func next(
    deviation: Double?, costUSD: Double?, audited: Int, design: LabelDesign, room: Double, at time: Double
  ) -> (rate: Double, intensity: Double?) {
    state.withLock { state in
      let intensity = deviation.map { state.intensity.intensity(deviation: $0, costUSD: costUSD) }
      let answerUSD = state.answerUSD ?? costUSD ?? Self.firstUSD
      state.rate = state.pacing.rate(
        at: time, intensity: intensity, labelUSD: answerUSD, auditUSD: answerUSD * Double(audited),
        auditRate: design.auditRate, capacity: room)
      return (state.rate, intensity)
    }
  }

  /// Books what the labels of one request cost, over the answers that were asked for.
  func book(_ costUSD: Double, answers: Int) {
    state.withLock { state in
      state.pacing.book(dollars: costUSD)
      guard answers > 0 else { return }
      let each = costUSD / Double(answers)
      state.answerUSD = state.answerUSD.map { $0 + (each - $0) / Self.memory } ?? each
    }
  }

  /// The rate that is in force.
  var rate: Double { state.withLock(\.rate) }
}
