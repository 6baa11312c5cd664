/// The text that Prometheus scrapes: exposition format 0.0.4.
struct MetricsText {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  enum Kind: String { case counter, gauge }

  private(set) var text = ""

  /// Writes a counter or gauge. A family without labels is written even before anything was counted.
  mutating func append(_ family: MetricFamily<MetricCell>, _ kind: Kind) {
    if family.labels.isEmpty { _ = family.cell([]) }
    guard header(family.name, family.help, kind.rawValue, isEmpty: family.series.isEmpty) else { return }
    for (values, cell) in family.series {
      sample(family.name, Array(zip(family.labels, values)), cell.value)
    }
  }

  mutating func append(_ family: MetricFamily<HistogramCell>) {
    if family.labels.isEmpty { _ = family.cell([]) }
    guard header(family.name, family.help, "histogram", isEmpty: family.series.isEmpty) else { return }
    for (values, cell) in family.series {
      let labels = Array(zip(family.labels, values))
      let counts = cell.cumulativeCounts
      for (bound, count) in zip(cell.bounds + [.infinity], counts) {
        sample(family.name + "_bucket", labels + [("le", Self.number(bound))], count)
      }
      sample(family.name + "_sum", labels, cell.sum)
      sample(family.name + "_count", labels, counts.last ?? 0)
    }
  }

  /// Writes a number that is kept elsewhere.
  mutating func append(_ name: String, _ help: String, kind: Kind, value: Double) {
    _ = header(name, help, kind.rawValue, isEmpty: false)
    sample(name, [], value)
  }

  private mutating func header(_ name: String, _ help: String, _ kind: String, isEmpty: Bool) -> Bool {
    guard !isEmpty else { return false }
    text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind)\n"
    return true
  }

  private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    text += name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }.joined(separator: ",") + "}"
    }
    text += " \(Self.number(value))\n"
  }

  /// Backslashes and line feeds escaped, and double quotes in label values.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// Whole numbers without a fraction; else the shortest decimal that reads back as the same number.
  private static func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    if value == -.infinity { return "-Inf" }
    if value.isNaN { return "NaN" }
    return value.magnitude < 1e15 ? Int(exactly: value).map(String.init) ?? value.description : value.description
  }
}
