import TextKit
import Yams

/// A mapping of LiteLLM's configuration. Its values are read leniently: LiteLLM takes numbers as texts and the reverse.
struct LiteLLMMapping {
  private let values: [(key: String, node: Node)]

  init(_ node: Node?) {
    values = (node?.mapping ?? [:]).compactMap { key, value in
      guard let name = key.scalar?.string, !Self.isNull(value) else { return nil }
      return (name, value)
    }
  }

  var keys: [String] { values.map(\.key) }

  subscript(key: String) -> Node? { values.last { $0.key == key }?.node }

  /// The text of a value, as it is written or as the variable that it names.
  func setting(_ keys: String...) -> LiteLLMSetting? {
    keys.lazy.compactMap { self[$0]?.scalar?.string }.first.map(LiteLLMSetting.init)
  }

  func number(_ keys: String...) -> Double? {
    keys.lazy.compactMap { self[$0]?.scalar?.string }.compactMap(Double.init).first { $0.isFinite && $0 >= 0 }
  }

  private static func isNull(_ node: Node) -> Bool {
    guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
    return ["", "~", "null", "Null", "NULL", "None"].contains(scalar.string)
  }
}

/// A text of LiteLLM's configuration: `os.environ/NAME` stands for a variable.
enum LiteLLMSetting: Hashable {
  case text(String)
  case variable(String)

  init(_ text: String) {
    self = text.hasPrefix("os.environ/") ? .variable(String(text.dropFirst("os.environ/".count))) : .text(text)
  }

  /// The text itself; of a variable, what it holds now.
  func value(_ environment: (String) -> String?) -> String? {
    switch self {
    case .text(let text): text
    case .variable(let name): environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
  }
}

/// What could not be carried over, each once, in order.
final class LiteLLMNotes {
  private(set) var all: [String] = []

  func add(_ note: String) {
    if !all.contains(note) { all.append(note) }
  }

  /// A name of the file, safe to show.
  static func shown(_ name: String) -> String {
    SecretText.looksLikeOne(name) ? "a string of \(name.utf8.count) bytes" : SafeText.label(name, maximumBytes: 80)
  }
}
