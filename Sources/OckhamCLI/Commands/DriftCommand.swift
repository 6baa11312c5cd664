import ArgumentParser
import Evaluation
import RequestLog
import Workflow

/// `ockham drift`: whether traffic is what it was.
struct DriftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Tell whether a log's traffic is still what the model knows, or what it was in the log's first week.",
    discussion: """
      Example:

        ockham drift --model router log.jsonl
        ockham drift --model router log.jsonl --since 7d --format json

      Every day is weighed against a reference: what the model file says of its training traffic, else the log's first whole week. \
      Each statistic (features of requests, what the model makes of them, shares by tier and task, dollars, latencies, failures, and \
      quality where labels were drawn uniformly) has a test that may be looked at every day: all together give one false alarm in \
      --days-to-false-alarm days. What has too little data is unknown, never quiet.
      """)

  @OptionGroup var input: LogArguments

  @Option(help: "A folder that train wrote, or a model file.", completion: .file())
  var model: String

  @Option(
    help: ArgumentHelp(
      "Only days from then on: 14d, 36h or 2w before the log's newest record, or a day or time in ISO 8601.",
      valueName: "when"))
  var since: ReplayPeriod?

  @OptionGroup var tierArguments: TierArguments
  @OptionGroup var prices: PriceArguments

  @Option(help: "How many days pass on average until a false alarm of any test, 30 or more.")
  var daysToFalseAlarm = 365.0

  @Option(help: "What quality may fall below what was predicted, where the model does not know its own error.")
  var tolerance = 0.02

  @Option(help: "How to print the report.")
  var format: ComparisonFormat = .table

  func validate() throws {
    guard daysToFalseAlarm >= 30, daysToFalseAlarm.isFinite else {
      throw ValidationError("--days-to-false-alarm: expected 30 or more, found \(daysToFalseAlarm)")
    }
    guard (0...0.5).contains(tolerance) else {
      throw ValidationError("--tolerance: expected a number from 0 to 0.5, found \(tolerance)")
    }
  }

  func run() throws {
    try Failure.report {
      var settings = DriftRun.Settings(model: model)
      (settings.tiers, settings.prices, settings.since) = (try tierArguments.map, try prices.list, since)
      (settings.terms.daysToFalseAlarm, settings.terms.tolerance) = (daysToFalseAlarm, tolerance)
      let run = try DriftRun(settings)
      let progress = ProgressLine()
      let outcome = try Failure.reportingLog {
        try run.run(
          input.source(
            run.featureOptions, keepsAnswers: settings.prices != nil, progress: progress, withEvaluationShare: true))
      }
      progress.finish()
      outcome.summary.reportProblems()
      switch format {
      case .table:
        try StandardOutput.write(outcome.report.text(coloured: StandardOutput.isTerminal), as: .text)
      case .json: try StandardOutput.write(outcome.report.json.text(), as: .json)
      }
    }
  }
}
