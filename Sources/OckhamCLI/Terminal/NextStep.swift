import TextKit

/// What is usually done after a command: its last line, for people; programs that read JSON never see it.
enum NextStep {
  /// Where there are requests without answers.
  case ask(log: String)
  case label(log: String)
  /// - Parameter tiers: pairs of tier and model, where they are known.
  case train(log: String, tiers: [String] = [])
  /// After a sheet was written for people to rate.
  case rate(log: String, sheet: String)
  /// After models were asked.
  /// - Parameters:
  ///   - isDrawn: whether only a part of the records was asked: the others are no pairs.
  ///   - frontier: the strongest, where it is known.
  case judge(log: String, tiers: [String], isDrawn: Bool, frontier: String?)
  /// After a plan.
  case collect
  /// After a decision of the model that comes along.
  case trainOwn
  case calibrate(model: String, logs: [String])
  case evaluate(model: String, logs: [String])
  case route(model: String)
  /// After a goal that the rows cannot prove.
  case moreLabels(log: String)
  /// After a goal that rows cannot prove of which each knows every tier.
  case moreRequests(rows: Int, needed: Int?)
  /// After training on so few rows that no figure of the model means much.
  case moreRows(rows: Int)

  /// Fewer labelled rows than this are not worth a calibration.
  static let leastRows = 200
  /// So many labelled rows leave intervals that decide.
  static let comfortableRows = 2_000

  /// One line without its end: a command that can be copied, whatever the names in it.
  var line: String {
    switch self {
    case .ask(let log):
      "next: no answer is known yet: " + Self.command("collect", Self.named([log]), "--ask TIER=MODEL@URL --plan")
    case .label(let log):
      "next: qualities are still unknown: "
        + Self.command("label", Self.named([log]), "--output labelled.jsonl --method exact")
    case .train(let log, let tiers):
      "next: " + Self.command("train", Self.named([log]) + Self.flags(tiers), "--output router")
    case .rate(let log, let sheet):
      "next: fill in the column rating (0 bad … 1 good), then "
        + Self.command(
          "label", Self.named([log]), "--method ratings --ratings", SafeText.shell(sheet), "--output labelled.jsonl")
    case .judge(let log, let tiers, let isDrawn, let frontier):
      "next: "
        + Self.command(
          "label", Self.named([log]) + Self.flags(tiers), "--output labelled.jsonl --method",
          isDrawn ? "pairwise" : "judge", "--frontier",
          frontier.map(SafeText.shell) ?? "NAME",
          "--endpoint URL --judge-model MODEL --judge-price IN,OUT --max-cost-usd N")
    case .collect: "next: the same command with --output answers.jsonl --max-cost-usd N instead of --plan"
    case .trainOwn:
      "next: this model knows public benchmarks; for your traffic: ockham import FILE... --output log.jsonl"
    case .calibrate(let model, let logs):
      "next: " + Self.command("calibrate", "--model", SafeText.shell(model), Self.named(logs), "--target-quality 0.97")
    case .evaluate(let model, let logs):
      "next: " + Self.command("evaluate", "--model", SafeText.shell(model), Self.named(logs))
    case .route(let model):
      "next: " + Self.command("route", "--model", SafeText.shell(model), "\"a prompt\"")
        + ", or name the model in the gateway's configuration"
    case .moreRows(let rows):
      "next: more labelled rows: \(NumberFormat.count(rows)) are too few to conclude anything from; "
        + "a few hundred are a start, \(NumberFormat.count(Self.comfortableRows)) are comfortable"
    case .moreRequests(let rows, let needed):
      "next: add requests whose answers are rated: the log has \(NumberFormat.count(rows))"
        + (needed.map { ", about \(NumberFormat.count($0)) are needed" } ?? "") + "; or aim lower"
    case .moreLabels(let log):
      "next: " + Self.command("collect", Self.named([log]), "--ask TIER=MODEL@URL --plan") + ", for more labels"
    }
  }

  /// Says it on standard error.
  static func say(_ step: NextStep) { StandardError.write(step.line + "\n") }

  private static func flags(_ tiers: [String]) -> String { tiers.map { " --tier " + SafeText.shell($0) }.joined() }

  private static func command(_ words: String...) -> String { "ockham " + words.joined(separator: " ") }

  /// The logs of a command line; what came through a pipe has no name.
  private static func named(_ logs: [String]) -> String {
    logs.map { $0 == "-" ? "LOG" : SafeText.shell($0) }.joined(separator: " ")
  }
}
