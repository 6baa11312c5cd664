import ArgumentParser
import Evaluation
import RequestLog
import TextKit
import Workflow

/// `ockham replay`: a candidate against the incumbent on logged traffic.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Estimate what a candidate would have given on logged traffic, against the incumbent.",
    discussion: """
      Example:

        ockham replay log.jsonl --incumbent router --candidate router-next
        ockham replay log.jsonl --incumbent all:frontier --candidate router \\
          --since 14d --format json
        ockham replay log.jsonl --candidate router

      A side is a model, or all:TIER. With one model alone the other side is all to the tier that served, as in a gateway that \
      observes.

      Where copies of requests were asked of other tiers and rated (outcomes with inclusion), quality is estimated from the \
      requests on which the two differ; else from the propensities with which tiers were drawn. Only labels decide that the \
      candidate was not made from: of requests after it was frozen, or of conversations that no training reads. Others are shown \
      where these are too few, and decide nothing. With --until the period counts as fixed beforehand; else, where the log knows the \
      rates of labels, the interval of quality holds however often one looks.
      """)

  @OptionGroup var input: LogArguments

  @Option(
    help: ArgumentHelp(
      "What serves now: a model, or all:TIER; by default all to the tier that served.", valueName: "model"),
    completion: .file())
  var incumbent: String?

  @Option(
    help: ArgumentHelp("What wants to replace it: a model, or all:TIER.", valueName: "model"), completion: .file())
  var candidate: String?

  @Option(
    help: ArgumentHelp(
      "The gateway's configuration that the candidate is to serve with: its rules, pins, limits and thresholds; by default those of the log.",
      valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var candidateConfig: String?

  @OptionGroup var period: PeriodArguments
  @OptionGroup var deciding: DecidingArguments
  @OptionGroup var tierArguments: TierArguments
  @OptionGroup var selected: SelectionArguments
  @OptionGroup var prices: PriceArguments

  @Option(
    help:
      "Which dollars count: recorded, with prices only where the log contains none, or today, at the given prices throughout."
  )
  var costs: CostBasis = .recorded

  @OptionGroup var memory: LeakageArguments

  @Option(help: "The loss of quality that is taken for none.")
  var margin = 0.01

  @Option(help: "The confidence of intervals.")
  var confidence = 0.95

  @Option(help: "How to print the report.")
  var format: ComparisonFormat = .table

  func validate() throws {
    guard confidence > 0, confidence < 1 else {
      throw ValidationError("--confidence: expected a number between 0 and 1, found \(confidence)")
    }
    guard margin >= 0, margin < 1 else {
      throw ValidationError("--margin: expected a number from 0 up to 1, found \(margin)")
    }
    guard incumbent != nil || candidate != nil else {
      throw ValidationError("give --candidate, a model, and --incumbent, what it wants to replace")
    }
    if costs == .today, prices.price.isEmpty, prices.prices == nil {
      throw ValidationError("--costs today: expected --price or --prices beside it, found neither")
    }
  }

  func run() throws {
    try Failure.report {
      let run = try ReplayRun(settings())
      let progress = ProgressLine()
      let outcome = try Failure.reportingLog {
        try run.run(
          input.source(
            run.featureOptions, keepsAnswers: prices.list != nil, progress: progress, withEvaluationShare: true))
      }
      progress.finish()
      outcome.results[0].summary.reportProblems()
      outcome.results[0].reportUnpriced()
      for result in outcome.results { result.reportOutOfFold() }
      for (name, result) in outcome.remembering { try memory.check(name, result) }
      var report = outcome.report
      (report.logs, report.date) = (input.logs, ReportOrigin.today)
      try StandardOutput.write(render(report), as: format == .json ? .json : .text)
      if let refusal = report.refusal {
        // The table says why, and JSON may be read by a program that shows only this.
        throw Failure.refused(
          "no quality is given" + (format == .table ? "; the report says why" : ": \(refusal.sentence)"))
      }
    }
  }

  private func settings() throws -> ReplayRun.Settings {
    var settings = ReplayRun.Settings()
    (settings.incumbent, settings.candidate) = (incumbent, candidate)
    (settings.selected, settings.tiers, settings.prices) = (selected.names, try tierArguments.map, try prices.list)
    settings.prices?.replacesRecorded = costs == .today
    (settings.since, settings.until) = (period.since, period.until)
    (settings.frozen, settings.evaluationShare) = (deciding.frozenTime, input.evaluationShare)
    (settings.isHeldOut, settings.configuration) = (memory.heldOut, candidateConfig)
    settings.options = ReplayOptions(bootstrap: BootstrapParameters(confidence: confidence), margin: margin)
    settings.options.isPeriodFixed = period.until != nil
    return settings
  }

  private func render(_ report: ReplayReport) -> String {
    switch format {
    case .table: report.text(coloured: StandardOutput.isTerminal)
    case .json: report.json.text()
    }
  }
}

/// Which dollars count.
enum CostBasis: String, ExpressibleByArgument, CaseIterable {
  /// What the log contains; prices only where it shows nothing.
  case recorded
  /// Tokens × the given prices.
  case today
}

/// The part of a log that counts.
struct PeriodArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only records from then on: 14d, 36h or 2w before the log's newest record, or a day or time in ISO 8601.",
      valueName: "when"))
  var since: ReplayPeriod?

  @Option(
    help: ArgumentHelp(
      "Only records before then, a period that was fixed beforehand; as for --since.", valueName: "when"))
  var until: ReplayPeriod?
}

extension ReplayPeriod: ExpressibleByArgument {
  /// Reads the value of an option.
  public init?(argument: String) { self.init(argument) }
}

/// Which labels decide about a candidate.
struct DecidingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "When the candidate was frozen, in ISO 8601; by default as its policy lock says, else when its file was written.",
      valueName: "time"))
  var frozen: String?

  func validate() throws {
    if let frozen, frozenTime == nil {
      throw ValidationError("--frozen: expected a day or time in ISO 8601, found \(SafeText.label(frozen))")
    }
  }

  var frozenTime: Double? { frozen.flatMap(CivilTime.seconds(ofTimestamp:)) }
}
