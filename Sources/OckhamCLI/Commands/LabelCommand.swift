import ArgumentParser
import Foundation
import Judging
import Labelling
import RequestLog

/// `ockham label`: tell good answers from bad in a log that holds answers.
struct LabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label",
    abstract: "Fill in the quality of answers: by text, by JSON schema, by unit tests or by an LLM judge.",
    discussion: """
      Example:

        ockham label answers.jsonl --output log.jsonl --method normalised
        ockham label answers.jsonl --output log.jsonl \\
          --method command --command "python3 check.py {answer}"
        ockham label answers.jsonl --output log.jsonl --method judge \\
          --endpoint https://api.example.com/v1 --judge-model big-model \\
          --api-key-env API_KEY --judge-price 2.5,10 --max-cost-usd 5

      A line holds answers in its outcomes, and the right one as reference where it is known:

        {"prompt":"…","reference":"…",
         "outcomes":{"small":{"answer":"…"},"frontier":{"answer":"…"}}}

      Everything else in a line is kept byte for byte. Methods: exact and normalised compare with the reference, or \
      with the frontier's answer where there is none; json-schema checks the request's response_format; command runs a \
      program on each answer (exit code 0 is good; {answer}, {reference} and {question} are files; no shell); judge \
      asks a model about each answer and the frontier's, twice with the positions swapped. What the judge was paid for \
      is kept in a journal: the same command goes on after an interruption.
      """)

  @Argument(help: "A log with answers: JSONL, may be gzip'd.", completion: .file())
  var log: String

  @Option(help: "The log to write.", completion: .file())
  var output: String

  @Option(help: "How to tell good from bad.")
  var method: LabelMethodName

  @Option(help: ArgumentHelp("The strongest model or tier in the log.", valueName: "name"))
  var frontier = "frontier"

  @Flag(help: "Work out qualities anew that are there.")
  var relabel = false

  @Flag(help: "Stop at the first bad line instead of reporting and keeping it as it is.")
  var strict = false

  @OptionGroup(title: "Options of command") var program: ProgramArguments
  @OptionGroup(title: "Options of judge") var judge: JudgeArguments

  func validate() throws {
    if method == .command { _ = try program.unitTest() }
    if method == .judge { try judge.validateForUse(log: log) }
  }

  func run() throws {
    try Failure.report {
      try Failure.check(output: output, differsFrom: [log])
      try label()
    }
  }

  private func label() throws {
    let progress = ProgressLine()
    defer { progress.finish() }
    let interruption = Interruption()
    var options = LabelOptions()
    options.frontier = frontier
    options.replacesQualities = relabel
    options.isStrict = strict
    options.isCancelled = { interruption.isRequested }
    options.onProgress = { progress.set(done: Double($0.bytesRead), total: $0.totalBytes.map(Double.init)) }
    progress.begin("reading", unit: "B", total: nil)
    let pairJudge = method == .judge ? try judge.judge(output: output) : nil
    if let pairJudge { try judge.confirm(JudgeEstimate(logPath: log, judge: pairJudge, options: options), progress) }
    progress.begin("labelling", unit: "B", total: nil)
    let run = LabelRun(inputPath: log, outputPath: output, method: try labelMethod(pairJudge), options: options)
    let summary = try BlockingTask.value { try await run.run() }
    progress.finish()
    try summary.report(judge: pairJudge)
    StandardError.write("wrote \(output)\n")
    NextStep.say(.train(log: output))
  }

  private func labelMethod(_ pairJudge: PairJudge?) throws -> LabelMethod {
    switch method {
    case .exact: .text(.exact)
    case .normalised: .text(.normalised)
    case .jsonSchema: .jsonSchema
    case .command: .command(try program.unitTest())
    case .judge:
      if let pairJudge { .judge(pairJudge, concurrency: judge.concurrency) } else { throw ValidationError("no judge") }
    }
  }
}
