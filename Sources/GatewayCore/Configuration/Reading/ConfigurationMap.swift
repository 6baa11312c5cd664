import Yams

/// A mapping of the file whose keys are known.
struct ConfigurationMap {
  let node: ConfigurationNode
  private let values: [String: ConfigurationNode]

  /// Keys that are there and may be `null` on purpose.
  let nulls: Set<String>

  /// Reads a mapping; reports keys that are not known, and secrets.
  init?(_ node: ConfigurationNode, keys: [String]) {
    guard let entries = node.entries(of: "a mapping with \(keys.joined(separator: ", "))") else { return nil }
    var values: [String: ConfigurationNode] = [:]
    var nulls: Set<String> = []
    for (key, value) in entries {
      guard keys.contains(key) else {
        Self.reportUnknown(key, value, keys)
        continue
      }
      if value.isNull { nulls.insert(key) } else { values[key] = value }
    }
    self.node = node
    self.values = values
    self.nulls = nulls
  }

  private static func reportUnknown(_ key: String, _ value: ConfigurationNode, _ keys: [String]) {
    if SecretText.fieldNames.contains(key.lowercased()) {
      value.report(
        expected: "no secret in the file", found: "a value under \"\(key)\"",
        remedy: "put the secret into an environment variable and name that: key_env: NAME")
    } else {
      value.report(
        expected: "a known key", found: SecretText.shown(key), remedy: Suggestion.remedy(for: key, among: keys))
    }
  }

  /// The value of a key; `nil` where it is absent or null.
  subscript(key: String) -> ConfigurationNode? { values[key] }

  /// The value of a key that must be there.
  func required(_ key: String, _ expected: String) -> ConfigurationNode? {
    if let value = values[key] { return value }
    node.report(expected: "\(key): \(expected)", found: "no \(key)", remedy: "add \(key)")
    return nil
  }

  /// Reads a value into its place, where it is there and right.
  func set<Value>(_ key: String, _ place: inout Value, read: (ConfigurationNode) -> Value?) {
    if let node = values[key], let value = read(node) { place = value }
  }

  /// Sets a place by a key, or by the key's former name, which is read with a warning for one version.
  func set<Value>(
    _ key: String, formerly former: String, _ place: inout Value, read: (ConfigurationNode) -> Value?
  ) {
    if let node = values[former] {
      node.report(.warning, expected: key, found: "\(former), its former name", remedy: "write \(key)")
      set(former, &place, read: read)
    }
    set(key, &place, read: read)
  }

  func set<Value>(_ key: String, _ place: inout Value?, read: (ConfigurationNode) -> Value?) {
    if let node = values[key], let value = read(node) { place = value }
  }
}

extension ConfigurationNode {
  /// A mapping with these keys only.
  func map(_ keys: String...) -> ConfigurationMap? { ConfigurationMap(self, keys: keys) }

  /// The entries of a mapping whose keys are names, in order. The path and the place of an entry are those of its key.
  func entries(of expected: String) -> [(key: String, value: ConfigurationNode)]? {
    guard let mapping = node.mapping else {
      report(expected: expected, remedy: "write key: value, one per line, indented alike")
      return nil
    }
    var entries: [(key: String, value: ConfigurationNode)] = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        report(
          expected: "names as keys", found: "a list or a mapping as a key", remedy: "write a name before the colon")
        continue
      }
      if name.first == YAMLDocument.maskPrefix { continue }
      let shown = SecretText.label(name)
      let child = path.isEmpty ? shown : "\(path).\(shown)"
      let isSecret = SecretText.fieldNames.contains(name.lowercased())
      entries.append((name, ConfigurationNode(node: value, path: child, problems: problems, isSecret: isSecret)))
    }
    return entries
  }
}
