package import Ockham

/// Intervals of the figures that decide whether a router is worth having, all from the same resamples of the questions.
package struct BootstrapIntervals: Sendable, Equatable {
  /// How they were computed.
  package var parameters: BootstrapParameters
  /// The questions that were resampled.
  package var questions: Int
  /// Resamples in which the stronger tier was not better, so that APGR and CPT had no meaning.
  package var undefinedResamples: Int
  /// The area under the recovered gap.
  package var apgr: Interval?
  /// The strong share at half the gap.
  package var cpt50: Interval?
  /// The strong share at 80 % of the gap.
  package var cpt80: Interval?
  /// APGR − 0.5: what the model wins over random routing.
  package var apgrOverRandom: Interval?
  /// APGR − APGR of prompt length alone: what the model wins over looking at nothing but the length.
  package var apgrOverLength: Interval?
  /// Quality at the model's own thresholds − quality of random routing with the same shares.
  package var qualityOverRandom: Interval?
  /// The area under quality over dollars.
  package var costAPGR: Interval?
  /// The same with every step at its mean cost.
  package var flatCostAPGR: Interval?
  /// What expected costs win over mean costs; `nil` for a model that predicts none.
  package var costAPGROverFlat: Interval?

  /// Resamples the rows of a log that know both tiers of the pair, at least one; what needs every tier is measured on those
  /// of each resample that are complete.
  ///
  /// The orders by score and by length are found once; each resample only recounts rows along them.
  ///
  /// - Precondition: `parameters` are in range.
  /// - Complexity: O(m log m + resamples · m · T), the resamples shared among the processors.
  package init(
    _ log: ScoredLog, _ table: OutcomeTable?, pair: TierPair, thresholds: Thresholds, costs: TierCosts,
    parameters: BootstrapParameters
  ) {
    var sampling = PairedSampling(log, table, pair: pair, thresholds: thresholds, costs: costs)
    let estimate = sampling.estimate()
    let samples = sampling.samples(parameters.resamples, seed: parameters.seed)
    func interval(_ figure: (PairedSampling.Figures) -> Double?) -> Interval? {
      Interval(estimate: figure(estimate), values: samples.map(figure), confidence: parameters.confidence)
    }
    self.parameters = parameters
    questions = sampling.clusterCount
    undefinedResamples = samples.count { $0.gain.apgr == nil }
    apgr = interval(\.gain.apgr)
    cpt50 = interval(\.gain.cpt50)
    cpt80 = interval(\.gain.cpt80)
    apgrOverRandom = interval { $0.gain.apgr.map { $0 - 0.5 } }
    apgrOverLength = interval(\.apgrOverLength)
    qualityOverRandom = interval(\.qualityOverRandom)
    costAPGR = interval(\.costs.apgr)
    flatCostAPGR = interval(\.costs.flatAPGR)
    costAPGROverFlat = interval(\.costs.overFlat)
  }
}
