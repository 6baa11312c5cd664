import Foundation

/// A program of the operator's own, and how it may run: without a shell, in a process group of its own, for so long, with
/// what a program needs of the environment and what is named, and nothing else.
package struct Program: Sendable, Hashable {
  /// The program and its arguments: at least one.
  package let arguments: [String]

  /// The longest that one run may take.
  package let timeLimitSeconds: Double

  /// Variables of the environment that it gets beside ``usualVariables``.
  package let variables: [String]

  /// What every program gets of the environment, where it is set.
  package static let usualVariables = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
  ]

  /// `nil` without a program, or with a limit that is not above 0.
  package init?(arguments: [String], timeLimitSeconds: Double, variables: [String] = []) {
    guard arguments.first?.isEmpty == false, timeLimitSeconds > 0, timeLimitSeconds.isFinite else { return nil }
    self.arguments = arguments
    self.timeLimitSeconds = timeLimitSeconds
    self.variables = variables
  }

  /// How a run ended.
  package enum Ending: Sendable, Hashable {
    case passed
    /// Another exit status, or a signal's number below 0.
    case failed(status: Int32)
    case timedOut
  }

  /// Runs it, and waits.
  ///
  /// - Parameters:
  ///   - words: the arguments, where they are others than ``arguments``.
  ///   - maximumOutputBytes: how much of what it prints is kept; a run that prints more is ended. 0 drops all of it, which
  ///     may then be of any length.
  /// - Returns: how it ended, and what it printed; `nil` where that was more than was asked for.
  /// - Throws: ``ProgramNotStarted``.
  package func run(
    _ words: [String]? = nil, maximumOutputBytes: Int = 0
  ) throws(ProgramNotStarted) -> (ending: Ending, output: [UInt8]?) {
    let child = try ChildProcess(
      words ?? arguments, environment: environment, printsBack: maximumOutputBytes > 0)
    return child.wait(seconds: timeLimitSeconds, maximumOutputBytes: maximumOutputBytes)
  }

  private var environment: [String] {
    let names = Set(Self.usualVariables + variables)
    return ProcessInfo.processInfo.environment.filter { names.contains($0.key) }.map { "\($0)=\($1)" }.sorted()
  }
}

/// A program that is not there, or may not be run.
package struct ProgramNotStarted: Error, Sendable, Hashable {
  package let program: String
  package let reason: String
}
