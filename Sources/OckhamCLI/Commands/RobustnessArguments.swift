import ArgumentParser
import Evaluation
import Ockham
import Workflow

/// Whether and how `evaluate` measures robustness.
struct RobustnessArguments: ParsableArguments {
  @Flag(help: "Also measure how decisions hold when prompts change harmlessly or seek the strongest tier.")
  var robustness = false

  @Option(help: ArgumentHelp("Sample this many rows for --robustness.", valueName: "rows"))
  var robustnessRows = RobustnessParameters.defaultRows

  func validate() throws {
    guard robustnessRows >= 1 else {
      throw ValidationError("--robustness-rows: expected a number above 0, found \(robustnessRows)")
    }
  }

  /// The empty sample to be filled while the log is read; `nil` where robustness is not asked for.
  var sample: RequestSample? {
    robustness ? RequestSample(limit: robustnessRows, seed: RobustnessParameters().seed) : nil
  }

  /// Measures a sample, with progress.
  static func measure(
    _ sample: RequestSample, of log: ScoredLog, model: Model, selection: TierSelection, costs: TierCosts
  ) -> RobustnessReport {
    let progress = ProgressLine()
    progress.begin(
      "robustness", unit: "scores", total: Double(RobustnessParameters().scoreLimit(rows: sample.rows.count)))
    defer { progress.finish() }
    return RobustnessReport(
      sample, of: log,
      scorer: TierScorer(
        model, tiers: selection.places, thresholds: selection.thresholds(model.thresholds),
        thresholdScales: selection.thresholdScales
      ) { progress.advance() },
      costs: costs)
  }
}
