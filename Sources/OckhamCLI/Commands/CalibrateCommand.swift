import ArgumentParser
import Evaluation
import Foundation
import Ockham
import RequestLog
import Workflow

/// `ockham calibrate`: choose thresholds for a goal and prove them.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Choose a model's thresholds for a goal, with a guarantee or an honest refusal.",
    discussion: """
      Example:

        ockham calibrate --model router log.jsonl --target-quality 0.97
        ockham calibrate --model router log.jsonl --max-cost-per-1k 2.0
        ockham calibrate --model router log.jsonl --max-share frontier=0.2 \\
          --output router-capped --format json

      Prints what the new thresholds come to on the log and, in brackets, what is shown of it, and writes them into the \
      model, or into a copy with --output. The order of the rows does not matter. Goals of share need no outcomes, goals of \
      cost no qualities.

      When the log cannot prove the goal at the asked confidence, the best thresholds by the log alone are printed, marked \
      as not proven, with the number of rows that would do; nothing is written, and the exit code is 1. With \
      --allow-unproven they are written, and the model and its card say so.
      """)

  @Option(help: "The model: a folder that train wrote, or a model file.", completion: .file())
  var model: String

  @OptionGroup var input: LogArguments
  @OptionGroup var tierArguments: TierArguments
  @OptionGroup var selected: SelectionArguments
  @OptionGroup var prices: PriceArguments

  @Option(help: ArgumentHelp("Keep this share of the strongest tier's quality.", valueName: "share"))
  var targetQuality: Double?

  @Option(
    name: .customLong("max-cost-per-1k"),
    help: ArgumentHelp("Spend at most this much per 1,000 requests, in USD.", valueName: "usd"))
  var maxCostPer1000: Double?

  @Option(help: ArgumentHelp("Send at most this share of requests to a tier.", valueName: "tier=share"))
  var maxShare: String?

  @Option(help: "How sure the guarantee must be.")
  var confidence: Double = 0.95

  @Flag(help: "Write the best thresholds, marked as not proven, where the goal cannot be proven.")
  var allowUnproven = false

  @Option(
    help: """
      Write the model to this folder, or to this file where the name ends in .safetensors, instead of changing it in place.
      """, completion: .file())
  var output: String?

  @Option(help: "How to print the choice.")
  var format: CalibrationFormat = .table

  @OptionGroup var memory: LeakageArguments

  func validate() throws {
    let goals = [targetQuality != nil, maxCostPer1000 != nil, maxShare != nil].count { $0 }
    guard goals == 1 else {
      throw ValidationError("give exactly one of --target-quality, --max-cost-per-1k and --max-share")
    }
    guard confidence > 0, confidence < 1 else {
      throw ValidationError("--confidence: expected a number between 0 and 1, found \(confidence)")
    }
    if let targetQuality, !(targetQuality > 0 && targetQuality <= 1) {
      throw ValidationError("--target-quality: expected a share above 0 and up to 1, found \(targetQuality)")
    }
    if let maxCostPer1000, !(maxCostPer1000 > 0 && maxCostPer1000.isFinite) {
      throw ValidationError("--max-cost-per-1k: expected USD above 0, found \(maxCostPer1000)")
    }
    _ = try maxShare.map(Self.parseShare)
  }

  func run() throws {
    try Failure.report {
      try Failure.check(output: output, differsFrom: input.logs)
      let lock = try ModelFolder.lock(model, output: output)
      defer { withExtendedLifetime(lock) {} }
      let folder = try ModelFolder(model)
      let selection = try selected.selection(of: folder)
      let scorer = try LogScorer(folder, selection: selection, tiers: tierArguments.map, prices: prices.list)
      let (keepsUnlabelled, weighsByInclusion) = (targetQuality == nil, maxShare == nil)
      let result = try scorer.score(input, keepsUnlabelled: keepsUnlabelled, weighsByInclusion: weighsByInclusion)
      try memory.check(model, result)
      let draws =
        try maxShare == nil
        ? scorer.draws(of: result, keepsUnlabelled: keepsUnlabelled, weighsByInclusion: weighsByInclusion) : nil
      let thresholds = try CalibratedThresholds(
        result.log, draws: draws, goal: goal, parameters: ThresholdChoiceParameters(confidence: confidence),
        path: selection.isPartial ? nil : folder.model.cascade.map(CascadePath.init(of:)))
      let isTaken = thresholds.isGuaranteed || allowUnproven
      let taken = allowUnproven ? thresholds : thresholds.keepingProvenCascade()
      let written = try isTaken ? folder.write(taken, for: selection, to: output) : nil
      let next = isTaken ? NextStep.evaluate(model: output ?? model, logs: input.logs) : more(result.log, thresholds)
      try StandardOutput.write(format.render(thresholds, wrote: written?.file.path, next: next), as: format.form)
      if let foreign = written?.foreignScores {
        StandardError.write("\(foreign.path) belongs to another model and stays: give each model a folder of its own\n")
      }
      guard isTaken else {
        throw Failure.refused(
          "nothing was written: the goal is not proven; add rows, lower the goal, or take the thresholds above with "
            + "--allow-unproven")
      }
    }
  }

  /// What would prove a goal: answers where some are missing, else requests.
  private func more(_ log: ScoredLog, _ thresholds: CalibratedThresholds) -> NextStep {
    guard log.completeRows.count == log.rowCount else { return .moreLabels(log: input.logs[0]) }
    return .moreRequests(rows: log.rowCount, needed: thresholds.figures?.rowsNeeded)
  }

  private var goal: ThresholdGoal {
    get throws {
      if let targetQuality { return .targetQuality(fraction: targetQuality) }
      if let maxCostPer1000 { return .maximumCostPer1000(usd: maxCostPer1000) }
      let (tier, share) = try Self.parseShare(maxShare ?? "")
      return .maximumShare(tier: tier, share: share)
    }
  }

  private static func parseShare(_ text: String) throws -> (tier: String, share: Double) {
    guard let equals = text.lastIndex(of: "="), let share = Double(text[text.index(after: equals)...]),
      share > 0, share < 1
    else {
      throw ValidationError("--max-share: expected TIER=SHARE such as frontier=0.2, found \"\(text)\"")
    }
    return (String(text[..<equals]), share)
  }
}

/// How a choice of thresholds is printed.
enum CalibrationFormat: String, ExpressibleByArgument, CaseIterable {
  /// Sentences for people.
  case table
  /// One JSON object for programs.
  case json

  /// What reads it.
  var form: StandardOutput.Form { self == .json ? .json : .text }

  /// - Parameters:
  ///   - wrote: the file that was written, if one was.
  ///   - next: what is done next, for people.
  func render(_ thresholds: CalibratedThresholds, wrote: String?, next: NextStep) -> String {
    switch self {
    case .table: ([thresholds.sentences] + (wrote.map { ["wrote \($0)"] } ?? []) + [next.line]).joined(separator: "\n")
    case .json: thresholds.json(wrote: wrote).text()
    }
  }
}
