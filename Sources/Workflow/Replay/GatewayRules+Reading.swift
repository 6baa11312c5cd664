import Ockham
import TextKit
import Yams

/// Reads `tiers`, `rules` and the policy `default` of a gateway's configuration; the rest is the gateway's alone.
extension GatewayRules {
  /// - Parameters:
  ///   - path: the configuration, YAML.
  ///   - tiers: the names of the tiers that are replayed, cheapest first.
  /// - Throws: ``WorkflowError`` for a file that is not there, is no YAML, or says what no gateway would take.
  package init(path: String, tiers names: [String]) throws(WorkflowError) {
    let data = try NamedFile(path, kind: "configuration").data
    self.init(tierCount: names.count)
    let place = Place(path: path, tiers: names)
    let root: Node
    do { root = try compose(yaml: String(decoding: data, as: UTF8.self)) ?? Node([(Node, Node)]()) } catch {
      throw place.error(
        "", expected: "a YAML file", found: "another text", remedy: "check it with ockham-gateway --check")
    }
    try readTiers(root["tiers"], place)
    try readPolicy(root["policies"]?["default"], place)
    for (index, node) in (root["rules"]?.array() ?? []).enumerated() { try readRule(node, index, place) }
  }

  private mutating func readTiers(_ node: Node?, _ place: Place) throws(WorkflowError) {
    var entries: [(name: String, node: Node)] = []
    for (key, value) in node?.mapping.map(Array.init) ?? [] { entries.append((key.string ?? "", value)) }
    for value in node?.array() ?? [] { entries.append((value["name"]?.string ?? "", value)) }
    let known = entries.map(\.name)
    guard known.filter(place.tiers.contains) == place.tiers else {
      throw place.error(
        "tiers", expected: "the tiers \(SafeText.names(place.tiers)), in this order",
        found: known.isEmpty ? "none" : SafeText.names(known),
        remedy: "name the configuration that the candidate is to serve with")
    }
    for (tier, name) in place.tiers.enumerated() {
      guard let entry = entries.first(where: { $0.name == name })?.node else { continue }
      place.targets[tier] = Set((entry["targets"]?.array() ?? []).compactMap(Place.targetName))
      policy.tiers[tier].contextTokens = entry["context_tokens"]?.int
      for (key, capability) in [("tools", Capabilities.tools), ("json", .json), ("images", .images)]
      where entry[key]?.bool == false { policy.tiers[tier].capabilities.remove(capability) }
    }
  }

  private mutating func readPolicy(_ node: Node?, _ place: Place) throws(WorkflowError) {
    for (key, value) in node?.mapping.map(Array.init) ?? [] {
      switch key.string ?? "" {
      case "thresholds":
        let (written, steps) = (value.array(), value.array(of: Double.self).map(Float.init).filter(\.isFinite))
        guard steps.count == place.tiers.count - 1, written.count == steps.count else {
          throw place.error(
            "policies.default.thresholds", expected: "\(place.tiers.count - 1) numbers",
            found: written.count == steps.count ? "\(steps.count)" : "\(steps.count) of \(written.count) values",
            remedy: "write the least gain that pays for each step")
        }
        thresholds = Thresholds(increments: steps)
      case "pins":
        for (task, tiers) in value.mapping.map(Array.init) ?? [] {
          guard let kind = TaskKind(name: task.string ?? "") else {
            throw place.error(
              "policies.default.pins", expected: "kinds of task among \(SafeText.names(TaskKind.allCases.map(\.name)))",
              found: SafeText.label(task.string ?? ""), remedy: "check the spelling")
          }
          policy.taskPins[kind] = try place.named(tiers, "policies.default.pins")
        }
      case "exploration", "": break
      case let other:
        notes.append("policies.default.\(SafeText.name(other)) of the configuration is not replayed.")
      }
    }
  }

  private mutating func readRule(_ node: Node, _ index: Int, _ place: Place) throws(WorkflowError) {
    guard let action = node["then"]?.mapping?.first, let key = action.key.string else {
      throw place.error("rules[\(index)].then", expected: "what the rule does", found: "nothing", remedy: "add then")
    }
    let field = "rules[\(index)].then.\(SafeText.name(key))"
    let all = TierSet(below: place.tiers.count)
    let made: Rule.Action
    switch key {
    case "tier": made = .pin(try place.named(action.value, field))
    case "target": made = place.tier(ofTarget: action.value.string ?? "").map { .pin(TierSet(only: $0)) } ?? .unknown
    case "forbid": made = .only(all.subtracting(try place.named(action.value, field)))
    case "at_least": made = .only(all.intersection(TierSet(from: try place.named(action.value, field).first ?? 0)))
    case "at_most":
      made = .only(TierSet(below: (try place.named(action.value, field).first ?? 0) + 1))
    case "policy": made = action.value.string == "default" ? .only(all) : .unknown
    default:
      throw place.error(
        field, expected: "one of tier, target, forbid, at_least, at_most, policy", found: "another key",
        remedy: "check the spelling")
    }
    let conditions = node["when"]?.mapping.map(Array.init) ?? []
    rules.append(
      Rule(
        name: node["name"]?.string ?? "rule \(index + 1)",
        conditions: try conditions.map { key, value throws(WorkflowError) in
          try Self.condition(key.string ?? "", value, "rules[\(index)].when", place)
        }, action: made))
  }

  private static func condition(
    _ key: String, _ value: Node, _ field: String, _ place: Place
  ) throws(WorkflowError) -> Rule.Condition {
    switch key {
    case "text_bytes": return .textBytes(try place.range(value, "\(field).text_bytes"))
    case "turns": return .turns(try place.range(value, "\(field).turns"))
    case "keys": return .keys(Set(Place.texts(value)))
    case "tasks": return .tasks(Set(Place.texts(value)))
    case "tools": if let wanted = value.bool { return .tools(wanted) }
    case "images": if let wanted = value.bool { return .images(wanted) }
    case "headers", "languages", "keywords", "share": return .unknown
    default:
      throw place.error(
        "\(field).\(SafeText.name(key))", expected: "a condition that gateways know", found: "another key",
        remedy: "check the spelling")
    }
    throw place.error(
      "\(field).\(SafeText.name(key))", expected: "true or false", found: "another value", remedy: "fix it")
  }
}

/// Where something stands in a configuration, and the names that it may use.
private final class Place {
  let path: String
  let tiers: [String]
  /// The names of each tier's targets [T].
  var targets: [Set<String>]

  init(path: String, tiers: [String]) {
    (self.path, self.tiers) = (path, tiers)
    targets = [Set<String>](repeating: [], count: tiers.count)
  }

  func error(_ field: String, expected: String, found: String, remedy: String) -> WorkflowError {
    .badData(
      "\(SafeText.name(path, limit: 400)): \(field.isEmpty ? "" : field + ": ")expected \(expected), found \(found); \(remedy)"
    )
  }

  /// The tiers that a name or a list of names stands for.
  func named(_ node: Node, _ field: String) throws(WorkflowError) -> TierSet {
    var found: TierSet = []
    for name in Self.texts(node) {
      guard let tier = tiers.firstIndex(of: name) else {
        throw error(
          field, expected: "tiers among \(SafeText.names(tiers))", found: SafeText.label(name),
          remedy: "check the spelling")
      }
      found.insert(tier)
    }
    guard !found.isEmpty else { throw error(field, expected: "the name of a tier", found: "none", remedy: "add one") }
    return found
  }

  func range(_ node: Node, _ field: String) throws(WorkflowError) -> ClosedRange<Int> {
    if let number = node.int, number >= 0 { return number...number }
    var ends = ["min": 0, "max": Int.max]
    for (key, value) in node.mapping.map(Array.init) ?? [] {
      // What is no end, or no number, would leave the rule wider than it says.
      guard let name = key.string, ends[name] != nil else {
        throw error(
          field, expected: "min and max", found: SafeText.label(key.string ?? ""), remedy: "check the spelling")
      }
      ends[name] = value.int ?? -1
    }
    let (least, greatest) = (ends["min"] ?? 0, ends["max"] ?? .max)
    guard node.mapping != nil, least >= 0, least <= greatest else {
      throw error(field, expected: "a number, or min and max", found: "another value", remedy: "fix it")
    }
    return least...greatest
  }

  func tier(ofTarget name: String) -> Int? { targets.firstIndex { $0.contains(name) } }

  static func texts(_ node: Node) -> [String] {
    node.sequence == nil ? [node.string].compactMap(\.self) : node.array().compactMap(\.string)
  }

  /// `provider/model`, or the name that a mapping gives.
  static func targetName(_ node: Node) -> String? {
    if let text = node.string { return text }
    if let name = node["name"]?.string { return name }
    guard let provider = node["provider"]?.string, let model = node["model"]?.string else { return nil }
    return "\(provider)/\(model)"
  }
}
