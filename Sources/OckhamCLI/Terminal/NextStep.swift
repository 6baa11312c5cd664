import TextKit

/// What is usually done after a command: its last line, for people; programs that read JSON never see it.
enum NextStep {
  case label(log: String)
  case train(log: String)
  /// After a decision of the model that comes along.
  case trainOwn
  case calibrate(model: String, logs: [String])
  case evaluate(model: String, logs: [String])
  case route(model: String)

  /// One line without its end: a command that can be copied, whatever the names in it.
  var line: String {
    switch self {
    case .label(let log):
      "next: qualities are still unknown: "
        + Self.command("label", Self.named([log]), "--output labelled.jsonl --method exact")
    case .train(let log): "next: " + Self.command("train", Self.named([log]), "--output router")
    case .trainOwn:
      "next: this model knows public benchmarks; for your traffic: ockham import FILE... --output log.jsonl"
    case .calibrate(let model, let logs):
      "next: " + Self.command("calibrate", "--model", SafeText.shell(model), Self.named(logs), "--target-quality 0.97")
    case .evaluate(let model, let logs):
      "next: " + Self.command("evaluate", "--model", SafeText.shell(model), Self.named(logs))
    case .route(let model):
      "next: " + Self.command("route", "--model", SafeText.shell(model), "\"a prompt\"")
        + ", or name the model in the gateway's configuration"
    }
  }

  /// Says it on standard error.
  static func say(_ step: NextStep) { StandardError.write(step.line + "\n") }

  private static func command(_ words: String...) -> String { "ockham " + words.joined(separator: " ") }

  /// The logs of a command line; what came through a pipe has no name.
  private static func named(_ logs: [String]) -> String {
    logs.map { $0 == "-" ? "LOG" : SafeText.shell($0) }.joined(separator: " ")
  }
}
