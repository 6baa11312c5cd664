import ChatProtocols
import Testing
import TextKit

@testable import GatewayCore

/// Configurations of LiteLLM's proxy, made up, and what becomes of them.
struct LiteLLMConversionTests {
  /// A secret that must not be copied.
  private static let secret = "sk-made-up-0123456789abcdef0123"

  private func convert(_ text: String, _ environment: [String: String] = [:]) throws -> LiteLLMConversion {
    try LiteLLMConversion(text: text, path: "config.yaml", environment: { environment[$0] })
  }

  /// The configuration that the result is; it must load without an error.
  private func configuration(_ text: String, _ environment: [String: String] = [:]) throws -> GatewayConfiguration {
    let yaml = try convert(text, environment).yaml
    let (configuration, problems) = ConfigurationFile.read(
      text: yaml, path: "gateway.yaml", environment: { _ in "set" })
    #expect(problems.isEmpty, "\(problems)\n\(yaml)")
    return try #require(configuration)
  }

  private static let rich = #"""
    model_list:
      - model_name: gpt-4o
        litellm_params:
          model: azure/prod-4o
          api_base: https://east.openai.azure.com/
          api_version: "2025-01-01-preview"
          api_key: os.environ/AZURE_KEY_EAST
          rpm: 900
        model_info: {base_model: gpt-4o}
      - model_name: gpt-4o
        litellm_params:
          model: openai/gpt-4o
          api_key: sk-made-up-0123456789abcdef0123
          rpm: 100
          temperature: 0.2
      - model_name: cheap
        litellm_params: {model: gpt-4o-mini, api_key: os.environ/OPENAI_API_KEY, timeout: 20, stream_timeout: 5}
      - model_name: claude
        litellm_params:
          model: bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0
          aws_region_name: eu-central-1
          aws_access_key_id: os.environ/MY_AWS_ID
          aws_secret_access_key: os.environ/MY_AWS_SECRET
      - model_name: local
        litellm_params: {model: ollama_chat/llama3.1:8b, api_base: "http://192.168.1.5:11434"}
      - model_name: embed
        litellm_params: {model: openai/text-embedding-3-small, api_key: os.environ/OPENAI_API_KEY}
        model_info: {mode: embedding}
      - model_name: pictures
        litellm_params: {model: openai/dall-e-3}
        model_info: {mode: image_generation}
      - {model_name: "anthropic/*", litellm_params: {model: "anthropic/*"}}
    litellm_settings:
      drop_params: true
      num_retries: 3
      request_timeout: 90
      fallbacks: [{gpt-4o: [claude]}]
      context_window_fallbacks: [{cheap: [gpt-4o]}]
      success_callback: ["langfuse"]
    router_settings:
      routing_strategy: least-busy
      cooldown_time: 45
      model_group_alias: {"gpt-4": "gpt-4o"}
    general_settings:
      master_key: os.environ/LITELLM_MASTER_KEY
      database_url: os.environ/DATABASE_URL
    environment_variables: {OPENAI_API_KEY: sk-made-up-0123456789abcdef0123}
    """#

  @Test func groupsBecomeTiersCheapestFirst() throws {
    let result = try configuration(Self.rich)
    #expect(result.tiers.map(\.name) == ["cheap", "gpt-4o", "claude", "local"])
    #expect(result.tiers[1].targets.map(\.name) == ["azure/prod-4o", "openai/gpt-4o"])
    #expect(result.tiers[1].targets.map(\.weight) == [900, 100])
    #expect(result.tiers[1].targets[0].priceName == "gpt-4o")
    #expect(result.extraTargets.map(\.name) == ["embed"])
    #expect(!result.hasModel)
  }

  @Test func providersKeepTheirPlacesAndVariables() throws {
    let result = try configuration(Self.rich)
    let azure = try #require(result.providers["azure"])
    #expect(azure.kind == .azure && azure.baseURL == "https://east.openai.azure.com/openai")
    #expect(azure.query == "api-version=2025-01-01-preview" && azure.keyVariables == ["AZURE_KEY_EAST"])
    let bedrock = try #require(result.providers["bedrock"])
    #expect(bedrock.region == "eu-central-1" && bedrock.keyVariables == ["MY_AWS_ID"])
    #expect(bedrock.furtherVariables == ["secret": "MY_AWS_SECRET", "session_token": "AWS_SESSION_TOKEN"])
    #expect(result.tiers[2].targets[0].model == "anthropic.claude-3-5-sonnet-20240620-v1:0")
    let local = try #require(result.providers["ollama_chat"])
    #expect(local.baseURL == "http://192.168.1.5:11434/v1" && local.keyVariables.isEmpty)
    let timed = try #require(result.providers[result.tiers[0].targets[0].provider])
    #expect(timed.timeouts.total == 20 && timed.timeouts.firstToken == 5)
    #expect(azure.timeouts.total == 90)
    #expect(result.retries.attemptsPerTarget == 4 && result.retries.escalates)
    #expect(result.breaker.cooldownSeconds == 45)
  }

  @Test func whatIsLeftOutIsToldOnce() throws {
    let conversion = try convert(Self.rich)
    for part in [
      "image_generation", "wildcards", "temperature", "routing_strategy", "model_group_alias", "success_callback",
      "database_url", "environment_variables", "master_key", "order of tiers", "fallbacks: once",
    ] {
      #expect(conversion.notes.filter { $0.contains(part) }.count == 1, "\(part): \(conversion.notes)")
    }
    for note in conversion.notes { #expect(conversion.yaml.contains("# - \(note)\n")) }
  }

  @Test func secretsAreNeverCopied() throws {
    let conversion = try convert(
      Self.rich, ["LITELLM_MASTER_KEY": "sk-master-of-all-0123456789", "DATABASE_URL": "pg://u:p@h"])
    for text in [conversion.yaml] + conversion.notes {
      #expect(!text.contains(Self.secret) && !text.contains("sk-master") && !text.contains("pg://"))
    }
    #expect(conversion.yaml.contains(VirtualKey.sha256("sk-master-of-all-0123456789".utf8)))
  }

  /// A master key that is not known admits no one, rather than everybody.
  @Test func anUnknownMasterKeyAdmitsNobody() throws {
    let result = try configuration(Self.rich)
    #expect(result.keys.map(\.sha256) == [String(repeating: "0", count: 64)])
    #expect(result.adminKeyVariable == "LITELLM_MASTER_KEY")
    let ring = KeyRing(keys: result.keys) { VirtualKey.sha256($0) }
    #expect(throws: GatewayError.self) { try ring.key(authorization: nil, apiKeys: [""]) }
  }

  @Test func theSmallestOneIsEnough() throws {
    let result = try configuration("model_list: [{model_name: a, litellm_params: {model: gpt-4o}}]")
    #expect(result.tiers.map(\.name) == ["a"])
    #expect(result.providers["openai"]?.baseURL == "https://api.openai.com/v1")
    #expect(result.providers["openai"]?.keyVariables == ["OPENAI_API_KEY"])
    #expect(result.keys.isEmpty)
  }

  @Test func manyProvidersAreKnown() throws {
    let models = [
      "groq/llama-3.3-70b", "mistral/mistral-large-latest", "deepseek/deepseek-chat", "openrouter/x-ai/grok-4",
      "xai/grok-4",
      "together_ai/meta/llama", "fireworks_ai/accounts/a/models/b", "gemini/gemini-2.5-pro",
      "anthropic/claude-opus-4-5",
      "cohere/command-r", "perplexity/sonar", "claude-haiku-4-5",
    ]
    let entries = models.map { "  - {model_name: \"\($0)\", litellm_params: {model: \"\($0)\"}}" }
    let result = try configuration("model_list:\n" + entries.joined(separator: "\n"))
    #expect(result.tiers.count == models.count)
    #expect(Set(result.tiers.map(\.name)) == Set(models))
    #expect(result.providers["groq"]?.baseURL == "https://api.groq.com/openai/v1")
    #expect(result.providers["openrouter"]?.keyVariables == ["OPENROUTER_API_KEY"])
    #expect(result.tiers.flatMap(\.targets).contains { $0.model == "x-ai/grok-4" })
    #expect(result.providers["anthropic"]?.kind == .anthropic)
  }

  @Test func vertexAndProfilesHaveProgramsForTheirKeys() throws {
    let result = try configuration(
      #"""
      model_list:
        - model_name: g
          litellm_params: {model: vertex_ai/gemini-2.5-pro, vertex_project: p1, vertex_location: europe-west4}
        - model_name: n
          litellm_params: {model: bedrock/converse/us.amazon.nova-pro-v1:0, aws_profile_name: team}
        - {model_name: c, litellm_params: {model: vertex_ai/claude-sonnet-4@20250514}}
      """#, ["AWS_REGION": "us-west-2"])
    let vertex = try #require(result.providers["vertex_ai"])
    #expect(
      vertex.baseURL
        == "https://europe-west4-aiplatform.googleapis.com/v1/projects/p1/locations/europe-west4/publishers/google")
    #expect(vertex.keyCommand?.arguments == ["gcloud", "auth", "print-access-token"])
    let bedrock = try #require(result.providers["bedrock"])
    #expect(bedrock.region == "us-west-2" && bedrock.keyCommand?.arguments.last == "team")
    #expect(result.tiers.flatMap(\.targets).map(\.model).contains("us.amazon.nova-pro-v1:0"))
    #expect(result.tiers.count == 2)
  }

  @Test func addressesInVariablesAreReadOrMarked() throws {
    let text =
      "model_list: [{model_name: a, litellm_params: {model: azure/d, api_base: os.environ/BASE, api_key: os.environ/K}}]"
    #expect(
      try configuration(text, ["BASE": "https://r.openai.azure.com"]).providers["azure"]?.baseURL
        == "https://r.openai.azure.com/openai")
    let conversion = try convert(text)
    #expect(conversion.yaml.contains("set-the-address.invalid"))
    #expect(conversion.notes.contains { $0.contains("BASE") })
  }

  /// Names that may not stand, and names twice.
  @Test func namesAreMadeToStand() throws {
    let result = try configuration(
      #"""
      model_list:
        - {model_name: auto, litellm_params: {model: openai/gpt-4o}}
        - {model_name: "two words \"x\"", litellm_params: {model: openai/gpt-4o}}
        - {model_name: openai/gpt-4o, litellm_params: {model: openai/gpt-4o}}
        - {model_name: yes, litellm_params: {model: "openai/a: b #c"}}
        - {model_name: "grüße", litellm_params: {model: openai/gpt-4o-mini, api_base: "http://public.example.com/v1"}}
      """#)
    let names = result.tiers.map(\.name)
    #expect(Set(names) == ["group-auto", "two-words--x-", "openai/gpt-4o", "yes", "gr--e"])
    #expect(Set(result.tiers.flatMap(\.targets).map(\.name)).count == 5)
    #expect(result.tiers.flatMap(\.targets).contains { $0.model == "a: b #c" })
    // A key does not go over plain http.
    #expect(result.providers.values.allSatisfy { $0.baseURL.hasPrefix("https://") })
  }

  @Test(arguments: [
    "", "{", "[]", "model_list: 5", "model_list: []", "model_list: [{model_name: a}]", "a: 1\na: 2",
    "model_list: [{model_name: '*', litellm_params: {model: 'openai/*'}}]",
    "model_list: [{model_name: e, litellm_params: {model: text-embedding-3-small}, model_info: {mode: embedding}}]",
    "model_list: [{model_name: u, litellm_params: {model: unheard-of/x}}]",
  ])
  func filesWithoutAModelAreRefused(_ text: String) {
    let refusal = #expect(throws: LiteLLMConversion.Refusal.self) { try convert(text) }
    #expect(refusal?.description.contains("config.yaml") == true)
  }

  /// Files with bytes lost, doubled and changed: refused, or a configuration that loads.
  @Test func damagedFilesGiveWhatLoadsOrNothing() {
    var state: UInt64 = 11
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let marks = Array("{}[]:,-#&*!|>'\"%@`? \n\t\0\u{7F}0a".utf8)
    for _ in 0..<300 {
      var bytes = Array(Self.rich.utf8)
      for _ in 0...draw(4) {
        let place = draw(bytes.count)
        switch draw(4) {
        case 0: bytes[place] = marks[draw(marks.count)]
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(marks[draw(marks.count)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + draw(200)))
        }
      }
      _ = try? convert(String(decoding: bytes, as: UTF8.self))
    }
  }
}
