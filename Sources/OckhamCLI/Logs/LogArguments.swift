import ArgumentParser
import Foundation
import Ockham
import RequestLog
import TextKit
import Workflow

/// The logs that a command reads.
struct LogArguments: ParsableArguments {
  @Argument(help: "Request logs: JSONL, gzip'd JSONL or SQLite; - for standard input.", completion: .file())
  var logs: [String]

  @Flag(help: "Stop at the first bad line instead of skipping and counting it.")
  var strict = false

  @Option(help: "Rows of one log record: those of one id, or of one request (content).")
  var merge: MergeKey = .id

  @Option(
    help: ArgumentHelp(
      "Keep the fifth of conversations that this salt picks from training, tuning and choice: they are left out, and replay alone reads them.",
      valueName: "text"))
  var evaluationSalt: String?

  func validate() throws {
    if evaluationSalt == "" { throw ValidationError("--evaluation-salt: expected a string, found an empty one") }
  }

  /// The conversations that are kept for replay; `nil` for none.
  var evaluationShare: EvaluationShare? { evaluationSalt.map { EvaluationShare(salt: $0) } }

  /// Opens the logs; progress goes to `progress`. Records without text are read where their features fit all of
  /// `featureOptions`, at least one. Answers are kept where prices need their length. The evaluation share is left out unless it is
  /// asked for.
  func source(
    _ featureOptions: [FeatureOptions] = [], tiers: [String]? = nil, keepsAnswers: Bool = false,
    progress: ProgressLine? = nil, withEvaluationShare: Bool = false
  ) -> LogSource {
    progress?.begin("reading", unit: "B", total: nil)
    var source = LogSource(
      paths: logs,
      options: LogOptions(
        isStrict: strict, tiers: tiers, featureOptions: featureOptions, keepsAnswers: keepsAnswers,
        merging: merge
      ) { now in
        progress?.set(done: Double(now.bytesRead), total: now.totalBytes.map(Double.init))
      })
    if !withEvaluationShare, let share = evaluationShare { source.options.leavesOut = { share.contains($0) } }
    return source
  }
}

extension MergeKey: ExpressibleByArgument {}

/// Which model stands for which tier.
struct TierArguments: ParsableArguments {
  @Option(
    name: .customLong("tier"),
    help: ArgumentHelp(
      "A tier and the model that stands for it, cheapest first; repeat for each. With * it stands for all names that fit; @FILE "
        + "names a file of models, one a line.", valueName: "name=model"))
  var tiers: [String] = []

  @Option(
    name: .customLong("tiers-file"),
    help: ArgumentHelp(
      "A file of such tiers, NAME=MODEL a line, cheapest first; --tier adds to them.", valueName: "file"),
    completion: .file())
  var tiersFile: String?

  /// The map that the file and the flags make; `nil` without either.
  var map: TierMap? {
    get throws {
      let flags = try (tiersFile.map(Self.listed) ?? []) + tiers.flatMap(Self.expanded)
      return try flags.isEmpty ? nil : TierMap(flags: flags)
    }
  }

  /// The flags of a file; empty lines and those that begin with # are skipped.
  private static func listed(_ path: String) throws -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure.missingInput("--tiers-file \(SafeText.name(path)): no such file of tiers; check the path")
    }
    let lines = String(decoding: data, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var flags: [String] = []
    for (number, line) in lines.enumerated() {
      let flag = line.trimmingCharacters(in: .whitespaces)
      guard !flag.isEmpty, !flag.hasPrefix("#") else { continue }
      guard flag.dropFirst().dropLast().contains("=") else {
        throw Failure.badData(
          "\(SafeText.name(path)):\(number + 1): expected NAME=MODEL, found another text; write a tier and a model")
      }
      flags += try expanded(flag)
    }
    guard !flags.isEmpty else {
      throw Failure.badData(
        "\(SafeText.name(path)): expected NAME=MODEL a line, found none; name tiers and their models")
    }
    return flags
  }

  /// A flag for each model of the file that a flag names; the flag itself where it names none.
  private static func expanded(_ flag: String) throws -> [String] {
    guard let equals = flag.firstIndex(of: "="), flag[equals...].hasPrefix("=@") else { return [flag] }
    let path = String(flag[equals...].dropFirst(2))
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure.missingInput("--tier \(SafeText.name(flag)): no such list of models; check the path")
    }
    let names = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    guard !names.isEmpty else {
      throw Failure.badData("\(path): expected a model's name a line, found none; name the models of the tier")
    }
    return names.map { String(flag[...equals]) + $0 }
  }
}

extension LogSummary {
  /// Says on standard error what was rejected and why; nothing when all was well.
  func reportProblems() {
    for remark in remarks { StandardError.write("\(SafeText.visible("\(remark)"))\n") }
    guard rejectedCount > 0 || !emptyPaths.isEmpty || merged > 0 || leftOut > 0 else { return }
    for problem in problems { StandardError.write("\(problem)\n") }
    if rejectedCount > problems.count {
      StandardError.write("… and \(NumberFormat.count(rejectedCount - problems.count)) more\n")
    }
    StandardError.write("\(self)\n")
  }
}
