import Foundation
import Logging
import Testing
import TextKit

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// A way to have more answered than a budget pays for. Each is tried with a key of its own until it is refused.
private enum Dodge: String, CaseIterable, Sendable {
  case manyAnswers, noLimit, leavingAStream, leavingAnAnthropicStream, leavingBeforeContent, abandoningAWholeAnswer
  case thinkingUnseen, embeddings, abandonedEmbeddings, passthrough, abandonedPassthrough, noUsage, noUsageOfAStream
  case usageOfNothing, usageBelowNothing, dearerTarget, ensemble, cascade, legacyCompletions, responses

  var path: String {
    switch self {
    case .embeddings, .abandonedEmbeddings: "/v1/embeddings"
    case .passthrough, .abandonedPassthrough: "/v1/images"
    case .legacyCompletions: "/v1/completions"
    case .responses: "/v1/responses"
    default: "/v1/chat/completions"
    }
  }

  /// Whether the client leaves, and after how many bytes.
  var leavesAfterBytes: Int? {
    switch self {
    case .leavingAStream: 15_000
    case .leavingAnAnthropicStream: 8_000
    case .leavingBeforeContent, .abandoningAWholeAnswer, .abandonedEmbeddings, .abandonedPassthrough, .thinkingUnseen: 0
    default: nil
    }
  }

  private var isStream: Bool {
    switch self {
    case .leavingAStream, .leavingAnAnthropicStream, .leavingBeforeContent, .thinkingUnseen, .noUsageOfAStream: true
    default: false
    }
  }

  var body: String {
    let words = String(repeating: "some words of a prompt ", count: 20)
    switch self {
    case .embeddings, .abandonedEmbeddings: return #"{"model":"t0","input":"\#(words)"}"#
    case .passthrough, .abandonedPassthrough: return #"{"prompt":"\#(words)"}"#
    case .legacyCompletions: return #"{"model":"small","prompt":"\#(words)","n":4}"#
    case .responses: return #"{"model":"small","input":"\#(words)"}"#
    default: break
    }
    var members = #""model":"\#(self == .ensemble || self == .cascade ? "auto" : "small")","stream":\#(isStream)"#
    if self == .manyAnswers || self == .leavingAStream { members += #","n":8"# }
    if self == .thinkingUnseen { members += #","reasoning_effort":"high""# }
    if self == .abandoningAWholeAnswer { members += #","max_tokens":500"# }
    return "{\(members),\"messages\":[{\"role\":\"user\",\"content\":\"\(words)\"}]}"
  }

  /// What the provider writes for each request, in tokens of prompt and answer: what it would bill.
  var billed: (input: Int, output: Int) {
    switch self {
    case .manyAnswers: (100, 8 * 700)
    case .leavingAStream: (100, 640)
    case .leavingAnAnthropicStream: (100, 400)
    case .leavingBeforeContent: (100, 40)
    case .abandoningAWholeAnswer: (100, 500)
    case .thinkingUnseen: (100, 300)
    case .embeddings, .abandonedEmbeddings: (150, 0)
    case .noUsage, .noUsageOfAStream, .usageOfNothing, .usageBelowNothing: (100, 300)
    case .passthrough: (100, 250)
    case .abandonedPassthrough: (100, 1000)
    case .legacyCompletions: (100, 4 * 300)
    default: (100, 900)
    }
  }

  /// What the provider does.
  func steps(_ request: FaultUpstream.Received) -> [FaultUpstream.Step] {
    let text = String(repeating: "word ", count: 240)
    let usage = #""usage":{"prompt_tokens":\#(billed.input),"completion_tokens":\#(billed.output),"total_tokens":1}"#
    func whole(_ usage: String) -> [FaultUpstream.Step] {
      let message = #"{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}"#
      return [
        FaultUpstream.answer(
          #"{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[\#(message)]\#(usage)}"#)
      ]
    }
    switch self {
    case .leavingAStream:
      return [FaultUpstream.streamHead] + Array(repeating: FaultUpstream.chunk("word"), count: 640) + [.awaitClose]
    case .leavingAnAnthropicStream:
      let start =
        #"{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[],"#
        + #""usage":{"input_tokens":100,"output_tokens":1}}}"#
      let delta = #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word"}}"#
      return [FaultUpstream.streamHead, .send("event: message_start\ndata: \(start)\n\n")]
        + Array(repeating: .send("event: content_block_delta\ndata: \(delta)\n\n"), count: 400) + [.awaitClose]
    case .leavingBeforeContent: return [FaultUpstream.streamHead, .awaitClose]
    // At a thousand tokens a second.
    case .thinkingUnseen: return [.pause(seconds: 0.3), FaultUpstream.streamHead, .pause(seconds: 0.1), .awaitClose]
    case .abandoningAWholeAnswer, .abandonedEmbeddings, .abandonedPassthrough: return [.awaitClose]
    case .embeddings:
      return [FaultUpstream.answer(#"{"data":[],"usage":{"prompt_tokens":150,"total_tokens":150}}"#)]
    case .passthrough: return [FaultUpstream.answer(#"{"text":"\#(String(repeating: "word ", count: 250))"}"#)]
    case .noUsage: return whole("")
    case .noUsageOfAStream:
      return [FaultUpstream.streamHead] + Array(repeating: FaultUpstream.chunk("word"), count: 300)
        + [
          .send("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"),
          .close,
        ]
    case .usageOfNothing: return whole(#","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}"#)
    case .usageBelowNothing: return whole(#","usage":{"prompt_tokens":-5,"completion_tokens":-9,"total_tokens":0}"#)
    default: return whole("," + usage)
    }
  }
}

/// Ways to dodge a budget: none gets a key further above it than one request may cost.
@Suite(.timeLimit(.minutes(60)))
struct BudgetDodgeTests {
  private static let prices = """
    {"gpt-4o-mini":{"input_cost_per_token":1e-6,"output_cost_per_token":10e-6,"max_input_tokens":100000,
    "max_output_tokens":2000},"expensive":{"input_cost_per_token":5e-6,"output_cost_per_token":50e-6,"max_input_tokens":100000,
    "max_output_tokens":2000}}
    """

  /// Room for two requests at most that are billed in full.
  private static let budgetUSD = 0.15

  private static func usd(_ tokens: (input: Int, output: Int), _ dodge: Dodge) -> Double {
    (Double(tokens.input) * 1e-6 + Double(tokens.output) * 10e-6) * (dodge == .dearerTarget ? 5 : 1)
  }

  private struct Setting: Sendable {
    let gateway: TestGateway
    let upstream: FaultUpstream
    let key: KeyConfiguration
    let records: TelemetryRecorder

    /// Requests that are over: settled and recorded.
    var finishedCount: Int { records.counters.queued }

    var spend: Spend {
      get async {
        let shared = gateway.live.shared
        return await shared.ledger.standing(of: key, at: shared.clock.unixSeconds()).spend
      }
    }
  }

  private static func start(
    _ dodge: Dodge, ledger: any Ledger = MemoryLedger(), budgetUSD: Double = budgetUSD
  ) async throws -> Setting {
    let upstream = try await FaultUpstream.start { _, request in dodge.steps(request) }
    let failing = try await FaultUpstream.start { _, _ in [FaultUpstream.answer("{}", status: "500 Failed")] }
    var configuration =
      dodge == .dearerTarget
      ? GatewayConfiguration.testing(failing.baseURL, upstream.baseURL)
      : GatewayConfiguration.testing(upstream.baseURL, total: 600)
    configuration.retries.attemptsPerTarget = 1
    configuration.breaker.minimumRequests = 1_000_000
    if dodge == .dearerTarget { configuration.tiers[0].targets[1].model = "expensive" }
    if dodge == .leavingAnAnthropicStream { configuration.providers["p0"]?.kind = .anthropic }
    var policy = PolicyConfiguration()
    if dodge == .ensemble {
      policy.ensemble = EnsembleConfiguration()
    } else if dodge == .cascade {
      policy.cascade = CascadeConfiguration()
      policy.cascade?.judge = "t0"
    }
    configuration.policies["default"] = policy
    configuration.passthrough = [PassthroughConfiguration(target: "t0", paths: ["/v1/images"])]
    if dodge == .cascade {
      var upper = TierConfiguration(name: "large", targets: [])
      upper.targets = [TargetConfiguration(name: "t9", provider: "p0", model: "gpt-4o-mini")]
      configuration.tiers.append(upper)
    }
    var key = KeyConfiguration(name: dodge.rawValue, sha256: VirtualKey.sha256("k".utf8))
    key.dailyBudgetUSD = budgetUSD
    configuration.keys = [key]
    let records = TelemetryRecorder(
      MemoryTelemetry(), settings: TelemetrySettings(), pauseSeconds: 36_000, logger: Logger(label: "test"))
    let gateway = try await TestGateway.start(
      configuration, telemetry: records, ledger: ledger,
      catalogue: PriceCatalogue(json: Array(prices.utf8)))
    return Setting(gateway: gateway, upstream: upstream, key: key, records: records)
  }

  /// Sends one request as the dodge has it, to its end. Returns whether it was let through.
  private static func attempt(_ dodge: Dodge, _ setting: Setting) async throws -> Bool {
    let (calls, finished) = (setting.upstream.requests.count, setting.finishedCount)
    guard let bytes = dodge.leavesAfterBytes else {
      let seen = try await setting.gateway.send(dodge.path, dodge.body, headers: [("authorization", "Bearer k")])
      if seen.status == 429 {
        #expect(seen.code == "budget_exceeded" && seen.headers["retry-after"] != nil, "\(seen.text)")
        return false
      }
      #expect(seen.status == 200, "\(dodge): \(seen.text)")
      try await eventually { setting.finishedCount > finished }
      return true
    }
    let client = try await LeavingClient(port: setting.gateway.port, path: dodge.path, dodge.body)
    // A refusal is an answer, and asks no one.
    try await eventually {
      setting.upstream.requests.count > calls ? client.receivedBytes >= bytes : client.receivedBytes > 0
    }
    let passed = setting.upstream.requests.count > calls
    if passed, dodge == .thinkingUnseen { try await Task.sleep(for: .milliseconds(350)) }
    await client.leave()
    if passed { try await eventually { setting.finishedCount > finished } }
    return passed
  }

  /// The most that one request of a dodge may cost: all its answers, as long as the model writes.
  private static func boundUSD(_ dodge: Dodge) -> Double {
    let answers = [Dodge.manyAnswers: 8, .leavingAStream: 8, .legacyCompletions: 4, .ensemble: 3, .cascade: 3]
    let expensive = dodge == .dearerTarget ? 5.0 : 1
    return expensive * Double(answers[dodge] ?? 1) * (2000 * 10e-6 + 500e-6)
  }

  @Test(arguments: Dodge.allCases)
  fileprivate func overspendsByAtMostOneRequest(dodge: Dodge) async throws {
    // What costs little is given little.
    let each = Self.usd(dodge.billed, dodge)
    let budget = dodge.billed.output == 0 ? 0.001 : Self.budgetUSD
    let setting = try await Self.start(dodge, budgetUSD: budget)
    defer { setting.gateway.stop() }
    var passed = 0
    while passed < 400, try await Self.attempt(dodge, setting) { passed += 1 }
    #expect(passed > 0 && passed < 400, "\(dodge): \(passed) requests passed")
    let billedUSD = Double(setting.upstream.requests.count) * each
    #expect(billedUSD <= budget + Self.boundUSD(dodge), "\(dodge): \(billedUSD) USD with \(budget)")
    // And no honest key would be locked out early: half the budget was booked at least.
    #expect(await setting.spend.dayUSD >= budget / 2, "\(dodge)")
    // It stays refused.
    #expect(try await !Self.attempt(dodge, setting))
  }

  /// Many at a time pass no further than one after the other.
  @Test func manyAtATime() async throws {
    let setting = try await Self.start(.manyAnswers)
    defer { setting.gateway.stop() }
    let passed = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<40 { group.addTask { (try? await Self.attempt(.manyAnswers, setting)) == true } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(passed >= 1)
    let billedUSD = Double(setting.upstream.requests.count) * Self.usd(Dodge.manyAnswers.billed, .manyAnswers)
    #expect(billedUSD <= Self.budgetUSD + Self.boundUSD(.manyAnswers))
  }

  /// What is booked by estimate outlives the process, whatever the dodge.
  @Test(arguments: [
    Dodge.leavingAStream, .abandoningAWholeAnswer, .abandonedEmbeddings, .abandonedPassthrough, .noUsage,
  ])
  fileprivate func aRestartForgetsNothing(dodge: Dodge) async throws {
    let folder = try TelemetryFolder()
    let now = GatewayClock.system.unixSeconds()
    let ledger = try folder.ledger(at: now)
    let budget = dodge.billed.output == 0 ? 0.001 : Self.budgetUSD
    let setting = try await Self.start(dodge, ledger: ledger, budgetUSD: budget)
    while try await Self.attempt(dodge, setting) {}
    let spent = await setting.spend.dayUSD
    setting.gateway.stop()
    await ledger.close()

    let next = try folder.ledger(at: now)
    let again = try await Self.start(dodge, ledger: next, budgetUSD: budget)
    defer { again.gateway.stop() }
    #expect(abs(await again.spend.dayUSD - spent) < 1e-9)
    #expect(try await !Self.attempt(dodge, again))
    await next.close()
  }

  /// The log keeps what is known apart from what was booked.
  @Test func whatIsUnknownStaysUnknown() async throws {
    let setting = try await Self.start(.abandoningAWholeAnswer)
    _ = try await Self.attempt(.abandoningAWholeAnswer, setting)
    let spent = await setting.spend
    setting.gateway.stop()
    await setting.records.close()
    let rows = try await setting.records.store.spending(sinceDay: 0)
    #expect(rows.count == 1 && rows[0].costUSD == 0 && rows[0].unpricedRequests == 1)
    #expect(rows[0].bookedUSD == spent.dayUSD && spent.dayUSD >= 500 * 10e-6, "\(rows)")
  }

  /// Nothing is owed for what was never sent, or what a provider refused.
  @Test(arguments: ["400 Bad", "401 No", "429 Later", "500 Failed"])
  func errorsCostNothing(status: String) async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.answer("{}", status: status)] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL, "http://127.0.0.1:1/v1")
    var key = KeyConfiguration(name: "a", sha256: VirtualKey.sha256("k".utf8))
    key.dailyBudgetUSD = 1
    configuration.keys = [key]
    let gateway = try await TestGateway.start(configuration, catalogue: PriceCatalogue(json: Array(Self.prices.utf8)))
    defer { gateway.stop() }
    for stream in [false, true] {
      let seen = try await gateway.send(
        "/v1/chat/completions", TestGateway.chatBody("x", stream: stream), headers: [("authorization", "Bearer k")])
      #expect(seen.status >= 400)
    }
    let shared = gateway.live.shared
    #expect(await shared.ledger.standing(of: key, at: shared.clock.unixSeconds()).spend == Spend())
  }

  /// An honest client that asks little is not kept out by what its requests could cost: they pass one after the other.
  @Test func anHonestKeyIsLetThrough() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    var key = KeyConfiguration(name: "a", sha256: VirtualKey.sha256("k".utf8))
    // Below what one answer may cost at most, and far above what these do.
    key.dailyBudgetUSD = 0.01
    configuration.keys = [key]
    let gateway = try await TestGateway.start(configuration, catalogue: PriceCatalogue(json: Array(Self.prices.utf8)))
    defer { gateway.stop() }
    for _ in 0..<20 {
      let seen = try await gateway.send(
        "/v1/chat/completions", TestGateway.chatBody("x"), headers: [("authorization", "Bearer k")])
      #expect(seen.status == 200, "\(seen.text)")
    }
  }
}
