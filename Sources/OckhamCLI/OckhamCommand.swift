import ArgumentParser
import Ockham

/// The command line: one file per command below `Commands/`.
@main
struct OckhamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ockham",
    abstract: "Sends each LLM request to the cheapest tier that will get it right, and proves it on your own log.",
    discussion: """
      A first round, from a labelled log to a routed prompt:

        ockham train log.jsonl --output router \\
          --tier small=gpt-4o-mini --tier frontier=gpt-4o
        ockham calibrate --model router log.jsonl --target-quality 0.97
        ockham evaluate --model router log.jsonl
        ockham route --model router "Which city is named in this mail? …"

      Exit codes: 0 done, 1 failure, 64 usage, 65 bad data, 66 missing input, 74 input or output error.
      """,
    version: OckhamVersion.text,
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, CalibrateCommand.self, RouteCommand.self, InspectCommand.self,
      CompareCommand.self, ReplayCommand.self, PromoteCommand.self, DriftCommand.self, ReportCommand.self,
      VerifyCommand.self,
      ImportCommand.self, CollectCommand.self, LabelCommand.self,
    ])
}

extension OckhamCommand {
  /// Says what an error has to say: help on standard output, which must take it; else a hint at what was mistyped.
  private static func told(_ error: any Error, about arguments: [String]) -> any Error {
    let code = exitCode(for: error)
    if code == .success {
      do { try StandardOutput.write(fullMessage(for: error), as: .page) } catch {
        StandardError.write("ockham: error: \(error.message)\n")
        return error.code
      }
      return code
    }
    if code == .validationFailure, let correction = Correction(arguments, of: Self.self) {
      StandardError.write("ockham: \(correction.sentence)\n")
    }
    return error
  }

  /// Runs the command that the arguments name; a mistyped one is told what it was probably meant to be.
  static func main() {
    MemoryLimit.dropUnusedThreads()
    StandardStreams.prepare()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if let unknown = Correction.unknownTopic(arguments, of: Self.self) { throw ValidationError(unknown) }
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      exit(withError: told(error, about: arguments))
    }
  }
}
