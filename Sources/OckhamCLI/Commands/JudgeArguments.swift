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
  case pairwise
  case ratings

  var asksJudge: Bool { self == .judge || self == .pairwise }
}

/// The program that judges answers.
struct ProgramArguments: ParsableArguments {
  @Option(help: "The program and its arguments; {answer}, {reference} and {question} are paths of files.")
  var command: String?

  @Option(help: ArgumentHelp("The longest that one answer may take.", valueName: "seconds"))
  var timeLimit = 10.0

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp(
      "A variable of the environment that the program gets, beside PATH, HOME, LANG, TMPDIR and the like; repeat.",
      valueName: "name"))
  var variables: [String] = []

  func unitTest() throws -> UnitTestCommand {
    guard let text = command, let words = CommandWords.split(text) else {
      throw ValidationError("--command: expected a program and its arguments, with all quotes closed")
    }
    guard let command = UnitTestCommand(arguments: words, timeLimitSeconds: timeLimit, variables: variables) else {
      throw ValidationError("--command needs a program, and --time-limit a number above 0")
    }
    for name in variables where ProcessInfo.processInfo.environment[name] == nil {
      throw ValidationError(
        "--env: expected the name of a variable that is set, found \(SafeText.label(name)); export it")
    }
    return command
  }

  /// - Throws: ``Failure`` where an interpreter is to read a script that is not there.
  func checkScript() throws {
    guard let script = try unitTest().missingScript else { return }
    throw Failure.missingInput("--command: expected a script at \(SafeText.name(script)), found none; fix the path")
  }
}

/// The model that judges answers.
struct JudgeArguments: ParsableArguments {
  @Option(
    help: "A text file that says what makes an answer good; each answer is then judged by itself.",
    completion: .file())
  var rubric: String?

  @Option(
    help: ArgumentHelp(
      "The share of pairs that are judged in both orders; of the rest, half are shown the other way round.",
      valueName: "share"))
  var bothOrders = 1.0

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

  func validateForUse(log: String, method: LabelMethodName) throws {
    guard endpoint != nil, judgeModel != nil else {
      throw ValidationError("--method \(method.rawValue) needs --endpoint and --judge-model")
    }
    if method == .pairwise, rubric != nil {
      throw ValidationError(
        "--rubric goes with --method judge: pairwise compares answers, a rubric scores each by itself")
    }
    guard (0...1).contains(bothOrders) else {
      throw ValidationError("--both-orders: expected a share from 0 to 1, found \(bothOrders)")
    }
    if log == "-" { throw ValidationError("--method \(method.rawValue) reads the log twice: name a file instead of -") }
    if concurrency < 1 { throw ValidationError("--concurrency: expected at least 1, found \(concurrency)") }
    try ChatEndpoint.validate(timeLimit: requestTimeout)
    if judgePrice != nil, price == nil {
      throw ValidationError("--judge-price: expected INPUT,OUTPUT in USD per million tokens, such as 2.5,10")
    }
    if let maxCostUSD {
      guard maxCostUSD > 0, maxCostUSD.isFinite else {
        throw ValidationError("--max-cost-usd: expected a finite number above 0, found \(maxCostUSD)")
      }
      guard price != nil else {
        throw ValidationError("--max-cost-usd needs --judge-price: without prices no cost is known")
      }
    } else if !yes {
      throw ValidationError("--method \(method.rawValue) costs money: give --max-cost-usd with --judge-price, or --yes")
    }
  }

  /// What the judge is shown.
  func form(_ method: LabelMethodName) throws -> JudgeForm {
    if method == .pairwise { return .pairs }
    guard let rubric else { return .pairsOrSingle() }
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: rubric)) } catch {
      throw Failure.missingInput(
        "--rubric \(rubric): expected a file of text, found none that can be read; fix the path")
    }
    guard let text = String(data: data, encoding: .utf8), data.count <= Self.maximumRubricBytes,
      text.contains(where: { !$0.isWhitespace })
    else {
      throw Failure.badData(
        "--rubric \(rubric): expected a text in UTF-8 of 1 to \(NumberFormat.count(Self.maximumRubricBytes)) bytes, found "
          + "another file of \(NumberFormat.count(data.count)); say in a few sentences what makes an answer good")
    }
    return .single(rubric: text)
  }

  private static let maximumRubricBytes = 32 << 10

  private var price: TokenPrice? { judgePrice.flatMap { TokenPrice($0) } }

  /// Opens the journal and makes a judge; nothing is sent yet.
  func judge(output: String) throws -> PairJudge {
    let endpoint = try ChatEndpoint(
      address: endpoint ?? "", model: judgeModel ?? "", apiKey: try key(), timeLimitSeconds: requestTimeout,
      connections: concurrency)
    return try endpoint.judge(
      journalPath: journal ?? output + ".journal", budget: JudgeBudget(capUSD: maxCostUSD, tokenPrice: price),
      bothOrdersShare: bothOrders)
  }

  private func key() throws -> String? { try apiKeyEnv.map { try EndpointKey.named($0) } }

  /// Says what judging will take.
  func confirm(_ estimate: JudgeEstimate, _ progress: ProgressLine) {
    progress.finish()
    let cost =
      price == nil
      ? "cost unknown (no --judge-price)" : "at most about \(NumberFormat.decimal(estimate.costUSD, places: 4)) USD"
    let cap =
      maxCostUSD.map { ", capped at \(NumberFormat.decimal($0, places: 4)) USD with what the journal has spent" }
      ?? ", no cap"
    let kinds = [(estimate.pairs, "pairs"), (estimate.singles, "single answers")].filter { $0.0 > 0 }
    StandardError.write(
      "judging \(kinds.map { "\(NumberFormat.count($0)) \($1)" }.joined(separator: " and ")): "
        + "\(NumberFormat.count(estimate.calls)) calls, about \(NumberFormat.count(estimate.inputTokens)) input "
        + "tokens, \(cost)\(cap); \(NumberFormat.count(estimate.journalled)) verdicts are in the journal already\n")
    if estimate.pairs > 0, estimate.singles > 0 {
      StandardError.write(
        "ockham: warning: some answers are compared with the frontier's and others scored by themselves: the two kinds of quality "
          + "do not mean the same; --method pairwise or --rubric FILE keeps to one\n")
    }
    if estimate.withoutFrontier > 0 {
      StandardError.write(
        "ockham: warning: \(NumberFormat.count(estimate.withoutFrontier)) records have several answers and none of the frontier, so that "
          + "each is scored by itself; name the strongest with --frontier to have them compared\n")
    }
    if estimate.loneFrontiers > 0 {
      StandardError.write(
        "\(NumberFormat.count(estimate.loneFrontiers)) answers of the frontier stand alone and are left without a label\n"
      )
    }
  }
}

/// Keys of endpoints, by the names of variables that hold them; they are never printed.
enum EndpointKey {
  static func named(_ variable: String) throws -> String {
    guard let key = ProcessInfo.processInfo.environment[variable], !key.isEmpty else {
      // Anyone who gave the key itself must not find it in a log.
      let isName =
        variable.utf8.count <= 64 && variable.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }
      throw Failure(
        message: "--api-key-env: expected the name of an environment variable that holds a key, found "
          + (isName ? "\(variable), which holds none" : "another text") + "; export the key and name its variable",
        code: .validationFailure)
    }
    return key
  }
}

extension ChatEndpoint {
  /// Checks what `--request-timeout` asks for.
  static func validate(timeLimit seconds: Double) throws(ValidationError) {
    guard !timeLimits.contains(seconds) else { return }
    throw ValidationError(
      "--request-timeout: expected a number from \(Int(timeLimits.lowerBound)) to \(Int(timeLimits.upperBound)), found \(seconds)"
    )
  }
}
