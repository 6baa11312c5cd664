import ArgumentParser
import Evaluation
import Ockham
import RequestLog

/// `ockham compare`: two models on the same rows.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two models on one labelled log, with a paired interval of the difference.",
    discussion: """
      Example:

        ockham compare router router-candidate log.jsonl
      """)

  @Argument(help: "The first model.", completion: .file())
  var first: String

  @Argument(help: "The second model.", completion: .file())
  var second: String

  @OptionGroup var input: LogArguments
  @OptionGroup var tierArguments: TierArguments

  func run() throws {
    try Failure.report {
      print("not built")
    }
  }
}
