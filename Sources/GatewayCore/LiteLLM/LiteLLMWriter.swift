import ChatProtocols

/// Writes the plan as a configuration file.
struct LiteLLMWriter {
  let plan: LiteLLMPlan
  let settings: LiteLLMSettings
  let notes: LiteLLMNotes

  /// The comment at the top, with all that is told.
  static func head(_ notes: [String]) -> String {
    let lines =
      ["Made from LiteLLM's configuration. Check it: ockham-gateway --config FILE --check"]
      + (notes.isEmpty ? [] : ["", "Look at these:"] + notes.map { "- " + $0 })
    return lines.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined() + "\n"
  }

  func body(_ environment: (String) -> String?) -> String {
    var lines = [
      "# No model chooses among these tiers yet: auto takes the cheapest that can answer. Train one for them, or rename",
      "# them as the default model has them, and name it here.", "model: null", "",
    ]
    lines.append("providers:")
    for (name, draft) in plan.providers { lines += provider(name, draft) }
    lines += ["", "tiers:   # cheapest first"]
    for tier in plan.tiers {
      lines +=
        ["  - name: \(Self.scalar(tier.name))", "    targets:"] + tier.targets.map { "      - " + Self.target($0) }
    }
    if !plan.extraTargets.isEmpty {
      lines += ["", "targets:   # reached by name only"] + plan.extraTargets.map { "  - " + Self.target($0) }
    }
    lines += retries() + breaker() + keys(environment)
    return lines.joined(separator: "\n") + "\n"
  }

  private func provider(_ name: String, _ draft: LiteLLMDraft) -> [String] {
    var lines = ["  \(Self.scalar(name)):", "    kind: \(draft.kind.rawValue)"]
    func add(_ key: String, _ value: String?) { if let value { lines.append("    \(key): \(value)") } }
    add("base_url", draft.baseURL.map(Self.scalar))
    add("region", draft.region.map(Self.scalar))
    add("query", draft.query.map(Self.scalar))
    let isUsual = draft.baseURL == nil && draft.keyVariables == [draft.kind.defaultKeyVariable].compactMap(\.self)
    if draft.command.isEmpty, isUsual {
      // The key of the public service is found without a word.
    } else if draft.command.isEmpty {
      add("key_env", draft.keyVariables.isEmpty ? "null" : draft.keyVariables.map(Self.scalar).joined(separator: ", "))
    } else {
      add("key_command", Self.list(draft.command))
    }
    add("key_parts_env", Self.mapping(draft.partVariables))
    add("headers", Self.mapping(draft.headers))
    let total = draft.totalSeconds ?? settings.totalSeconds
    var timeouts: [String] = []
    if let seconds = draft.firstTokenSeconds { timeouts.append("first_token_s: \(Self.number(min(seconds, 86_400)))") }
    if let total { timeouts.append("total_s: \(Self.number(min(total, 86_400)))") }
    add("timeouts", timeouts.isEmpty ? nil : "{" + timeouts.joined(separator: ", ") + "}")
    return lines
  }

  private static func target(_ target: LiteLLMPlan.Target) -> String {
    var parts = ["provider: \(scalar(target.provider))", "model: \(scalar(target.model))"]
    if let name = target.name { parts.append("name: \(scalar(name))") }
    if let weight = target.weight { parts.append("weight: \(number(weight))") }
    if let price = target.priceName { parts.append("price: \(scalar(price))") }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  private func retries() -> [String] {
    var lines: [String] = []
    if let attempts = settings.attempts { lines.append("  attempts_per_target: \(attempts)") }
    if let base = settings.baseMilliseconds, base > 0 {
      lines.append("  base_ms: \(Self.number(base))")
      if base > RetryConfiguration().maximumMilliseconds { lines.append("  max_ms: \(Self.number(base))") }
    }
    // Without fallbacks, LiteLLM ends a request with its group.
    if !settings.hasFallbacks, plan.tiers.count > 1 { lines.append("  escalate: false") }
    return lines.isEmpty ? [] : ["", "retries:"] + lines
  }

  private func breaker() -> [String] {
    settings.cooldownSeconds.map { ["", "breaker: {cooldown_s: \(Self.number(max($0, 0.001)))}"] } ?? []
  }

  /// The master key: its hash for clients, its variable for the administration. A key that is not known now admits no one.
  private func keys(_ environment: (String) -> String?) -> [String] {
    guard let master = settings.masterKey else {
      notes.add("general_settings.master_key: there is none: the gateway asks for no key; see keys")
      return []
    }
    var lines = ["", "keys:"]
    if let key = master.value(environment) {
      lines.append("  - {name: master, sha256: \(VirtualKey.sha256(key.utf8))}")
    } else {
      notes.add("general_settings.master_key: its variable is not set, so no one is let in yet: see keys")
      lines += [
        "  # No key has this hash: write what this prints: printf %s \"$KEY\" | sha256sum",
        "  - {name: master, sha256: \(String(repeating: "0", count: 64))}",
      ]
    }
    if case .variable(let name) = master { lines.append("admin_key_env: \(Self.scalar(name))") }
    return lines
  }
}

/// Scalars, lists and mappings of YAML, in one line.
extension LiteLLMWriter {
  /// A text: plain where no reader could take it for another thing, else in double quotes.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { byte in
        byte.isDigit || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || [0x5F, 0x2E, 0x2F, 0x2D].contains(byte)
      } && text.utf8.first.map { (0x41...0x5A).contains($0 & 0xDF) } ?? false
    let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    if isPlain, !words.contains(text.lowercased()) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case " "..."~": quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
    }
    return quoted + "\""
  }

  private static func list(_ texts: [String]) -> String { "[" + texts.map(scalar).joined(separator: ", ") + "]" }

  private static func mapping(_ values: [String: String]) -> String? {
    guard !values.isEmpty else { return nil }
    let members = values.sorted { $0.key < $1.key }.map { "\(scalar($0.key)): \(scalar($0.value))" }
    return "{" + members.joined(separator: ", ") + "}"
  }

  /// A number without digits that say nothing.
  private static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}
