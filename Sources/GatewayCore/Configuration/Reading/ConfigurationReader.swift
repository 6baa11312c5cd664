/// Builds a configuration from the file's tree.
///
/// Names are resolved as they are read: providers and tiers come before policies, rules and keys, whatever their order in
/// the file.
struct ConfigurationReader {
  let problems: ProblemList
  var configuration = GatewayConfiguration()

  /// The variables that the file names, with the places where it does.
  var variables: [(name: String, node: ConfigurationNode, use: String)] = []

  /// The places of targets and tiers, by name, to report names that stand twice.
  var targetNames: Set<String> = []
  var tierNames: [String] { configuration.tiers.map(\.name) }

  init(problems: ProblemList) { self.problems = problems }

  mutating func read(_ root: ConfigurationNode) {
    guard
      let map = root.map(
        "listen", "model", "providers", "tiers", "targets", "policies", "rules", "sessions", "decision_cache",
        "retries",
        "breaker", "limits", "connections", "keys", "admin_key_env", "cors_origins", "allowed_hosts", "prices",
        "strict", "telemetry",
        "stored_responses", "passthrough", "streams", "hosted_tools", "shadow", "observe", "experiments", "registry",
        "alerts", "drift", "canary_prompts", "admin")
    else { return }
    map.set("listen", &configuration.listen, read: Self.listenAddress)
    configuration.hasModel = !map.nulls.contains("model")
    map.set("model", &configuration.modelPath) { $0.text("the path of a model") }
    map.set("registry", &configuration.registryPath) { $0.text("the folder of a registry") }
    if let node = map["registry"], configuration.modelPath != nil || !configuration.hasModel {
      node.report(expected: "no model beside a registry, which names its own", remedy: "leave one of the two out")
    }
    map.set("cors_origins", &configuration.corsOrigins) { $0.texts("an origin such as https://app.example.org, or *") }
    map.set("allowed_hosts", &configuration.allowedHosts) { $0.texts("a host such as gateway.example.org, or *") }
    map.set("prices", &configuration.pricesPath) { $0.text("the path of a price catalogue") }
    map.set("strict", &configuration.isStrict) { $0.boolean() }
    map.set("decision_cache", &configuration.decisionCacheEntries) { $0.integer(in: 0...10_000_000) }
    readLimits(map)
    if let node = map.required("providers", "a mapping of providers") { readProviders(node) }
    if let node = map.required("tiers", "a list of tiers, cheapest first") { readTiers(node) }
    if let node = map["targets"] { configuration.extraTargets = (node.list() ?? []).compactMap { target($0) } }
    if let node = map["passthrough"] { readPassthrough(node) }
    if let node = map["policies"] { readPolicies(node) }
    if let node = map["rules"] { readRules(node) }
    if let node = map["keys"] { readKeys(node) }
    if let node = map["shadow"] { readShadow(node) }
    if let node = map["observe"] { readObserve(node) }
    if let node = map["experiments"] { readExperiments(node) }
    readWatching(map)
    if let node = map["admin_key_env"], let name = variable(node, for: "the key of /admin") {
      configuration.adminKeyVariable = name
    }
    if let node = map["admin"] { readAdmin(node) }
  }

  static func listenAddress(_ node: ConfigurationNode) -> ListenAddress? {
    let expected = "host:port, such as 127.0.0.1:8080"
    guard let text = node.text(expected) else { return nil }
    if let address = ListenAddress(text) { return address }
    node.report(expected: expected, remedy: "write an address and a port from 0 to 65535")
    return nil
  }

  /// The name of an environment variable, noted to be looked up.
  mutating func variable(_ node: ConfigurationNode, for use: String) -> String? {
    guard let name = node.text("the name of an environment variable") else { return nil }
    let isName = name.utf8.allSatisfy {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0 & 0xDF) || (0x30...0x39).contains($0) || $0 == 0x5F
    }
    guard isName, !name.utf8.first!.isDigit, name.utf8.count <= 128, !SecretText.looksLikeOne(name) else {
      node.report(
        expected: "the name of an environment variable", found: "a string of \(name.utf8.count) bytes",
        remedy: "write a name of letters, digits and _, never the key itself")
      return nil
    }
    variables.append((name, node, use))
    return name
  }

  /// Warns of variables that are not set. A warning, not an error: a check may run where the secrets are not.
  func warnOfMissingVariables(_ environment: (String) -> String?) {
    for (name, node, use) in variables where environment(name)?.isEmpty ?? true {
      node.report(
        .warning, expected: "\(name) in the environment, for \(use)", found: "none",
        remedy: "set \(name) before the gateway starts")
    }
  }

  /// What was read of a list, `nil` for nothing. An empty list is reported: it would mean nothing, or everything, and which of them
  /// is not clear.
  func nonempty<Element>(
    _ values: [Element], _ node: ConfigurationNode, _ expected: String, remedy: String
  ) -> [Element]? {
    if node.node.sequence?.isEmpty == true {
      node.report(expected: expected, found: "an empty list", remedy: remedy)
    }
    return values.isEmpty ? nil : values
  }

  /// Reports a name that resolves to nothing.
  func reportUnresolved(_ name: String, _ node: ConfigurationNode, kind: String, among names: some Collection<String>) {
    node.report(
      expected: "the name of \(kind)", found: SecretText.shown(name),
      remedy: Suggestion.remedy(for: name, among: names))
  }
}

extension UInt8 {
  var isDigit: Bool { (0x30...0x39).contains(self) }
}
