import ModelFiles
import ArgumentParser
import Evaluation
import Foundation
import Ockham
import OckhamTraining
import RequestLog
import TextKit
import Workflow

/// `ockham evaluate`: how good a model's routing is on a labelled log.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on a labelled log: quality, cost, calibration, against honest baselines.",
    discussion: """
      Example:

        ockham evaluate --model router log.jsonl --by dataset
        ockham evaluate --model router log.jsonl \\
          --format html --output report.html
        ockham evaluate --model router log.jsonl --robustness
        ockham evaluate --model router log.jsonl --tiers small,frontier \\
          --price small=0.15,0.6 --price frontier=2.5,10

      Rows that the model was trained on are scored by models that have not seen them; --robustness compares the model \
      with itself, on all rows. With --tiers the others are left out as if they were not there. Prices give answers of \
      known length (output_tokens, or the answer) a cost where the log contains none.
      """)

  @Option(help: "The model: a folder that train wrote, or a model file.", completion: .file())
  var model: String

  @OptionGroup var input: LogArguments
  @OptionGroup var tierArguments: TierArguments
  @OptionGroup var selected: SelectionArguments
  @OptionGroup var prices: PriceArguments
  @OptionGroup var memory: LeakageArguments

  @Option(help: "Report each group by itself: dataset or task.")
  var by: Grouping?

  @Option(help: "The two tiers that APGR and CPT compare, as A,B; by default the first and the last.")
  var pair: String?

  @Option(
    help: ArgumentHelp(
      "Where a log has one answer per request, the probability of the tier that gave it: logged, or fitted, which gives an estimate and never a guarantee."
    ))
  var propensity: PropensitySource = .logged

  @OptionGroup var robustness: RobustnessArguments

  @Option(help: "How to print the report.")
  var format: ReportFormat = .table

  @Option(help: "Write the report to a file instead of printing it.", completion: .file())
  var output: String?

  func run() throws {
    try Failure.report {
      try Failure.check(output: output, differsFrom: input.logs)
      let folder = try ModelFolder(model)
      let selection = try selected.selection(of: folder)
      let scorer = try LogScorer(folder, selection: selection, tiers: tierArguments.map, prices: prices.list)
      let result = try scorer.score(input, sampling: robustness.sample)
      try memory.check(model, result)
      if result.sample?.rows.isEmpty == true {
        throw Failure.badData("--robustness: expected requests with text, found features only; use a log with prompts")
      }
      var report = try EvaluationReport(
        result.log, draws: try scorer.draws(of: result), options: options(folder.model, selection))
      report.robustness = result.sample.map {
        RobustnessArguments.measure(
          $0, of: result.log, model: folder.model, selection: selection, costs: report.frontier.tierCosts)
      }
      try emit(report)
    }
  }

  private func options(_ model: Model, _ selection: TierSelection) -> EvaluationOptions {
    EvaluationOptions(
      thresholds: selection.thresholds(model.thresholds), pair: pair, grouping: by, propensity: propensity,
      origin: ReportOrigin(model: self.model, of: model, logs: input.logs))
  }

  private func emit(_ report: EvaluationReport) throws {
    let next = NextStep.route(model: model)
    guard let output else {
      try StandardOutput.write(format.render(report, coloured: StandardOutput.isTerminal), as: format.form)
      if format == .table { try StandardOutput.write(next.line) }
      return
    }
    let text = StandardOutput.safe(format.render(report), as: format.form)
    try AtomicFile.write(Array((text + "\n").utf8), to: URL(filePath: output))
    StandardError.write("wrote \(output)\n")
    NextStep.say(next)
  }
}

extension Grouping: ExpressibleByArgument {}
extension PropensitySource: ExpressibleByArgument {}

extension ReportOrigin {
  /// A model at a path, on logs, today.
  init(model path: String, of model: Model, logs: [String]) {
    let hash = String(model.identifier, radix: 16)
    self.init(
      model: path, modelHash: String(repeating: "0", count: 16 - hash.count) + hash, logs: logs,
      date: Self.today)
  }

  /// The day in UTC.
  static var today: String { String(CivilTime.timestamp(seconds: Date().timeIntervalSince1970).prefix(10)) }
}

/// How an evaluation is printed.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  /// Aligned columns for people.
  case table
  /// One JSON object for programs.
  case json
  /// A page with plots that needs nothing but itself.
  case html

  /// What reads it.
  var form: StandardOutput.Form {
    switch self {
    case .table: .text
    case .json: .json
    case .html: .page
    }
  }

  func render(_ report: EvaluationReport, coloured: Bool = false) -> String {
    switch self {
    case .table: report.text(coloured: coloured)
    case .json: report.json.text()
    case .html: report.html
    }
  }
}

extension LogScorer {
  /// Scores the rows of the named logs, with progress, and says on standard error what was left out.
  func score(
    _ input: LogArguments, sampling sample: RequestSample? = nil, keepsUnlabelled: Bool = false,
    weighsByInclusion: Bool = false
  ) throws -> Result {
    let progress = ProgressLine()
    let result = try Failure.reportingLog {
      try score(
        input.source([model.extractor.options], keepsAnswers: readsAnswers, progress: progress), sampling: sample,
        keepsUnlabelled: keepsUnlabelled, weighsByInclusion: weighsByInclusion)
    }
    progress.finish()
    result.reportProblems()
    return result
  }
}

extension LogScorer.Result {
  /// Says on standard error which rows were left out and which took out-of-fold scores.
  func reportProblems() {
    summary.reportProblems()
    reportUnlabelled()
    reportUnpriced()
    reportOutOfFold()
  }

  func reportUnpriced() {
    guard unpriced > 0 else { return }
    StandardError.write(
      "\(NumberFormat.count(unpriced)) outcomes stay without a cost: no price, or an answer of unknown length (neither "
        + "output_tokens nor answer; --answer-tokens states one)\n")
  }

  func reportUnlabelled() {
    guard unlabelled > 0 else { return }
    StandardError.write("\(NumberFormat.count(unlabelled)) records without a known quality left out\n")
  }

  func reportOutOfFold(prefix: String = "") {
    if mayOverlapTrainingData {
      StandardError.write(
        "\(prefix)no \(OutOfFoldScores.fileName) of this model beside it: rows that it was trained on inflate its metrics\n"
      )
    }
    if isUndocumented {
      StandardError.write(
        "\(prefix)the model does not say what it was trained on: rows that it has seen cannot be excluded, and inflate its metrics\n"
      )
    }
    guard outOfFoldRows > 0 else { return }
    StandardError.write(
      "\(prefix)\(NumberFormat.count(outOfFoldRows)) of \(NumberFormat.count(log.rowCount)) rows were trained on: scored by "
        + "models that have not seen them\n")
  }
}
