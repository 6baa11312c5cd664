package import Judging
package import RequestLog
import TextKit

/// What ends labelling. Records that are merely bad are ``RequestLog/LogProblem``s, and are counted.
package enum LabelError: Error, Sendable, Hashable {
  /// Reading or writing the log failed, or a bad record was met in strict reading.
  case log(LogError)
  /// No record could be labelled.
  case nothingLabelled(path: String, rejected: Int)
  /// The unit-test command cannot be started.
  case commandNotStarted(program: String, reason: String)
  /// A temporary file for an answer cannot be written.
  case temporaryFile(reason: String)
  /// The endpoint's address cannot be used.
  case badEndpoint(expected: String, found: String)
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
    case .nothingLabelled(let path, let rejected):
      "\(path): expected at least one record that can be labelled, found none (\(NumberFormat.count(rejected)) rejected); "
        + "give outcomes an answer, and see the messages above"
    case .commandNotStarted(let program, let reason):
      "--command: cannot start \(program): \(reason); name a program that exists and may be run"
    case .temporaryFile(let reason): "cannot write an answer to a temporary file: \(reason); check TMPDIR and its space"
    case .badEndpoint(let expected, let found): "--endpoint: expected \(expected), found \(found); fix the address"
    case .judge(let error): "\(error); \(Self.remedy(error))"
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
    case .badEndpoint, .commandNotStarted: 64
    case .temporaryFile, .judge(.journal), .judge(.endpointFailed): 74
    case .judge(.endpointRefused), .judge(.budgetSpent): 1
    case .cancelled, .judge(.cancelled): 130
    }
  }
}
