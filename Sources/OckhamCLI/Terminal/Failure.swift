import ArgumentParser
import Evaluation
import Foundation
import Labelling
import ModelFiles
import Ockham
import OckhamTraining
import Registry
import RequestLog
import Workflow

/// What ends a command: a message for the person and an exit code for the script.
struct Failure: Error, CustomStringConvertible {
  let message: String
  let code: ExitCode
  var description: String { message }

  /// Bad data: a log, recipe or model that is there but cannot be used.
  static func badData(_ message: String) -> Failure { Failure(message: message, code: ExitCode(65)) }
  /// A named file is not there or cannot be read.
  static func missingInput(_ message: String) -> Failure { Failure(message: message, code: ExitCode(66)) }
  /// Reading or writing failed underway.
  static func inputOutput(_ message: String) -> Failure { Failure(message: message, code: ExitCode(74)) }
  /// The command did what it could, and the answer is no.
  static func refused(_ message: String) -> Failure { Failure(message: message, code: ExitCode(1)) }

  /// Refuses an output that is one of the inputs: writing it would destroy what is being read.
  static func check(output: String?, differsFrom inputs: [String]) throws {
    guard let output else { return }
    func place(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path }
    guard inputs.contains(where: { $0 != "-" && place($0) == place(output) }) else { return }
    throw Failure(
      message: "--output \(output): expected another file than the input; writing it would destroy the input",
      code: .validationFailure)
  }

  /// Turns any error of a library into a failure with the right code.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as WorkflowError: self.init(message: "\(error)", code: ExitCode(error.exitStatus))
    case let error as LogScorer.NothingToScore: self.init(error.reason)
    case let error as LogError: self.init(message: "\(error)", code: ExitCode(error.exitStatus))
    case let error as ImportError: self.init(message: "\(error)", code: ExitCode(error.exitStatus))
    case let error as LabelError: self.init(message: "\(error)", code: ExitCode(error.exitStatus))
    case let error as ModelLocationError: self.init(message: "\(error)", code: ExitCode(66))
    case let error as FolderLockError: self.init(message: "\(error)", code: ExitCode(74))
    case let error as RegistryError: self.init(message: "\(error)", code: ExitCode(error.exitStatus))
    case let error as FileWriteError: self.init(message: "\(error)", code: ExitCode(74))
    case let error as TierMapError where error.isUsage: self.init(message: "\(error)", code: .validationFailure)
    case EvaluationError.unknownTier, EvaluationError.samePair, EvaluationError.option, PriceListError.unknownTier:
      self.init(message: "\(error)", code: .validationFailure)
    case TrainingError.memory: self.init(message: "\(error)", code: .failure)
    case TrainingError.cancelled: self.init(message: "\(error)", code: ExitCode(130))
    default: self.init(message: "\(error)", code: ExitCode(65))
    }
  }

  init(message: String, code: ExitCode) {
    self.message = message
    self.code = code
  }

  /// Runs a body that scores a log; where there was nothing to score, what reading found is told before it fails.
  static func reportingLog<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as LogScorer.NothingToScore {
      error.summary.reportProblems()
      throw error
    }
  }

  /// Runs a command's body; prints a failure to standard error and exits with its code.
  static func report(_ body: () throws -> Void) throws {
    do { try body() } catch let code as ExitCode { throw code } catch let error as CleanExit { throw error } catch let
      error as ValidationError
    { throw error } catch {
      let failure = Failure(error)
      StandardError.write("ockham: error: \(failure.message)\n")
      throw failure.code
    }
  }
}

extension TierMapError {
  /// Whether the flags are to blame, not the log.
  fileprivate var isUsage: Bool {
    switch self {
    case .unmapped, .noOutcomes: false
    default: true
    }
  }
}
