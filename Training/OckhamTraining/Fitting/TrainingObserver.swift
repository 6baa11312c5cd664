/// What training reports about itself while it runs.
package enum TrainingEvent: Sendable {
  /// A part of the work begins; `steps` gives its size where it is known.
  case stage(String, steps: Int)
  /// One step of the present part is done.
  case step
  /// An iteration of the final logistic fit.
  case iteration(IterationReport)
  /// An epoch of a network; `job` names the fold.
  case epoch(job: String, MLPEpochReport)
}

/// How training talks to its caller: events out, cancellation in. Safe to use from any thread.
package struct TrainingObserver: Sendable {
  package let report: @Sendable (TrainingEvent) -> Void
  package let isCancelled: @Sendable () -> Bool

  package init(
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.report = report
    self.isCancelled = isCancelled
  }
}
