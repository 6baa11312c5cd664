import ArgumentParser
import Foundation
import Judging
import Labelling
import RequestLog
import TextKit

/// The methods of `ockham label`.
enum LabelMethodName: String, ExpressibleByArgument, CaseIterable {
  case exact
  case normalised
  case jsonSchema = "json-schema"
  case command
  case judge
}

/// The program that judges answers.
struct ProgramArguments: ParsableArguments {
  @Option(help: "The program and its arguments; {answer}, {reference} and {question} are paths of files.")
  var command: String?

  @Option(help: ArgumentHelp("The longest that one answer may take.", valueName: "seconds"))
  var timeLimit = 10.0

  func unitTest() throws -> UnitTestCommand {
    guard let text = command, let words = CommandWords.split(text) else {
      throw ValidationError("--command: expected a program and its arguments, with all quotes closed")
    }
    guard let command = UnitTestCommand(arguments: words, timeLimitSeconds: timeLimit) else {
      throw ValidationError("--command needs a program, and --time-limit a number above 0")
    }
    return command
  }
}

/// The model that judges answers.
struct JudgeArguments: ParsableArguments {
  @Option(help: "An OpenAI-compatible endpoint, such as https://api.example.com/v1.")
  var endpoint: String?

  @Option(help: "The model that judges.")
  var judgeModel: String?

  @Option(
    help: ArgumentHelp("The environment variable that holds the key; without it none is sent.", valueName: "name"))
  var apiKeyEnv: String?

  @Option(help: ArgumentHelp("What the judge's tokens cost, in USD per million.", valueName: "input,output"))
  var judgePrice: String?

  @Option(
    name: .customLong("max-cost-usd"), help: ArgumentHelp("Stop before more than this is spent.", valueName: "usd"))
  var maxCostUSD: Double?

  @Flag(help: "Start without a cap on the cost.")
  var yes = false

  @Option(help: "What keeps the verdicts; by default the output's name and .journal.", completion: .file())
  var journal: String?

  @Option(help: "Records judged at a time.")
  var concurrency = 4

  @Option(help: ArgumentHelp("The longest that one call may take.", valueName: "seconds"))
  var requestTimeout = 60.0

  func validateForUse(log: String) throws {
    guard endpoint != nil, judgeModel != nil else {
      throw ValidationError("--method judge needs --endpoint and --judge-model")
    }
    if log == "-" { throw ValidationError("--method judge reads the log twice: name a file instead of -") }
    if concurrency < 1 { throw ValidationError("--concurrency: expected at least 1, found \(concurrency)") }
    guard requestTimeout > 0 else { throw ValidationError("--request-timeout: expected a number above 0") }
    if judgePrice != nil, price == nil {
      throw ValidationError("--judge-price: expected INPUT,OUTPUT in USD per million tokens, such as 2.5,10")
    }
    if let maxCostUSD {
      guard maxCostUSD > 0 else { throw ValidationError("--max-cost-usd: expected a number above 0") }
      guard price != nil else {
        throw ValidationError("--max-cost-usd needs --judge-price: without prices no cost is known")
      }
    } else if !yes {
      throw ValidationError("--method judge costs money: give --max-cost-usd with --judge-price, or --yes")
    }
  }

  private var price: TokenPrice? { judgePrice.flatMap { TokenPrice($0) } }

  /// Opens the journal and makes a judge; nothing is sent yet.
  func judge(output: String) throws -> PairJudge {
    let endpoint = try ChatEndpoint(
      address: endpoint ?? "", model: judgeModel ?? "", apiKey: try key(), timeLimitSeconds: requestTimeout,
      connections: concurrency)
    return try endpoint.judge(
      journalPath: journal ?? output + ".journal", budget: JudgeBudget(capUSD: maxCostUSD, tokenPrice: price))
  }

  private func key() throws -> String? {
    guard let apiKeyEnv else { return nil }
    guard let key = ProcessInfo.processInfo.environment[apiKeyEnv], !key.isEmpty else {
      throw Failure(
        message: "--api-key-env: expected the environment variable \(apiKeyEnv) to hold a key, found none; export it",
        code: .validationFailure)
    }
    return key
  }

  /// Says what judging will take.
  func confirm(_ estimate: JudgeEstimate, _ progress: ProgressLine) {
    progress.finish()
    let cost =
      price == nil
      ? "cost unknown (no --judge-price)" : "at most about \(NumberFormat.decimal(estimate.costUSD, places: 4)) USD"
    let cap =
      maxCostUSD.map { ", capped at \(NumberFormat.decimal($0, places: 4)) USD with what the journal has spent" }
      ?? ", no cap"
    StandardError.write(
      "judging: \(NumberFormat.count(estimate.calls)) calls, about \(NumberFormat.count(estimate.inputTokens)) input "
        + "tokens, \(cost)\(cap); \(NumberFormat.count(estimate.journalled)) verdicts are in the journal already\n")
  }
}

extension LabelSummary {
  /// Prints what is known of each tier, and what the judge did; problems go to standard error.
  func report(judge: PairJudge?) throws {
    for problem in problems { StandardError.write("\(problem)\n") }
    if rejected > problems.count {
      StandardError.write("… and \(NumberFormat.count(rejected - problems.count)) more\n")
    }
    try StandardOutput.write(
      "\(NumberFormat.count(labelledRecords)) of \(NumberFormat.count(lines)) records labelled, "
        + "\(NumberFormat.count(rejected)) rejected\n")
    var table = TextTable(["tier", "labelled", "share good", "mean quality", "verdicts agree", "cost, USD"])
    for tier in tiers {
      table.append([
        tier.name, NumberFormat.count(tier.labelled), tier.shareGood.map { NumberFormat.percent($0, places: 1) } ?? "–",
        NumberFormat.decimal(tier.meanQuality, places: 3),
        tier.agreement.map { NumberFormat.percent($0, places: 1) } ?? "–",
        tier.priced == 0 ? "–" : NumberFormat.decimal(tier.costUSD, places: 6),
      ])
    }
    try StandardOutput.write(table.text())
    if let judge { try StandardOutput.write("\n" + Self.sentence(judge)) }
  }

  private static func sentence(_ judge: PairJudge) -> String {
    let tally = judge.tally
    var parts = [
      "judge: \(NumberFormat.count(tally.calls)) calls, \(NumberFormat.count(tally.journalled)) verdicts from the journal"
    ]
    if let agreement = tally.agreement {
      parts.append("swapped verdicts agree in \(NumberFormat.percent(agreement, places: 1)) of pairs")
    }
    if tally.malformed > 0 { parts.append("\(NumberFormat.count(tally.malformed)) replies were no verdict") }
    if tally.withoutVerdict > 0 { parts.append("\(NumberFormat.count(tally.withoutVerdict)) pairs without a verdict") }
    parts.append("\(NumberFormat.decimal(judge.budget.spentUSD, places: 6)) USD spent in all")
    return parts.joined(separator: ", ")
  }
}
