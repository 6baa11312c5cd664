/// A record that was rejected, and where it stands.
package struct LogProblem: Error, Sendable, Hashable {
  /// The file, as it was named by the caller; `-` for standard input.
  package var path: String
  /// The line or row.
  package var position: LogPosition
  /// What is wrong.
  package var violation: RecordViolation

  /// Why the record cannot be used.
  package var reason: RejectionReason { violation.reason }
  /// The path of the field inside the record, if one is to blame.
  package var field: String? { violation.field }

  package init(path: String, position: LogPosition, violation: RecordViolation) {
    self.path = path
    self.position = position
    self.violation = violation
  }
}

extension LogProblem: CustomStringConvertible {
  /// One line such as `log.jsonl:17: outcomes["a"].quality: expected a number from 0 to 1, found 1.5; fix …`.
  package var description: String { "\(path):\(position): \(violation)" }
}

/// Where a record stands in its log.
package enum LogPosition: Sendable, Hashable, CustomStringConvertible {
  /// A line of a text file, from 1; blank lines count.
  case line(Int)
  /// A row of `requests`, by its rowid.
  case row(Int64)

  /// `17` for a line, as compilers print it; `row 17` for a row.
  package var description: String {
    switch self {
    case .line(let number): "\(number)"
    case .row(let number): "row \(number)"
    }
  }

  /// The number that default ids end in.
  var number: Int64 {
    switch self {
    case .line(let number): Int64(number)
    case .row(let number): number
    }
  }

  /// Another place of the same log.
  func with(number: Int64) -> LogPosition {
    switch self {
    case .line: .line(Int(number))
    case .row: .row(number)
    }
  }

  /// `line 17` or `row 17`, for running text.
  var phrase: String {
    switch self {
    case .line(let number): "line \(number)"
    case .row(let number): "row \(number)"
    }
  }
}
