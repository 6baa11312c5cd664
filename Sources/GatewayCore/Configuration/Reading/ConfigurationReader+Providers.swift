import ChatProtocols

extension ConfigurationReader {
  mutating func readProviders(_ node: ConfigurationNode) {
    guard let entries = node.entries(of: "a mapping of a name to each provider") else { return }
    if entries.isEmpty { node.report(expected: "at least one provider", remedy: "add one: openai: {kind: openai}") }
    for (name, value) in entries {
      guard checkName(name, value, role: "a provider") else { continue }
      if name.contains("/") {
        value.report(
          expected: "a name of a provider without /", found: SecretText.shown(name),
          remedy: "choose another: PROVIDER/MODEL names a target")
        continue
      }
      if let provider = provider(name, value) { configuration.providers[name] = provider }
    }
  }

  private mutating func provider(_ name: String, _ node: ConfigurationNode) -> ProviderConfiguration? {
    guard
      let map = node.map(
        "kind", "base_url", "region", "key_env", "key_parts_env", "key_command", "key_command_env",
        "key_ttl_s", "key_timeout_s", "headers", "key_header", "query", "timeouts",
        "max_connections")
    else { return nil }
    // A provider whose kind is wrong is kept, so that its targets are not reported as well.
    let kind = map.required("kind", Self.kinds)?.choice(ProviderKind.self)
    var provider = ProviderConfiguration(name: name, kind: kind ?? .openai, baseURL: "")
    let url = map["base_url"].flatMap(BaseURL.read)
    if let address = address(map, kind: kind, url) {
      (provider.baseURL, provider.region, provider.query) = (address.baseURL, address.region, address.query)
      provider.keyCommand = Self.keyCommand(map)
      provider.keyVariables = keyVariables(map, of: provider, isPublicService: address.isPublicService)
      provider.furtherVariables = furtherVariables(map, of: provider)
    }
    if let url, let node = map["base_url"] { check(url, of: provider, node) }
    map.set("headers", &provider.headers, read: Self.headers)
    map.set("key_header", &provider.keyHeader, read: Self.headerName)
    map.set("timeouts", &provider.timeouts, read: Self.timeouts)
    map.set("max_connections", &provider.maximumConnections) { $0.integer(in: 1...65_536) }
    return provider
  }

  /// `openai, anthropic, gemini or mock`.
  private static var kinds: String {
    let names = ProviderKind.allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
  }

  /// Where the provider is; `nil` after a report.
  private func address(_ map: ConfigurationMap, kind: ProviderKind?, _ url: BaseURL?) -> ProviderAddress? {
    var address = ProviderAddress(baseURL: url?.text ?? "")
    map.set("region", &address.region, read: Self.region)
    map.set("query", &address.query, read: Self.query)
    guard let kind, map["base_url"] == nil || url != nil, map["region"] == nil || address.region != nil else {
      return address
    }
    do { return try kind.address(address) } catch {
      (map[error.key] ?? map.node).report(expected: error.expected, found: error.found, remedy: error.remedy)
      return nil
    }
  }

  private static func region(_ node: ConfigurationNode) -> String? {
    guard let text = node.text("a region such as us-east-1") else { return nil }
    let isPlain = text.utf8.allSatisfy { $0.isDigit || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
    if isPlain, text.utf8.count <= 40 { return text }
    node.report(expected: "a region such as us-east-1", remedy: "write small letters, digits and -")
    return nil
  }

  /// The variables that the file names, or those of the public service where that is meant.
  private mutating func keyVariables(
    _ map: ConfigurationMap, of provider: ProviderConfiguration, isPublicService: Bool
  ) -> [String] {
    let use = "the key of provider \(provider.name)"
    if let node = map["key_env"] { return node.oneOrMore().compactMap { variable($0, for: use) } }
    guard isPublicService, map["key_command"] == nil, !map.nulls.contains("key_env"),
      let name = provider.kind.defaultKeyVariable
    else {
      return []
    }
    variables.append((name, map.node, use))
    return [name]
  }

  /// The variables of further parts of the credentials: the usual ones, but for those that the file names.
  private mutating func furtherVariables(
    _ map: ConfigurationMap, of provider: ProviderConfiguration
  ) -> [String: String] {
    let parts = provider.kind.furtherParts
    guard !provider.keyVariables.isEmpty else { return [:] }
    var named: [String: ConfigurationNode] = [:]
    for (name, node) in map["key_parts_env"].flatMap({ $0.entries(of: "a mapping of parts to variables") }) ?? [] {
      if parts.contains(where: { $0.name == name }) {
        named[name] = node
      } else {
        reportUnresolved(name, node, kind: "a part of this provider's keys", among: parts.map(\.name))
      }
    }
    var variables: [String: String] = [:]
    for part in parts {
      let use = "the \(part.name) of provider \(provider.name)"
      guard let node = named[part.name] else {
        variables[part.name] = part.variable
        if part.isRequired, map["key_env"] == nil { self.variables.append((part.variable, map.node, use)) }
        continue
      }
      variables[part.name] = variable(node, for: use)
      // What may be missing is not missed.
      if !part.isRequired { self.variables.removeAll { $0.use == use } }
    }
    return variables
  }

  private func check(_ url: BaseURL, of provider: ProviderConfiguration, _ node: ConfigurationNode) {
    guard !url.isSecure, !url.isPrivate else { return }
    let hasKey = !provider.keyVariables.isEmpty || provider.keyCommand != nil
    node.report(
      hasKey ? .error : .warning, expected: "https for a host that is not in a private network", found: "http",
      remedy: hasKey
        ? "write https://: over http the key and all prompts can be read on the way"
        : "write https://: over http all prompts can be read on the way")
  }

  private static func headers(_ node: ConfigurationNode) -> [String: String]? {
    guard let entries = node.entries(of: "a mapping of names to values") else { return nil }
    var headers: [String: String] = [:]
    for (name, value) in entries {
      if SecretText.fieldNames.contains(name.lowercased()) {
        value.report(
          expected: "no secret in the file", found: "a value for the header \"\(name)\"",
          remedy: "name the variable under key_env and the header under key_header")
        continue
      }
      guard let text = value.text("the value of a header"), isHeader(name, text, value) else { continue }
      headers[name.lowercased()] = text
    }
    return headers
  }

  private static func isHeader(_ name: String, _ text: String, _ node: ConfigurationNode) -> Bool {
    let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
    if isName, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return true }
    node.report(
      expected: "a header of printable ASCII", found: "other letters", remedy: "remove line breaks and other letters")
    return false
  }

  private static func query(_ node: ConfigurationNode) -> String? {
    guard let text = node.text("a query such as api-version=2024-10-21") else { return nil }
    let names = text.split(separator: "&").map { $0.prefix { $0 != "=" }.lowercased() }
    if names.contains(where: SecretText.fieldNames.contains) {
      node.report(
        expected: "no secret in the file", found: "a key in the query", remedy: "name a variable under key_env")
      return nil
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }), !text.hasPrefix("?") else {
      node.report(expected: "a query such as api-version=2024-10-21", remedy: "write name=value, joined by &")
      return nil
    }
    return text
  }

  private static func timeouts(_ node: ConfigurationNode) -> TimeoutConfiguration? {
    guard let map = node.map("queue_s", "connect_s", "first_token_s", "idle_s", "total_s") else { return nil }
    var timeouts = TimeoutConfiguration()
    map.set("queue_s", &timeouts.queue) { $0.number(in: 0.001...3600) }
    map.set("connect_s", &timeouts.connect) { $0.number(in: 0.001...3600) }
    map.set("first_token_s", &timeouts.firstToken) { $0.number(in: 0.001...86_400) }
    map.set("idle_s", &timeouts.idle) { $0.number(in: 0.001...86_400) }
    map.set("total_s", &timeouts.total) { $0.number(in: 0.001...86_400) }
    return timeouts
  }

  /// Whether a text may name a provider, a tier or a target; reports it otherwise.
  func checkName(_ name: String, _ node: ConfigurationNode, role: String) -> Bool {
    let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "*") }
    if isPlain, !name.isEmpty, name.utf8.count <= 128, !SecretText.looksLikeOne(name) { return true }
    node.report(
      expected: "a name of \(role): 1 to 128 printable ASCII letters without blanks, quotes and *",
      found: "another text", remedy: "choose a plain name")
    return false
  }
}
