/// The differences second − first of every compared figure, each with its paired bootstrap interval; `nil` where a figure
/// has no meaning on the log or on more than 5 % of the resamples.
package struct DifferenceIntervals: Sendable, Equatable {
  /// Above 0 where the second model is better.
  package let apgr: Interval?
  /// Below 0 where the second model is better.
  package let cpt50: Interval?
  /// Below 0 where the second model is better.
  package let logLoss: Interval?
  /// By head [T]; below 0 where the second model is better.
  package let calibrationErrors: [Interval?]
  /// Above 0 where the second model is better.
  package let quality: Interval?
  /// Below 0 where the second model is cheaper.
  package let costUSD: Interval?

  /// A figure of both models, the first one first.
  typealias Paired = (RouterFigures, RouterFigures)

  init(_ estimates: Paired, _ samples: [Paired], confidence: Double) {
    func interval(_ figure: (RouterFigures) -> Double?) -> Interval? {
      func difference(_ pair: Paired) -> Double? {
        guard let first = figure(pair.0), let second = figure(pair.1) else { return nil }
        return second - first
      }
      return Interval(estimate: difference(estimates), values: samples.map(difference), confidence: confidence)
    }
    apgr = interval(\.apgr)
    cpt50 = interval(\.cpt50)
    logLoss = interval(\.logLoss)
    calibrationErrors = estimates.0.calibrationErrors.indices.map { head in interval { $0.calibrationErrors[head] } }
    quality = interval(\.quality)
    costUSD = interval(\.costUSD)
  }
}
