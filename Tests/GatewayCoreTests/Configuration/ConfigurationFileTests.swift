import Foundation
import Ockham
import Testing

@testable import GatewayCore

/// The configuration file, where nothing is wrong with it.
struct ConfigurationFileTests {
  private static let minimal = """
    providers: {mock: {kind: mock}}
    tiers: [{name: small, targets: [mock/a]}, {name: large, targets: [mock/b]}]
    """

  private func read(_ text: String, variables: Set<String> = []) throws -> GatewayConfiguration {
    let (configuration, problems) = ConfigurationFile.read(text: text, path: "gateway.yaml") {
      variables.contains($0) ? "set" : nil
    }
    #expect(problems.filter { $0.severity == .error }.isEmpty, "\(problems)")
    return try #require(configuration)
  }

  @Test func exampleIsValid() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let text = try String(contentsOf: root.appending(path: "Sources/OckhamServe/gateway.example.yaml"), encoding: .utf8)
    let names: Set = [
      "OPENAI_API_KEY", "OPENAI_API_KEY_2", "ANTHROPIC_API_KEY", "AZURE_API_KEY", "PROXY_KEY", "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
    ]
    let (configuration, problems) = ConfigurationFile.read(text: text, path: "example") {
      names.contains($0) ? "set" : nil
    }
    #expect(problems.isEmpty, "\(problems)")
    let example = try #require(configuration)
    #expect(example.tiers.map(\.name) == ["small", "mid", "frontier"])
    #expect(example.tiers[0].targets.map(\.name) == ["openai/gpt-4o-mini", "llama"])
    #expect(example.tiers[0].targets[1].priceName == "ollama/llama3.1")
    #expect(example.policies["default"]?.taskPins == [.extraction: ["small"], .math: ["mid", "frontier"]])
    #expect(example.policies["careful"]?.cascade?.judge == "anthropic/claude-haiku-4-5")
    #expect(example.rules.count == 4)
    #expect(example.rules.map(\.isPrivate) == [true, false, false, false])
    #expect(example.rules[3].action == .policy("careful"))
    #expect(example.keys[0].models == ["auto", "auto:careful", "small", "router-*"])
    let limited = example.tiers[2].targets[1]
    #expect(limited.parameters.rename == ["max_tokens": "max_completion_tokens"])
    #expect(limited.parameters.clamp == ["temperature": 0...1] && limited.parameters.drop == ["seed"])
    #expect(limited.parameters.forbid == ["logit_bias"] && limited.support.images == true)
    #expect(limited.isStrict == false && !example.isStrict)
    // What the example calls defaults are the defaults.
    #expect(example.sessions == SessionConfiguration())
    #expect(example.retries == RetryConfiguration())
    #expect(example.breaker == BreakerConfiguration())
    #expect(example.limits == LimitConfiguration())
    #expect(example.telemetry == TelemetryConfiguration())
    #expect(example.providers["openai"]?.timeouts == TimeoutConfiguration())
  }

  /// A learned cascade goes up as far as its model says; one that is not learned has no share to explore.
  @Test func cascadesAreLearnedWhereTheySaySo() throws {
    func cascade(_ text: String) throws -> CascadeConfiguration? {
      try read(Self.minimal + "\npolicies: {p: {cascade: {\(text)}}}\n").policies["p"]?.cascade
    }
    let learned = try #require(try cascade("learned: true, explore: 0.02"))
    #expect(
      learned.learned?.explorationRate == 0.02 && learned.maximumSteps == GatewayConfiguration.tierCount.upperBound)
    #expect(try cascade("learned: true, max_steps: 2")?.maximumSteps == 2)
    #expect(try cascade("learned: true")?.learned == CascadeConfiguration.Learned())
    #expect(try cascade("learned: false") == CascadeConfiguration())
    #expect(try cascade("min_score: 0.7")?.minimumScore == 0.7)
    #expect(try cascade("min_mark: 0.7") == cascade("min_score: 0.7"), "the former name means the same")
  }

  @Test func whatIsWatchedIsRead() throws {
    let configuration = try read(
      Self.minimal + """

        alerts: {webhook: {url: https://hooks.example.org/x/, secret_env: HOOK}}
        drift: {days_to_false_alarm: 90, tolerance: 0.03, every_s: 60}
        canary_prompts:
          every_s: 600
          targets: mock/a
          usd_per_day: 0.5
          prompts:
            - {prompt: What is 17 × 23?, contains: "391"}
            - {prompt: Say yes., exact: yes}
        """, variables: ["HOOK"])
    #expect(configuration.alerts.webhook == .init(url: "https://hooks.example.org/x", secretVariable: "HOOK"))
    #expect(configuration.drift?.daysToFalseAlarm == 90 && configuration.drift?.tolerance == 0.03)
    let canary = try #require(configuration.canaryPrompts)
    #expect(canary.targets == ["mock/a"] && canary.everySeconds == 600 && canary.dailyBudgetUSD == 0.5)
    #expect(canary.prompts.map(\.expectation) == [.contains("391"), .exact("yes")])
  }

  @Test func defaultsHoldWhereNothingIsSaid() throws {
    let configuration = try read(Self.minimal)
    #expect(configuration.drift == nil && configuration.canaryPrompts == nil && configuration.alerts.webhook == nil)
    #expect(configuration.listen == ListenAddress(host: "127.0.0.1", port: 8080))
    #expect(configuration.decisionCacheEntries == 4096)
    #expect(configuration.policies == ["default": PolicyConfiguration()])
    #expect(configuration.telemetry.path == "gateway.sqlite")
  }

  @Test func nullIsNoModel() throws {
    #expect(try read(Self.minimal).hasModel)
    #expect(try !read(Self.minimal + "\nmodel: null").hasModel)
  }

  /// The parts of a provider's address make one another whole.
  @Test func providersHaveAddressesAndKeysOfTheirKind() throws {
    let head = "tiers: [{name: small, targets: [p/a]}]\nproviders:\n  p: "
    let bedrock = try #require(try read(head + "{kind: bedrock, region: eu-west-1}").providers["p"])
    #expect(bedrock.baseURL == "https://bedrock-runtime.eu-west-1.amazonaws.com" && bedrock.region == "eu-west-1")
    #expect(bedrock.keyVariables == ["AWS_ACCESS_KEY_ID"])
    #expect(bedrock.furtherVariables == ["secret": "AWS_SECRET_ACCESS_KEY", "session_token": "AWS_SESSION_TOKEN"])
    let elsewhere = "{kind: bedrock, region: r, base_url: \"http://127.0.0.1:1\"}"
    #expect(try read(head + elsewhere).providers["p"]?.keyVariables == [])
    let azure = try #require(try read(head + "{kind: azure, base_url: \"https://r.openai.azure.com\"}").providers["p"])
    #expect(azure.baseURL == "https://r.openai.azure.com/openai" && azure.query == "api-version=2024-10-21")
    #expect(azure.keyVariables == ["AZURE_OPENAI_API_KEY"])
    let command = try #require(
      try read(
        head
          + "{kind: openai, key_command: [print-key, --now], key_ttl_s: 60, key_timeout_s: 5, key_command_env: [A, B]}"
      ).providers["p"])
    #expect(command.keyVariables.isEmpty)
    #expect(command.keyCommand?.arguments == ["print-key", "--now"] && command.keyCommand?.variables == ["A", "B"])
    #expect(command.keyCommand?.timeToLiveSeconds == 60 && command.keyCommand?.timeLimitSeconds == 5)
  }

  @Test func originsOfPagesAreOneOrMany() throws {
    #expect(try read(Self.minimal).corsOrigins.isEmpty)
    #expect(try read(Self.minimal + "\ncors_origins: \"*\"").corsOrigins == ["*"])
    #expect(try read(Self.minimal + "\ncors_origins: [https://a.test, https://b.test]").corsOrigins.count == 2)
  }

  @Test func responsesAreKeptWhereTheFileSaysSo() throws {
    #expect(try read(Self.minimal).storedResponses == nil)
    #expect(try read(Self.minimal + "\nstored_responses: {}").storedResponses == StoredResponsesConfiguration())
    let stored = try read(Self.minimal + "\nstored_responses: {ttl_s: 60, entries: 10, bytes: 2048}").storedResponses
    #expect(stored?.timeToLiveSeconds == 60 && stored?.entries == 10 && stored?.bytes == 2048)
  }

  @Test func whatIsWatched() throws {
    func read(_ lines: String) throws -> ObserveConfiguration? {
      let text = """
        providers: {mock: {kind: mock}}
        tiers: [{name: small, targets: [mock/a]}, {name: large, targets: [mock/b]}]
        targets: [{provider: mock, model: other, name: named}]
        keys: [{name: alice, sha256: \(String(repeating: "0", count: 64))}]
        policies: {careful: {minimum_quality: 0.9}}
        \(lines)
        """
      let (configuration, problems) = ConfigurationFile.read(text: text, path: "g.yaml") { _ in nil }
      #expect(problems.isEmpty, "\(problems)")
      return try #require(configuration).observe
    }
    #expect(try read("") == nil)
    #expect(try read("observe:") == nil)
    #expect(try read("observe: {tier: small}") == ObserveConfiguration(tier: "small"))
    var all = ObserveConfiguration(tier: "large")
    (all.keys, all.policies, all.share) = (["alice"], ["default", "careful"], 0.25)
    all.models = ["b": "large", "named": "large", "other": "small", "small": "small"]
    #expect(
      try read(
        "observe: {tier: large, keys: alice, policies: [default, careful], share: 0.25, "
          + "models: {b: large, named: large, other: small, small: small}}") == all)
  }

  @Test func clientsAreKeptWaitingInSilenceByDefault() throws {
    #expect(try read(Self.minimal).keepAliveSeconds == nil)
    #expect(try read(Self.minimal + "\nstreams: {keep_alive_s: 15}").keepAliveSeconds == 15)
  }

  @Test func hostedToolsAreKeptByDefault() throws {
    #expect(try read(Self.minimal).hostedTools == .keep)
    #expect(try read(Self.minimal + "\nhosted_tools: drop").hostedTools == .drop)
  }

  @Test func targetsHaveTheirOwnTimeToTheFirstToken() throws {
    let configuration = try read(
      """
      providers: {mock: {kind: mock}}
      tiers: [{name: small, targets: [mock/a, {provider: mock, model: b, first_token_s: 300}]}]
      """)
    #expect(configuration.tiers[0].targets.map(\.firstTokenSeconds) == [nil, 300])
  }

  @Test func tiersMayBeAMapping() throws {
    let configuration = try read(
      """
      tiers:
        zeta: {targets: [mock/a]}
        alpha: {targets: [mock/b], images: false}
      providers: {mock: {kind: mock}}
      """)
    #expect(configuration.tiers.map(\.name) == ["zeta", "alpha"])
    #expect(configuration.tiers.map(\.hasImages) == [true, false])
  }

  @Test(arguments: [
    ("0.0.0.0:0", "0.0.0.0", 0), ("\"[::1]:9000\"", "::1", 9000), ("\":8081\"", "127.0.0.1", 8081),
    ("localhost:80", "localhost", 80), ("\"::1:80\"", "::1", 80),
  ])
  func listenAddresses(text: String, host: String, port: Int) throws {
    let configuration = try read(Self.minimal + "\nlisten: \(text)")
    #expect(configuration.listen == ListenAddress(host: host, port: port))
  }

  @Test func limitsOfConnectionsAreRead() throws {
    let text = """

      connections: {max: 100, head_s: 1, body_s: 2, body_bytes_per_s: 3, idle_s: 4, unread_s: 5}
      limits: {body_bytes: 1048576, buffered_bytes: 4194304}
      allowed_hosts: [gateway.example.org]
      """
    let configuration = try read(Self.minimal + text)
    let limits = configuration.connections
    #expect((limits.connections, limits.headSeconds, limits.bodySeconds) == (100, 1, 2))
    #expect((limits.bodyBytesPerSecond, limits.idleSeconds, limits.unreadSeconds) == (3, 4, 5))
    #expect(configuration.limits.bufferedBytes == 4 << 20 && configuration.allowedHosts == ["gateway.example.org"])
    #expect(limits.within(files: 1 << 20) == limits)
    #expect(limits.within(files: 132).connections == 50 && limits.within(files: 10).connections == 8)
    #expect(try read(Self.minimal + "\nlimits: {body_bytes: 1000000000}").limits.bufferedBytes == 2_000_000_000)
    let small = Self.minimal + "\nlimits: {buffered_bytes: 2048}"
    let (none, problems) = ConfigurationFile.read(text: small, path: "gateway.yaml") { _ in nil }
    #expect(none == nil && problems.map(\.path) == ["limits"])
  }

  /// As many tiers as a model may have.
  @Test func sixtyFourTiersAreRead() throws {
    #expect(try read(Self.tiers(64)).tiers.map(\.name) == (0..<64).map { "t\($0)" })
    let (configuration, problems) = ConfigurationFile.read(text: Self.tiers(65), path: "gateway.yaml") { _ in nil }
    #expect(configuration == nil)
    #expect(problems.map(\.path) == ["tiers"])
    #expect(problems.first?.expected == "1 to 64 tiers" && problems.first?.found == "65")
  }

  private static func tiers(_ count: Int) -> String {
    let lines = (0..<count).map { "  - {name: t\($0), targets: [mock/m\($0)]}\n" }
    return "providers: {mock: {kind: mock}}\ntiers:\n" + lines.joined()
  }

  @Test func publicServicesKnowTheirVariable() throws {
    let text = """
      providers:
        a: {kind: openai}
        b: {kind: anthropic, key_env: [ONE, TWO]}
        c: {kind: gemini, key_env: null}
        d: {kind: openai, base_url: "http://vllm:8000/v1/"}
      tiers: [{name: small, targets: [a/x, b/x, c/x, d/org/model]}]
      """
    let configuration = try read(text, variables: ["OPENAI_API_KEY", "ONE", "TWO"])
    #expect(configuration.providers["a"]?.keyVariables == ["OPENAI_API_KEY"])
    #expect(configuration.providers["b"]?.keyVariables == ["ONE", "TWO"])
    #expect(configuration.providers["c"]?.keyVariables == [])
    #expect(configuration.providers["d"]?.keyVariables == [])
    #expect(configuration.providers["d"]?.baseURL == "http://vllm:8000/v1")
    #expect(configuration.tiers[0].targets[3].model == "org/model")
  }

  @Test func telemetryCanBeSwitchedOff() throws {
    #expect(try read(Self.minimal + "\ntelemetry: {path: null}").telemetry.path == nil)
  }

  @Test func demoNeedsNoKey() {
    let demo = GatewayConfiguration.demo(tierNames: ["a", "b"])
    #expect(demo.tiers.map(\.name) == ["a", "b"])
    #expect(demo.providers.values.allSatisfy { $0.kind == .mock && $0.keyVariables.isEmpty })
    #expect(demo.listen.host == "127.0.0.1")
  }
}
