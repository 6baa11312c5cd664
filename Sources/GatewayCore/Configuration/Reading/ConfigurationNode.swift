import Yams

/// A value of the file, its path, and where to report what is wrong with it.
///
/// Every reader returns `nil` after it has reported, so that reading goes on to the end of the file.
struct ConfigurationNode {
  let node: Node
  let path: String
  let problems: ProblemList
  /// It stands where people write secrets, so that no message quotes it.
  var isSecret = false

  /// Reports the value.
  func report(
    _ severity: ConfigurationProblem.Severity = .error, expected: String, found: String? = nil, remedy: String
  ) {
    problems.add(
      ConfigurationProblem(
        severity, path: path, line: node.mark?.line, column: node.mark?.column, expected: expected,
        found: found ?? self.found, remedy: remedy))
  }

  /// What stands there, for messages.
  var found: String {
    switch node {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    case .scalar(let scalar):
      isNull ? "nothing" : isSecret ? SecretText.length(scalar.string) : SecretText.shown(scalar.string)
    }
  }

  /// Whether the value is left out: `null`, `~`, or nothing after the colon.
  var isNull: Bool { plain.map { ["", "~", "null", "Null", "NULL"].contains($0) } ?? false }

  /// The text of a scalar that is written without quotes.
  private var plain: String? {
    guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return nil }
    return scalar.string
  }

  /// A text that is not empty. A number or a boolean counts as the text that is written.
  func text(_ expected: String = "a string") -> String? {
    guard let scalar = node.scalar, !isNull, !scalar.string.isEmpty else {
      report(expected: expected, remedy: "write \(expected)")
      return nil
    }
    return scalar.string
  }

  /// `true` or `false`; the other spellings of YAML 1.1 are refused, as readers disagree about them.
  func boolean() -> Bool? {
    switch plain {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default:
      report(expected: "true or false", remedy: "write true or false, without quotes")
      return nil
    }
  }

  /// An integer in a range; underscores may group its digits.
  func integer(in range: ClosedRange<Int>) -> Int? {
    let expected = "an integer \(Self.words(range))"
    guard let value = plain.flatMap({ Int($0.filter { $0 != "_" }) }), range.contains(value) else {
      report(expected: expected, remedy: "write \(expected)")
      return nil
    }
    return value
  }

  /// A finite number in a range.
  func number(in range: ClosedRange<Double>) -> Double? {
    let expected = "a number \(Self.words(range))"
    let text = plain?.filter { $0 != "_" }
    guard let value = text.flatMap(Self.decimal), range.contains(value) else {
      report(expected: expected, remedy: "write \(expected)")
      return nil
    }
    return value
  }

  /// One of the raw values of an enumeration.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> Choice? {
    guard let text = text("one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))") else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    report(
      expected: "one of \(names.joined(separator: ", "))", remedy: Suggestion.remedy(for: text, among: names))
    return nil
  }

  /// The elements of a list.
  func list() -> [ConfigurationNode]? {
    guard let sequence = node.sequence else {
      report(expected: "a list", remedy: "write a list: one line per element that begins with -, or [a, b]")
      return nil
    }
    return sequence.enumerated().map {
      ConfigurationNode(node: $1, path: "\(path)[\($0)]", problems: problems, isSecret: isSecret)
    }
  }

  /// The elements of a list, or a single value as a list of one.
  func oneOrMore() -> [ConfigurationNode] {
    node.sequence == nil ? [self] : list() ?? []
  }

  /// The texts of a list, or a single one. Elements that are no text are reported and left out.
  func texts(_ expected: String = "a string") -> [String] { oneOrMore().compactMap { $0.text(expected) } }

  private static func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (0x2B...0x39).contains($0) || $0 | 0x20 == UInt8(ascii: "e") }) else { return nil }
    return Double(text)
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
  }

  private static func words(_ range: ClosedRange<Double>) -> String {
    let (lower, upper) = (short(range.lowerBound), short(range.upperBound))
    if range.upperBound == .greatestFiniteMagnitude {
      return range.lowerBound == .leastNonzeroMagnitude ? "above 0" : "of at least \(lower)"
    }
    return range.lowerBound == .leastNonzeroMagnitude ? "above 0 and at most \(upper)" : "from \(lower) to \(upper)"
  }

  private static func short(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}

extension ClosedRange<Double> {
  /// Above 0.
  static var positive: Self { .leastNonzeroMagnitude ... .greatestFiniteMagnitude }
  /// 0 and more.
  static var notNegative: Self { 0 ... .greatestFiniteMagnitude }
}
