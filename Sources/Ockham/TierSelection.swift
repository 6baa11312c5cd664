/// The part of a model's tiers that is used.
///
/// Nothing is trained anew: the heads of the tiers that stay say what they always said. Where tiers between two of them are
/// left out, the step up is that of the pair: the gain is P(upper) − P(lower), and it must reach the sum of the model's steps
/// in between, each at its scale, just as where a request skips a tier.
package struct TierSelection: Sendable, Equatable {
  /// The indices of the tiers in the model, ascending; at least two.
  package let places: [Int]
  /// Their names, cheapest first.
  package let names: [String]
  /// Which part of the way between two neighbours each step of the model is [T − 1]: the parts of one way sum to 1; 0 for the
  /// steps below the first and above the last tier.
  let parts: [Float]

  /// All tiers of a model.
  package init(allOf model: Model) { self.init(places: Array(model.tierNames.indices), of: model) }

  /// The tiers that a model's thresholds were chosen for: all, unless the model says otherwise.
  package init(calibratedOf model: Model) {
    let names = model.metadata[Self.metadataKey]?.split(separator: ",").map(String.init) ?? []
    self = TierSelection(named: names, of: model) ?? TierSelection(allOf: model)
  }

  /// Where a model says which of its tiers its thresholds were chosen for: their names with commas between them, which no
  /// tier's name holds.
  package static let metadataKey = "calibrated_tiers"

  /// The named tiers of a model, at least two; `nil` where the model does not have one of them, or in another order.
  package init?(named names: [String], of model: Model) {
    let known = model.tierNames
    let places = names.compactMap { known.firstIndex(of: $0) }
    guard places.count == names.count, names.count >= TierCount.range.lowerBound,
      zip(places, places.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.init(places: places, of: model)
  }

  /// The tiers at some places of a model.
  ///
  /// - Parameter places: at least two, ascending, each within the model.
  package init(places: [Int], of model: Model) {
    self.places = places
    names = places.map { model.tierNames[$0] }
    parts = Self.parts(places, steps: model.thresholds.increments, meanStepUSD: model.thresholdScaling?.meanStepUSD)
  }

  /// The parts that the model's own steps are, where they are above 0: only those are scaled. Else in proportion to the expected
  /// costs of the steps, else equal.
  private static func parts(_ places: [Int], steps: [Float], meanStepUSD: [Double]?) -> [Float] {
    var parts = [Float](repeating: 0, count: steps.count)
    for (lower, upper) in zip(places, places.dropFirst()) {
      let way = lower..<upper
      let weights = [way.map { steps[$0] }, way.map { Float(meanStepUSD?[$0] ?? 0) }]
        .map { $0.map { max($0, 0) } }.first { $0.contains { $0 > 0 } }
      let total = weights?.reduce(0, +) ?? Float(way.count)
      for (index, step) in way.enumerated() { parts[step] = (weights?[index] ?? 1) / total }
    }
    return parts
  }

  /// Whether tiers of the model are left out.
  package var isPartial: Bool { places.count < parts.count + 1 }

  /// The tiers as a set.
  package var tiers: TierSet { TierSet(places) }
}

extension TierSelection {
  /// What is known by tier of the model [T], for the tiers that are used.
  ///
  /// - Parameter values: empty for nothing known.
  package func of<Value>(_ values: [Value]) -> [Value] {
    isPartial && !values.isEmpty ? places.map { values[$0] } : values
  }

  /// The thresholds between the tiers that are used: the sums of the model's increments in between.
  package func thresholds(_ thresholds: Thresholds) -> Thresholds {
    Thresholds(increments: zip(places, places.dropFirst()).map { thresholds.increments[$0..<$1].reduce(0, +) })
  }

  /// What each step between the tiers that are used is multiplied with: the mean of the model's scales in between, each counting
  /// by its part.
  ///
  /// - Parameter scales: those of the model's steps [T − 1]; empty without any.
  package func thresholdScales(_ scales: [Float]) -> [Float] {
    guard isPartial, !scales.isEmpty else { return scales }
    return zip(places, places.dropFirst()).map { lower, upper in
      guard upper > lower + 1 else { return scales[lower] }
      let mean = (lower..<upper).reduce(Float(0)) { $0 + parts[$1] * scales[$1] }
      return min(max(mean, ThresholdScaling.range.lowerBound), ThresholdScaling.range.upperBound)
    }
  }

  /// Thresholds of the whole model in which the steps on each way sum to those given, divided by their parts; the steps outside
  /// stay as they are.
  ///
  /// - Parameter thresholds: between the tiers that are used.
  package func spreading(_ thresholds: Thresholds, over whole: Thresholds) -> Thresholds {
    var steps = whole.increments
    for (index, (lower, upper)) in zip(places, places.dropFirst()).enumerated() {
      var rest = thresholds.increments[index]
      for step in lower..<upper - 1 {
        steps[step] = thresholds.increments[index] * parts[step]
        rest -= steps[step]
      }
      steps[upper - 1] = rest
    }
    return Thresholds(increments: steps)
  }
}
