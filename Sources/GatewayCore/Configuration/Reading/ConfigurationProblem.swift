/// One thing that is wrong, or doubtful, in the configuration file.
///
/// Holds no secret: values are quoted only where they look like names.
package struct ConfigurationProblem: Error, Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable {
    /// The configuration cannot be used.
    case error
    /// It can be used, but not all of it will work.
    case warning
  }

  package var severity: Severity

  /// The file's path, for messages.
  package var file = "configuration"

  /// Where in the file, as keys and indices: `tiers[0].targets[1].model`; empty for the whole file.
  package var path: String

  /// From 1; `nil` where the problem is not of one place.
  package var line: Int?
  package var column: Int?

  /// Noun phrases, and an imperative.
  package var expected: String
  package var found: String
  package var remedy: String

  package init(
    _ severity: Severity = .error, path: String, line: Int? = nil, column: Int? = nil, expected: String, found: String,
    remedy: String
  ) {
    self.severity = severity
    self.path = path
    self.line = line
    self.column = column
    self.expected = expected
    self.found = found
    self.remedy = remedy
  }

}

extension ConfigurationProblem: CustomStringConvertible {
  /// `gateway.yaml:12:5: error: tiers[0].name: expected …, found …; remedy`.
  package var description: String {
    let place = ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
    let field = path.isEmpty ? "" : path + ": "
    return "\(place): \(severity.rawValue): \(field)expected \(expected), found \(found); \(remedy)"
  }
}

/// Collects what is wrong while the file is read to its end, each problem once.
final class ProblemList {
  /// So many are told; one more says that there are more.
  static let maximumCount = 1000

  private(set) var problems: [ConfigurationProblem] = []
  private var seen: Set<ConfigurationProblem> = []
  private let file: String

  init(file: String) { self.file = file }

  func add(_ problem: ConfigurationProblem) {
    guard problems.count <= Self.maximumCount else { return }
    var problem = problem
    if problems.count == Self.maximumCount {
      problem = ConfigurationProblem(
        path: "", expected: "at most \(Self.maximumCount) problems", found: "more", remedy: "mend those first")
    }
    problem.file = file
    if seen.insert(problem).inserted { problems.append(problem) }
  }

  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// In the order of the file; those without a place last.
  var inOrder: [ConfigurationProblem] {
    problems.enumerated().sorted { left, right in
      let places = (left.element.place, right.element.place)
      return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
    }.map(\.element)
  }
}

extension ConfigurationProblem {
  fileprivate var place: Place { Place(line: line ?? .max, column: column ?? .max) }

  fileprivate struct Place: Comparable {
    var line: Int
    var column: Int

    static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
  }
}
