import ArgumentParser
import Foundation
import ModelFiles
import Ockham
import RequestLog
import TextKit
import Workflow

/// `ockham route`: one decision a line.
struct RouteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "route",
    abstract: "Decide which tier a request goes to.",
    discussion: """
      Example:

        ockham route "Translate to German: it is raining"
        ockham route --model router --log today.jsonl --format json
        cat prompts.txt | ockham route --model router -

      With - each line of standard input is a prompt, or a request-log record where it begins with {. Each is answered as \
      it comes, so that a program can write a line and read its decision; one line is in memory at a time.

      A model with a cascade says of each row where it would start, and where the row keeps the answer of a tier with a \
      response head, whether that is good enough, by what probabilities and by which features.

      Without --model the model that comes with Ockham decides: its tiers are small, mid and frontier, and it knows \
      public benchmarks, not your traffic.
      """)

  @Option(
    help: "The model: a folder that train wrote, or a model file; the one that comes with Ockham when left out.",
    completion: .file())
  var model: String?

  @OptionGroup var selected: SelectionArguments

  @Argument(help: "The prompt; - reads standard input a line at a time.")
  var prompt: String?

  @Option(help: "Route the records of a log instead of a prompt.", completion: .file())
  var log: String?

  @Option(help: "How to print decisions.")
  var format: RouteFormat = .table

  @Flag(help: "Stop at the first bad record instead of reporting and skipping it.")
  var strict = false

  func validate() throws {
    guard (prompt == nil) != (log == nil) else {
      throw ValidationError("give either a prompt (or -) or --log FILE")
    }
  }

  func run() throws {
    try Failure.report {
      let folder = try ModelFolder(model ?? ModelLocation.standard())
      var writer = try DecisionWriter(model: folder.model, selection: selected.selection(of: folder), format: format)
      if let log {
        try route(
          LogSource(paths: [log], options: options(folder.model)), with: &writer)
      } else if prompt == "-" {
        try routeStandardInput(with: &writer, keepsAnswers: folder.model.cascade != nil)
      } else {
        try writer.write(LogRecord(id: "prompt", request: Request(prompt: prompt ?? "").withoutHarnessText()))
      }
      try writer.finish()
      if model == nil, log == nil, prompt != "-", format == .table { NextStep.say(.trainOwn) }
    }
  }

  /// Records are read ahead up to one of these, to be routed on all processors.
  private static let (batchRecords, batchBytes) = (1_024, 4 << 20)

  private func options(_ model: Model) -> LogOptions {
    LogOptions(
      isStrict: strict, rejectsDuplicateIDs: false, featureOptions: [model.extractor.options],
      keepsAnswers: model.cascade != nil)
  }

  private func route(_ source: LogSource, with writer: inout DecisionWriter) throws {
    var stream = try source.open()
    var batch = (records: [LogRecord](), bytes: 0)
    while let entry = try stream.next() {
      switch entry {
      case .record(let record):
        batch.records.append(record)
        batch.bytes += record.textBytes
      case .rejected(let problem): StandardError.write("\(problem)\n")
      }
      guard batch.records.count >= Self.batchRecords || batch.bytes >= Self.batchBytes else { continue }
      try writer.write(batch.records)
      batch = ([], 0)
    }
    try writer.write(batch.records)
    let summary = stream.summary
    if summary.rejectedCount > 0 { StandardError.write("\(summary)\n") }
    if summary.records == 0 { throw source.nothingUsable(summary) }
  }

  /// A line is a prompt, or a log record where it begins with `{`.
  private func routeStandardInput(with writer: inout DecisionWriter, keepsAnswers: Bool) throws {
    var lines = StandardInputLines()
    var decoder = try LineDecoder(path: "standard input", keepsAnswers: keepsAnswers)
    var number = 0
    var counts = (routed: 0, rejected: 0)
    while let line = try lines.next(beforeWaiting: { try writer.finish() }) {
      number += 1
      if line.isEmpty { continue }
      let entry: LogRecord
      do { entry = try record(line, number, &decoder) } catch {
        try reject("\(error)")
        counts.rejected += 1
        continue
      }
      try writer.write(entry)
      counts.routed += 1
    }
    guard counts.rejected > 0 else { return }
    let routed = NumberFormat.count(counts.routed)
    StandardError.write("\(routed) lines routed, \(NumberFormat.count(counts.rejected)) rejected\n")
    if counts.routed == 0 { throw LogError.noRecords(paths: ["standard input"], rejected: counts.rejected) }
  }

  private func record(
    _ line: ArraySlice<UInt8>, _ number: Int, _ decoder: inout LineDecoder
  ) throws -> LogRecord {
    if line.first == UInt8(ascii: "{") {
      var record = try decoder.decode(line, number: number)
      record.request = record.request.withoutHarnessText()
      return record
    }
    guard let prompt = String(validating: line, as: UTF8.self) else {
      throw Failure.badData(
        "standard input:\(number): expected UTF-8, found damaged bytes in a line of \(line.count); repair or drop the line"
      )
    }
    return LogRecord(id: "\(number)", request: Request(prompt: prompt).withoutHarnessText())
  }

  private func reject(_ message: String) throws {
    if strict { throw Failure.badData(message) }
    StandardError.write("\(message)\n")
  }
}

/// How decisions are printed.
enum RouteFormat: String, ExpressibleByArgument, CaseIterable {
  /// Columns for people.
  case table
  /// One JSON object a line.
  case json
}
