import ArgumentParser
import Evaluation
import Foundation
import ModelFiles
import RequestLog
import TextKit
import Workflow

/// `ockham report`: what was spent and saved, whether quality held, and what to change.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Audit a log: what was spent and saved, whether quality held, what to change, and what no one knows.",
    discussion: """
      Example:

        ockham report log.jsonl --since 14d --format html \\
          --output audit.html
        ockham report log.jsonl --format markdown
        ockham report log.jsonl --model router \\
          --fail-on promise --fail-on drift
        ockham report log.jsonl --format csv --output tables \\
          --price small=0.15,0.6 --price frontier=2.5,10

      A gateway's database is read by its decisions, also where it keeps neither texts nor features of requests; any other log by its \
      records, and the report says what they lack. Savings are net of labels and judge; intervals are given where ratings and \
      prices allow them, and where they do not, what it would take.
      """)

  @OptionGroup var input: LogArguments

  @Option(
    help: ArgumentHelp(
      "Only requests from then on: 14d, 36h or 2w before the log's newest record, or a day or time in ISO 8601. What is as long before "
        + "it is compared.", valueName: "when"))
  var since: ReplayPeriod?

  @Option(
    help: ArgumentHelp("The zone of days and of times that are shown, such as Europe/Berlin.", valueName: "zone"))
  var timeZone = "UTC"

  @Option(
    help: "A folder that train wrote, or a model file: for drift, the order of tiers, and what was guaranteed.",
    completion: .file())
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The share of the strongest tier's quality that was guaranteed, such as 0.97; by default what the model's certificate says.",
      valueName: "share"))
  var targetQuality: Double?

  @Option(help: ArgumentHelp("The dollars that the period may take, labels and judge included.", valueName: "usd"))
  var budget: Double?

  @OptionGroup var tierArguments: TierArguments
  @OptionGroup var prices: PriceArguments

  @Flag(help: "Show the beginnings of the requests that are named, where the log keeps them.")
  var texts = false

  @Option(
    help: ArgumentHelp(
      "Exit with 1 where the guarantee is broken, traffic drifts or the budget is passed, and where that is unknown; repeat for each.",
      valueName: "what"))
  var failOn: [AuditCondition] = []

  @Option(help: "How to print the report.")
  var format: AuditFormat = .table

  @Option(
    help: "Write the report to a file instead of printing it; csv to a folder, a file for each table.",
    completion: .file())
  var output: String?

  func validate() throws {
    guard TimeZone(identifier: timeZone) != nil else {
      throw ValidationError(
        "--time-zone: expected a name such as UTC or Europe/Berlin, found \(SafeText.label(timeZone))")
    }
    if let targetQuality, !(targetQuality > 0 && targetQuality <= 1) {
      throw ValidationError("--target-quality: expected a number above 0 and up to 1, found \(targetQuality)")
    }
    if let budget, !(budget > 0 && budget.isFinite) {
      throw ValidationError("--budget: expected a number above 0, found \(budget)")
    }
    if failOn.contains(.drift), model == nil {
      throw ValidationError("--fail-on drift: expected --model beside it, found none")
    }
    if failOn.contains(.budget), budget == nil {
      throw ValidationError("--fail-on budget: expected --budget beside it, found none")
    }
    if failOn.contains(.guarantee), model == nil, targetQuality == nil {
      throw ValidationError("--fail-on promise: expected --target-quality or --model beside it, found neither")
    }
  }

  func run() throws {
    try Failure.report {
      try Failure.check(output: output, differsFrom: input.logs)
      let run = try AuditRun(try settings)
      let progress = ProgressLine()
      let outcome = try Failure.reportingLog {
        try run.run(
          input.source(
            run.featureOptions, keepsAnswers: prices.list != nil, progress: progress, withEvaluationShare: true))
      }
      progress.finish()
      outcome.summary?.reportProblems()
      try emit(outcome.report)
      for condition in failOn { try condition.check(outcome.report) }
    }
  }

  private var settings: AuditRun.Settings {
    get throws {
      var settings = AuditRun.Settings()
      (settings.since, settings.tiers, settings.prices) = (since, try tierArguments.map, try prices.list)
      (settings.model, settings.targetQuality, settings.budgetUSD) = (model, targetQuality, budget)
      (settings.showsTexts, settings.madeAt) = (texts, Date().timeIntervalSince1970)
      if let zone = TimeZone(identifier: timeZone) { settings.timeZone = zone }
      return settings
    }
  }

  private func emit(_ report: AuditReport) throws {
    guard let output else {
      return try StandardOutput.write(
        format.render(report, coloured: StandardOutput.isTerminal), as: format.form)
    }
    if format == .csv {
      try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
      for table in report.tables {
        try AtomicFile.write(Array(table.csv.utf8), to: URL(filePath: output).appending(path: table.name + ".csv"))
      }
    } else {
      let text = StandardOutput.safe(format.render(report), as: format.form)
      try AtomicFile.write(Array((text + "\n").utf8), to: URL(filePath: output))
    }
    StandardError.write("wrote \(output)\n")
  }
}

/// What makes `report` fail.
enum AuditCondition: String, ExpressibleByArgument, CaseIterable {
  case guarantee = "promise"
  case drift, budget

  /// - Throws: ``Failure`` with exit code 1 and a sentence.
  func check(_ report: AuditReport) throws(Failure) {
    switch self {
    case .guarantee: try Self.checkGuarantee(report)
    case .drift:
      guard let drift = report.options.drift else {
        throw .refused(
          "--fail-on drift: the log keeps no requests for the model to read, so whether traffic drifts is unknown")
      }
      guard let alarm = drift.alarm else {
        throw .refused("--fail-on drift: whether traffic drifts is unknown; see the report for what is missing")
      }
      if alarm { throw .refused("--fail-on drift: traffic is not what it was; see the report for causes") }
    case .budget:
      guard report.total.requests == 0 || report.total.priced > 0 else {
        throw .refused("--fail-on budget: no request's cost is known, so what was spent is unknown")
      }
      if report.isOverBudget == true { throw .refused("--fail-on budget: more was spent than the period may take") }
    }
  }

  /// An interval that reaches to both sides breaks no guarantee.
  private static func checkGuarantee(_ report: AuditReport) throws(Failure) {
    guard report.quality.targetQuality != nil else {
      throw .refused("--fail-on promise: the model's certificate guarantees no quality; give --target-quality")
    }
    if report.quality.guarantee == .broken { throw .refused("--fail-on promise: \(report.guaranteeSentence)") }
    if report.quality.overTarget.value == nil { throw .refused("--fail-on promise: \(report.guaranteeSentence)") }
  }
}

/// How an audit is printed.
enum AuditFormat: String, ExpressibleByArgument, CaseIterable {
  /// Sentences and aligned columns for people.
  case table
  /// A page with plots that needs nothing but itself.
  case html
  /// For chat and mail.
  case markdown
  /// One JSON object for programs.
  case json
  /// Every table for spreadsheets.
  case csv

  /// What reads it.
  var form: StandardOutput.Form {
    switch self {
    case .table: .text
    case .json: .json
    // Names are escaped already.
    case .html, .markdown, .csv: .page
    }
  }

  func render(_ report: AuditReport, coloured: Bool = false) -> String {
    switch self {
    case .table: report.text(coloured: coloured)
    case .html: report.html
    case .markdown: report.markdown
    case .json: report.json.text()
    case .csv: report.csv
    }
  }
}
