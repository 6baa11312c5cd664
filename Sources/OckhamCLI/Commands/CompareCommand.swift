import ArgumentParser
import Evaluation
import Foundation
import Ockham
import RequestLog

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
      reaches both sides of 0, the log cannot tell, and says so.
      """)

  @Argument(help: "The first model: a folder that train wrote, or a model file.", completion: .file())
  var first: String

  @Argument(help: "The second model.", completion: .file())
  var second: String

  @OptionGroup var input: LogArguments
  @OptionGroup var tierArguments: TierArguments
  @OptionGroup var memory: MemoryArguments

  @Option(help: "The two tiers that APGR and CPT50 compare, as A,B; by default the first and the last.")
  var pair: String?

  @Option(help: "How to print the comparison.")
  var format: ComparisonFormat = .table

  func run() throws {
    try Failure.report {
      let folders = [try ModelFolder(first), try ModelFolder(second)]
      let scorers = try scorers(folders)
      let progress = ProgressLine()
      let results = try LogScorer.score(
        input.source(scorers.map(\.model.extractor.options), progress: progress), with: scorers)
      progress.finish()
      reportProblems(results)
      for (name, result) in zip([first, second], results) { try memory.check(name, result) }
      let sides = [first, second].indices.map { index in
        ModelComparison.Side(
          name: [first, second][index], log: results[index].log, thresholds: folders[index].model.thresholds)
      }
      let tierPair = try pair.map { try TierPair(named: $0, in: results[0].log) }
      try StandardOutput.write(format.render(ModelComparison(sides[0], sides[1], pair: tierPair)))
    }
  }

  /// Both models must choose between the same tiers, with the same models behind them: else their labels differ.
  private func scorers(_ folders: [ModelFolder]) throws -> [LogScorer] {
    let names = folders.map(\.model.tierNames)
    guard names[0] == names[1] else { throw ComparisonError.tiers(first: names[0], second: names[1]) }
    let scorers = try folders.map { try LogScorer($0, tierFlags: tierArguments.tiers) }
    guard scorers[0].tierMap == scorers[1].tierMap else {
      throw Failure.badData(
        "\(first), \(second): expected the same models behind the tiers, found others; say which ones count with --tier "
          + "NAME=MODEL for each")
    }
    return scorers
  }

  private func reportProblems(_ results: [LogScorer.Result]) {
    results[0].summary.reportProblems()
    results[0].reportUnlabelled()
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
