import ChatProtocols
import TextKit

extension ConfigurationReader {
  /// What a request cannot be without.
  private static let fixed: Set<String> = ["model", "messages", "stream", "contents", "system", "input"]

  /// Reads `parameters` of a target: `drop`, `rename`, `clamp`, `forbid`.
  static func parameterRules(_ node: ConfigurationNode) -> ParameterRules? {
    guard let map = node.map("drop", "rename", "clamp", "forbid") else { return nil }
    var rules = ParameterRules()
    if let node = map["drop"] { rules.drop = node.oneOrMore().compactMap(parameter) }
    if let node = map["forbid"] { rules.forbid = node.oneOrMore().compactMap(parameter) }
    for (name, value) in map["rename"]?.entries(of: "a mapping of names to names") ?? [] where isParameter(name, value)
    {
      if let other = parameter(value) { rules.rename[name] = other }
    }
    for (name, value) in map["clamp"]?.entries(of: "a mapping of names to [least, most]") ?? []
    where isParameter(name, value) {
      if let range = range(value) { rules.clamp[name] = range }
    }
    reportTwofold(rules, map)
    return rules
  }

  /// Reads `supports` of a target.
  static func support(_ node: ConfigurationNode) -> ModelSupport? {
    guard let map = ConfigurationMap(node, keys: ModelSupport.names.map(\.name)) else { return nil }
    var support = ModelSupport()
    for (name, path) in ModelSupport.names { map.set(name, &support[keyPath: path]) { $0.boolean() } }
    return support
  }

  private static func parameter(_ node: ConfigurationNode) -> String? {
    guard let name = node.text("the name of a parameter"), isParameter(name, node) else { return nil }
    return name
  }

  private static func isParameter(_ name: String, _ node: ConfigurationNode) -> Bool {
    let isName =
      !name.isEmpty && name.utf8.count <= 64
      && name.utf8.allSatisfy { byte in
        byte.isDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
    guard isName else {
      node.report(
        expected: "the name of a parameter", found: SecretText.shown(name),
        remedy: "write letters, digits and _, and dots for a path such as generationConfig.seed")
      return false
    }
    guard !fixed.contains(name) else {
      node.report(
        expected: "a parameter that a request can be without", found: SecretText.shown(name), remedy: "remove it")
      return false
    }
    return true
  }

  private static func range(_ node: ConfigurationNode) -> ClosedRange<Double>? {
    let expected = "[least, most]"
    guard let bounds = node.list() else { return nil }
    let numbers = bounds.compactMap { $0.number(in: -Double.greatestFiniteMagnitude ... .greatestFiniteMagnitude) }
    guard numbers.count == bounds.count else { return nil }
    guard numbers.count == 2, numbers[0] <= numbers[1] else {
      node.report(expected: expected, remedy: "write two numbers, the smaller first: [0, 1]")
      return nil
    }
    return numbers[0]...numbers[1]
  }

  /// One parameter can have one rule.
  private static func reportTwofold(_ rules: ParameterRules, _ map: ConfigurationMap) {
    var seen: Set<String> = []
    for name in rules.drop + rules.forbid + rules.rename.keys.sorted() + rules.clamp.keys.sorted()
    where !seen.insert(name).inserted {
      map.node.report(
        expected: "one rule for a parameter", found: "two for \(SecretText.shown(name))",
        remedy: "keep it under one of drop, rename, clamp, forbid")
    }
  }
}
