/// What ends a piece of work that was asked for rightly: where, what was expected, what was found, what to do.
package enum WorkflowError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A log, recipe, list or model that is there and cannot be used.
  case badData(String)
  /// A named file that is not there or cannot be read.
  case missingInput(String)
  /// Reading or writing that failed underway.
  case inputOutput(String)
  /// Arguments that do not go together.
  case usage(String)
  /// The work was done, and the answer is no.
  case refused(String)

  package var description: String {
    switch self {
    case .badData(let message), .missingInput(let message), .inputOutput(let message), .usage(let message),
      .refused(let message):
      message
    }
  }

  /// The exit status of a program that ends with this error, after sysexits.h.
  package var exitStatus: Int32 {
    switch self {
    case .refused: 1
    case .usage: 64
    case .badData: 65
    case .missingInput: 66
    case .inputOutput: 74
    }
  }
}
