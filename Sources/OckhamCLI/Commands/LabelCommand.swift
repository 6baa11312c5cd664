import ArgumentParser
import Foundation
import Judging
import Labelling
import RequestLog

/// `ockham label`: distinguish good answers from bad ones in a log that holds answers.
struct LabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label",
    abstract: "Fill in the quality of answers: by text, JSON schema, unit tests, an LLM judge or people.",
    discussion: """
      Example:

        ockham label answers.jsonl --output log.jsonl --method normalised
        ockham label answers.jsonl --output log.jsonl \\
          --method command --command "python3 check.py {answer}"
        ockham label answers.jsonl --output log.jsonl --method judge \\
          --endpoint https://api.example.com/v1 --judge-model big-model \\
          --api-key-env API_KEY --judge-price 2.5,10 --max-cost-usd 5
        ockham label answers.jsonl --method ratings --export sheet.csv
        ockham label answers.jsonl --method ratings --ratings sheet.csv \\
          --output log.jsonl
        ockham label log.jsonl --method ratings --gold --export sheet.csv \\
          --sample 0.1

      A line holds answers in its outcomes, and the right one as reference where it is known:

        {"prompt":"…","reference":"…",
         "outcomes":{"small":{"answer":"…"},"frontier":{"answer":"…"}}}

      An answer is a string, or a message with content, tool_calls and finish_reason. Everything else in a line is kept \
      byte for byte.

      exact and normalised compare with the reference, or with the frontier's answer where there is none; tool calls \
      are compared by name and arguments. json-schema checks the request's response_format; a code fence around the JSON \
      is allowed. command runs a program on each answer (exit code 0 is good; {answer}, {reference} and {question} are \
      files; no shell): a program that is not there ends the run, an answer that takes too long stays without a label, \
      every other status is quality 0.

      judge asks a model: about each answer beside the frontier's, in both orders, where the frontier's answer is there; \
      about each answer by itself elsewhere, or everywhere with --rubric. pairwise takes pairs only. The judge sees no names, \
      refuses to judge a model of its own family, and its liking for first and for long answers is reported. What it was \
      paid for is kept in a journal: the same command goes on after an interruption.

      ratings writes a sheet for people with --export, without the names of models, and reads the column rating of what comes \
      back with --ratings; several ratings of an answer count with their mean. With --gold people check a judge: a sample of \
      the answers that have a quality is written, and what comes back stands beside it, with the columns rater and probability.
      """)

  @Argument(help: "A log with answers: JSONL, gzip'd JSONL or SQLite.", completion: .file())
  var log: String

  @Option(help: "The log to write.", completion: .file())
  var output: String?

  @Option(help: "How to distinguish good responses from bad ones.")
  var method: LabelMethodName

  @Option(help: ArgumentHelp("The strongest model or tier in the log.", valueName: "name"))
  var frontier = "frontier"

  @Option(
    name: .customLong("tier"),
    help: ArgumentHelp(
      "The model behind a tier: another name of --frontier, and how the judge recognises its own family; repeat.",
      valueName: "name=model"))
  var tiers: [String] = []

  @Flag(help: "Work out qualities anew that are there.")
  var relabel = false

  @Flag(help: "Stop at the first bad line instead of reporting and keeping it as it is.")
  var strict = false

  @OptionGroup(title: "Options of command") var program: ProgramArguments
  @OptionGroup(title: "Options of judge and pairwise") var judge: JudgeArguments
  @OptionGroup(title: "Options of ratings") var sheets: SheetArguments

  func validate() throws {
    if sheets.export == nil, output == nil { throw ValidationError("expected --output LOG, found none; add one") }
    try sheets.validate(method, output: output)
    _ = try models()
    if method == .command { _ = try program.unitTest() }
    if method.asksJudge { try judge.validateForUse(log: log, method: method) }
  }

  func run() throws {
    try Failure.report {
      try Failure.check(output: output ?? sheets.export, differsFrom: [log] + sheets.ratings)
      try label()
    }
  }

  private func label() throws {
    if method == .command { try program.checkScript() }
    let progress = ProgressLine()
    defer { progress.finish() }
    let interruption = Interruption()
    var options = LabelOptions()
    options.frontier = frontier
    options.frontierModels = try models()[frontier] ?? []
    options.replacesQualities = relabel
    options.keepsRatingsAsGold = sheets.gold
    options.isStrict = strict
    options.isCancelled = { interruption.isRequested }
    options.onProgress = { progress.set(done: Double($0.bytesRead), total: $0.totalBytes.map(Double.init)) }
    progress.begin("reading", unit: "B", total: nil)
    guard let output else { return try sheets.write(log, options: options, progress: progress) }
    let pairJudge = method.asksJudge ? try judge.judge(output: output) : nil
    let labelMethod = try labelMethod(pairJudge, options, progress)
    progress.begin("labelling", unit: "B", total: nil)
    let run = LabelRun(inputPath: log, outputPath: output, method: labelMethod, options: options)
    let summary = try BlockingTask.value { try await run.run() }
    progress.finish()
    try summary.report(judge: pairJudge, timeLimit: program.timeLimit)
    if case .ratings(let book) = labelMethod { book.report() }
    StandardError.write("wrote \(output)\n")
    NextStep.say(.train(log: output, tiers: tiersOfTraining))
  }

  /// The tiers that the labels are of: those that were named, and the strongest; none where only that one is known.
  private var tiersOfTraining: [String] {
    let hasFrontier = tiers.contains { $0.hasPrefix(frontier + "=") || $0.hasSuffix("=" + frontier) }
    let all = hasFrontier || tiers.isEmpty ? tiers : tiers + ["frontier=\(frontier)"]
    return all.count < 2 ? [] : all
  }

  /// The models behind tiers.
  private func models() throws -> [String: [String]] {
    var models: [String: [String]] = [:]
    for text in tiers {
      guard let pair = NamedColumn(text) else {
        throw ValidationError("--tier: expected NAME=MODEL, found another text")
      }
      models[pair.model, default: []].append(pair.column)
    }
    return models
  }

  private func labelMethod(
    _ pairJudge: PairJudge?, _ options: LabelOptions, _ progress: ProgressLine
  ) throws -> LabelMethod {
    switch method {
    case .exact: return .text(.exact)
    case .normalised: return .text(.normalised)
    case .jsonSchema: return .jsonSchema
    case .command: return .command(try program.unitTest())
    case .ratings: return .ratings(try sheets.book())
    case .judge, .pairwise:
      guard let pairJudge else { throw ValidationError("no judge") }
      let form = try judge.form(method)
      let estimate = try JudgeEstimate(logPath: log, judge: pairJudge, form: form, options: options)
      try estimate.checkArms(of: pairJudge, models: try models())
      judge.confirm(estimate, progress)
      return .judge(pairJudge, estimate.settled(form), concurrency: judge.concurrency)
    }
  }
}

/// Sheets of ratings by people.
struct SheetArguments: ParsableArguments {
  @Option(help: "Write the answers without a quality to this CSV file, for people to rate.", completion: .file())
  var export: String?

  @Option(help: ArgumentHelp("With --export, draw each question with this probability.", valueName: "share"))
  var sample = 1.0

  @Flag(help: "Ratings check qualities that are there: they are kept beside them, with rater and probability.")
  var gold = false

  @Option(help: "Read ratings from this CSV file; repeat for several raters.", completion: .file())
  var ratings: [String] = []

  @OptionGroup var scale: RatingArguments

  func validate(_ method: LabelMethodName, output: String?) throws {
    guard method == .ratings else {
      if export != nil || !ratings.isEmpty || gold {
        throw ValidationError("--export, --ratings and --gold go with --method ratings")
      }
      return
    }
    guard (export == nil) != ratings.isEmpty else {
      throw ValidationError("--method ratings: give either --export FILE.csv or --ratings FILE.csv")
    }
    if export != nil, output != nil { throw ValidationError("--export writes a sheet and no log: leave --output out") }
    guard sample > 0, sample <= 1 else {
      throw ValidationError("--sample: expected a share above 0 and up to 1, found \(sample)")
    }
  }

  func book() throws -> RatingBook {
    try RatingBook(paths: ratings, scale: try scale.scale())
  }

  func write(_ log: String, options: LabelOptions, progress: ProgressLine) throws {
    guard let export else { return }
    let sheet = RatingSheet(
      logPath: log, outputPath: export, replacesQualities: options.replacesQualities, isGold: gold, share: sample,
      onProgress: options.onProgress)
    let summary = try sheet.write()
    progress.finish()
    summary.report()
    StandardError.write("wrote \(export)\n")
    NextStep.say(.rate(log: log, sheet: export))
  }
}
