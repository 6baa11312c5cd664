import ArgumentParser
import Ockham
import RequestLog
import TextKit

/// The logs that a command reads.
struct LogArguments: ParsableArguments {
  @Argument(help: "Request logs: JSONL, gzip'd JSONL or SQLite; - for standard input.", completion: .file())
  var logs: [String]

  @Flag(help: "Stop at the first bad line instead of skipping and counting it.")
  var strict = false

  /// Opens the logs; progress goes to `progress`. Records without text are read where their features fit all of
  /// `featureOptions`, at least one. Answers are kept where prices need their length.
  func source(
    _ featureOptions: [FeatureOptions] = [], tiers: [String]? = nil, keepsAnswers: Bool = false,
    progress: ProgressLine? = nil
  ) -> LogSource {
    progress?.begin("reading", unit: "B", total: nil)
    return LogSource(
      paths: logs,
      options: LogOptions(
        isStrict: strict, tiers: tiers, featureOptions: featureOptions, keepsAnswers: keepsAnswers
      ) { now in
        progress?.set(done: Double(now.bytesRead), total: now.totalBytes.map(Double.init))
      })
  }
}

/// Which model stands for which tier.
struct TierArguments: ParsableArguments {
  @Option(
    name: .customLong("tier"),
    help: ArgumentHelp(
      "A tier and the model that stands for it, cheapest first; repeat for each.", valueName: "name=model"))
  var tiers: [String] = []

  /// The map that the flags make; `nil` without flags.
  var map: TierMap? {
    get throws { try tiers.isEmpty ? nil : TierMap(flags: tiers) }
  }
}

extension LogSummary {
  /// Says on standard error what was rejected and why; nothing when all was well.
  func reportProblems() {
    guard rejectedCount > 0 || !emptyPaths.isEmpty else { return }
    for problem in problems { StandardError.write("\(problem)\n") }
    if rejectedCount > problems.count {
      StandardError.write("… and \(NumberFormat.count(rejectedCount - problems.count)) more\n")
    }
    StandardError.write("\(self)\n")
  }
}
