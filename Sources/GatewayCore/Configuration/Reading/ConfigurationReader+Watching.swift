extension ConfigurationReader {
  /// Reads what is watched, and whom alerts are told. Read after tiers and targets: it names them.
  mutating func readWatching(_ map: ConfigurationMap) {
    if let node = map["alerts"] { readAlerts(node) }
    if let node = map["drift"] { readDrift(node) }
    if let node = map["canary_prompts"] { readCanaryPrompts(node) }
  }

  private mutating func readAlerts(_ node: ConfigurationNode) {
    guard let map = node.map("webhook"), let webhook = map["webhook"]?.map("url", "secret_env") else { return }
    let url = webhook.required("url", "where alerts are posted").flatMap(BaseURL.read)
    let variable = webhook.required("secret_env", "the variable with the secret that signs them")
      .flatMap { self.variable($0, for: "the signature of alerts") }
    guard let url, let variable else { return }
    if !url.isSecure, !url.isPrivate, let node = webhook["url"] {
      node.report(
        expected: "https:// for a host that is not in a private network", found: "http://", remedy: "write https://")
    }
    configuration.alerts.webhook = .init(url: url.text, secretVariable: variable)
  }

  private mutating func readDrift(_ node: ConfigurationNode) {
    guard let map = node.map("days_to_false_alarm", "tolerance", "every_s") else { return }
    var drift = DriftConfiguration()
    map.set("days_to_false_alarm", &drift.daysToFalseAlarm) { $0.number(in: 30...100_000) }
    map.set("tolerance", &drift.tolerance) { $0.number(in: 0...0.5) }
    map.set("every_s", &drift.everySeconds) { $0.number(in: 1...86_400) }
    if configuration.telemetry.path == nil {
      node.report(
        expected: "a database that the watch can read", found: "telemetry.path: null",
        remedy: "name a file under telemetry.path, or remove drift")
    }
    configuration.drift = drift
  }

  private mutating func readCanaryPrompts(_ node: ConfigurationNode) {
    guard
      let map = node.map(
        "prompts", "every_s", "targets", "usd_per_day", "max_tokens", "reference_rounds"),
      let list = map.required("prompts", "a list of prompts with what answers must say")
    else { return }
    var canary = CanaryPromptConfiguration()
    canary.prompts = (list.list() ?? []).compactMap(canaryPrompt)
    if list.node.sequence?.isEmpty == true {
      list.report(expected: "at least one prompt", remedy: "write - {prompt: …, contains: …}")
    }
    map.set("every_s", &canary.everySeconds) { $0.number(in: 1...604_800) }
    map.set("targets", &canary.targets) { $0.oneOrMore().compactMap(targetName) }
    map.set("usd_per_day", &canary.dailyBudgetUSD) { $0.number(in: .positive) }
    map.set("max_tokens", &canary.maximumTokens) { $0.integer(in: 1...4096) }
    map.set("reference_rounds", &canary.referenceRounds) { $0.integer(in: 5...10_000) }
    configuration.canaryPrompts = canary
  }

  private func canaryPrompt(_ node: ConfigurationNode) -> CanaryPromptConfiguration.Prompt? {
    guard let map = node.map("prompt", "exact", "contains"),
      let text = map.required("prompt", "what is asked").flatMap({ $0.text("what is asked") })
    else { return nil }
    let exact = map["exact"].flatMap { $0.text("the whole answer") }
    let part = map["contains"].flatMap { $0.text("a part of the answer") }
    switch (exact, part) {
    case (let exact?, nil): return .init(text: text, expectation: .exact(exact))
    case (nil, let part?): return .init(text: text, expectation: .contains(part))
    default:
      node.report(
        expected: "exact or contains, one of the two", remedy: "say what a good answer is, or contains")
      return nil
    }
  }
}
