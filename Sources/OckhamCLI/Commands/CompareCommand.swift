import ArgumentParser
import Evaluation
import RequestLog
import Workflow

/// `ockham compare`: two models on the same rows.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models on one labelled log, with a paired interval of each difference.",
    discussion: """
      Example:

        ockham compare router router-candidate log.jsonl
        ockham compare router router-candidate log.jsonl --format json

      Both models are scored on the same rows; rows that a model was trained on are scored by models that have not \
      seen them. The second model is the better one when the whole interval of the APGR difference lies above 0; where it \
      reaches both sides of 0, the log cannot decide, and says so.
      """)

  @Argument(help: "The first model: a folder that train wrote, or a model file.", completion: .file())
  var first: String

  @Argument(help: "The second model.", completion: .file())
  var second: String

  @OptionGroup var input: LogArguments
  @OptionGroup var tierArguments: TierArguments
  @OptionGroup var selected: SelectionArguments
  @OptionGroup var prices: PriceArguments
  @OptionGroup var memory: LeakageArguments

  @Option(help: "The two tiers that APGR and CPT50 compare, as A,B; by default the first and the last.")
  var pair: String?

  @Option(help: "How to print the comparison.")
  var format: ComparisonFormat = .table

  func run() throws {
    try Failure.report {
      let models = try ModelPair(
        first, second, selected: selected.names, tiers: tierArguments.map, prices: prices.list)
      let progress = ProgressLine()
      let results = try Failure.reportingLog {
        try models.score(input.source(models.featureOptions, keepsAnswers: prices.list != nil, progress: progress))
      }
      progress.finish()
      reportProblems(results)
      for (name, result) in zip([first, second], results) { try memory.check(name, result) }
      var comparison = try models.compare(results, pair: pair)
      (comparison.logs, comparison.date) = (input.logs, ReportOrigin.today)
      try StandardOutput.write(format.render(comparison), as: format == .json ? .json : .text)
      if format == .table { NextStep.say(.calibrate(model: second, logs: input.logs)) }
    }
  }

  private func reportProblems(_ results: [LogScorer.Result]) {
    results[0].summary.reportProblems()
    results[0].reportUnlabelled()
    results[0].reportUnpriced()
    for (name, result) in zip([first, second], results) { result.reportOutOfFold(prefix: "\(name): ") }
  }
}

/// How a comparison is printed.
enum ComparisonFormat: String, ExpressibleByArgument, CaseIterable {
  /// Aligned columns and sentences for people.
  case table
  /// One JSON object for programs.
  case json

  func render(_ comparison: ModelComparison) -> String {
    switch self {
    case .table: comparison.text(coloured: StandardOutput.isTerminal)
    case .json: comparison.json.text()
    }
  }
}
