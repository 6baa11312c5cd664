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
  /// The judge's endpoint refused for good.
  case endpointRefused(status: Int, calls: Int)
  /// The judge's endpoint failed again and again.
  case endpointFailed(reason: String, attempts: Int)
  /// The next call could cost more than is left.
  case budgetSpent(capUSD: Double, spentUSD: Double)
  /// The journal cannot be read or written, or another run holds it.
  case journal(path: String, reason: String)
  /// Someone asked to stop.
  case cancelled
}

extension LabelError: CustomStringConvertible {
  /// One line: what was expected and found, and what to do.
  package var description: String {
    switch self {
    case .log(let error): "\(error)"
    case .nothingLabelled(let path, let rejected):
      "\(path): expected at least one record that can be labelled, found none (\(SafeText.count(rejected)) rejected); "
        + "give outcomes an answer, and see the messages above"
    case .commandNotStarted(let program, let reason):
      "--command: cannot start \(program): \(reason); name a program that exists and may be run"
    case .temporaryFile(let reason): "cannot write an answer to a temporary file: \(reason); check TMPDIR and its space"
    case .badEndpoint(let expected, let found): "--endpoint: expected \(expected), found \(found); fix the address"
    default: judgeDescription
    }
  }

  private var judgeDescription: String {
    switch self {
    case .endpointRefused(let status, let calls):
      "the judge's endpoint answered with status \(status) after \(SafeText.count(calls)) calls, expected 200; "
        + (status == 401 || status == 403
          ? "check the key and what it may do" : "check --endpoint and --judge-model")
    case .endpointFailed(let reason, let attempts):
      "the judge's endpoint failed \(attempts) times in a row, last with \(reason); run again later: the journal keeps "
        + "what was paid for"
    case .budgetSpent(let cap, let spent):
      "stopped: the next call could exceed the cap of \(Self.usd(cap)) USD (\(Self.usd(spent)) spent, journal "
        + "included); raise --max-cost-usd and run again: the journal keeps what was paid for"
    case .journal(let path, let reason): "\(path): \(reason); name another journal with --journal"
    case .cancelled: "stopped; run again to go on: the journal keeps what was paid for"
    default: ""
    }
  }

  private static func usd(_ value: Double) -> String { "\((value * 1e4).rounded() / 1e4)" }

  /// The exit status of a command that ends with this error: 1 failure, 64 usage, 65 bad data, 66 missing input, 74
  /// I/O.
  package var exitStatus: Int32 {
    switch self {
    case .log(let error): error.exitStatus
    case .nothingLabelled: 65
    case .badEndpoint, .commandNotStarted: 64
    case .temporaryFile, .journal, .endpointFailed: 74
    case .endpointRefused, .budgetSpent: 1
    case .cancelled: 130
    }
  }
}
