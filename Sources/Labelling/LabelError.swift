package import Judging
package import RequestLog
import TextKit

/// What ends labelling. Records that are merely bad are ``RequestLog/LogProblem``s, and are counted.
package enum LabelError: Error, Sendable, Hashable {
  /// Reading or writing the log failed, or a bad record was met in strict reading.
  case log(LogError)
  /// No answer could be labelled.
  case nothingLabelled(path: String, rejected: Int, problems: [LogProblem] = [])
  /// The unit-test command cannot be started.
  case commandNotStarted(program: String, reason: String)
  /// A temporary file for an answer cannot be written.
  case temporaryFile(reason: String)
  /// The endpoint's address cannot be used.
  case badEndpoint(option: String, expected: String, found: String)
  /// The judge would judge answers of its own model or family.
  case ownArm(judge: String, arm: String)
  /// A file of ratings cannot be used.
  case ratings(path: String, line: Int?, expected: String, found: String, remedy: String)
  /// The endpoint of a tier that is asked for answers cannot be used any longer.
  case target(tier: String, JudgeError)
  /// The judge cannot go on.
  case judge(JudgeError)
  /// Someone asked to stop.
  case cancelled

  /// What ends judging ends labelling.
  init(_ error: JudgeError) { self = error == .cancelled ? .cancelled : .judge(error) }
}

extension LabelError: CustomStringConvertible {
  /// One line: what was expected and found, and what to do.
  package var description: String {
    switch self {
    case .log(let error): "\(error)"
    case .nothingLabelled(let path, let rejected, let problems):
      "\(path): expected at least one record that can be labelled, found none (\(NumberFormat.count(rejected)) rejected); "
        + "give outcomes an answer" + problems.map { "\n\($0)" }.joined()
    case .commandNotStarted(let program, let reason):
      "--command: cannot start \(program): \(reason); name a program that exists and may be run"
    case .temporaryFile(let reason): "cannot write an answer to a temporary file: \(reason); check TMPDIR and its space"
    case .badEndpoint(let option, let expected, let found):
      "\(option): expected \(expected), found \(found); fix the address"
    case .ownArm(let judge, let arm):
      "--judge-model: expected a model of another family than those it judges, found \(SafeText.label(judge)) and answers of "
        + "\(SafeText.label(arm)); name another judge: models favour answers of their own"
    case .ratings(let path, let line, let expected, let found, let remedy):
      "\(path)\(line.map { ":\($0)" } ?? ""): expected \(expected), found \(found); \(remedy)"
    case .judge(.journal(let path, let reason)):
      "\(path): \(reason); \(Self.remedy(.journal(path: path, reason: reason)))"
    case .judge(let error): "the judge: \(error); \(Self.remedy(error))"
    case .target(let tier, .endpointRefused(let status, let calls)):
      "--ask \(SafeText.label(tier)): \(JudgeError.endpointRefused(status: status, calls: calls)); "
        + ([401, 403].contains(status) ? "check the key and what it may do" : "check the address and the model's name")
    case .target(let tier, let error): "--ask \(SafeText.label(tier)): \(error); \(Self.remedy(error))"
    case .cancelled: "\(JudgeError.cancelled); \(Self.remedy(.cancelled))"
    }
  }

  private static func remedy(_ error: JudgeError) -> String {
    switch error {
    case .endpointRefused(401, _), .endpointRefused(403, _): "check the key and what it may do"
    case .endpointRefused: "check --endpoint and --judge-model"
    case .endpointFailed: "run again later: the journal keeps what was paid for"
    case .budgetSpent: "raise --max-cost-usd and run again: the journal keeps what was paid for"
    case .journal: "name another journal with --journal"
    case .cancelled: "run again to go on: the journal keeps what was paid for"
    }
  }

  /// The exit status of a command that ends with this error: 1 failure, 64 usage, 65 bad data, 66 missing input, 74
  /// I/O.
  package var exitStatus: Int32 {
    switch self {
    case .log(let error): error.exitStatus
    case .nothingLabelled: 65
    case .badEndpoint, .commandNotStarted, .ownArm: 64
    case .ratings: 65
    case .temporaryFile: 74
    case .cancelled: 130
    case .judge(let error), .target(_, let error): Self.exitStatus(error)
    }
  }

  private static func exitStatus(_ error: JudgeError) -> Int32 {
    switch error {
    case .journal, .endpointFailed: 74
    case .endpointRefused, .budgetSpent: 1
    case .cancelled: 130
    }
  }
}
