/// L2 strengths of a logistic model before the division by the number of rows, how far they pull the heads together, and the
/// scale of the features that they hold for.
package struct Hyperparameters: Sendable, Equatable {
  package var gram: Double
  package var dense: Double
  /// See ``MultiTaskCoupling``.
  package var gramCorrelation = 0.0
  package var denseCorrelation = 0.0
  package var scaling = FeatureScaling()
}

/// One set of penalties that was tried and its held-out log-loss, averaged over the heads.
package struct HyperparameterTrial: Sendable {
  package var penalties: Hyperparameters
  package var logLoss: Double
  package var logits: HeldOutLogits
}

/// What a search for penalties has tried so far.
struct HyperparameterTrials {
  /// By loss, the lowest first.
  private var trials: [HyperparameterTrial] = []

  init(_ trials: [HyperparameterTrial]) { add(trials) }

  mutating func add(_ more: [HyperparameterTrial]) { trials = (trials + more).sorted { $0.logLoss < $1.logLoss } }

  /// From how many rows on the order of gains distinguishes penalties.
  private static let rowsToRank = 2_000

  /// The penalties of the lowest loss.
  var best: Hyperparameters { trials[0].penalties }

  /// The points that differ from the best one in one respect and were not tried yet.
  func untried<Value>(_ values: [Value], _ set: (inout Hyperparameters, Value) -> Void) -> [Hyperparameters] {
    let points = values.map { value in
      var point = best
      set(&point, value)
      return point
    }
    return points.filter { point in !trials.contains { $0.penalties == point } }
  }

  /// All trials, the chosen one first and the others by loss.
  ///
  /// The usual penalties stay unless the lowest loss is lower than theirs by more than one standard error: the lowest of many
  /// is lowest by luck as well. Otherwise, among those within one standard error of the lowest, the one that routes best is
  /// chosen, for loss says how good the probabilities are, but routing needs only the order of the gains. Below
  /// ``rowsToRank`` that order is mostly noise, and the lowest loss is chosen.
  func chosenFirst(_ measure: HeldOutMeasure, usual: Hyperparameters) -> [HyperparameterTrial] {
    let lowest = trials[0].logits
    let alike = trials.indices.filter { place in
      let advantage = measure.advantage(of: trials[place].logits, over: lowest)
      return -advantage.mean <= advantage.standardError
    }
    if let place = alike.first(where: { trials[$0].penalties == usual }) { return moved(place) }
    guard lowest.rows.count >= Self.rowsToRank else { return trials }
    let values = alike.map { measure.routingValue(trials[$0].logits) }
    var best = 0
    for place in alike.indices where values[place] > values[best] { best = place }
    return moved(alike[best])
  }

  private func moved(_ place: Int) -> [HyperparameterTrial] {
    [trials[place]] + trials.indices.filter { $0 != place }.map { trials[$0] }
  }
}
