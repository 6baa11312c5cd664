import ChatProtocols
import Foundation
import GRDB
import Testing
import TextKit

@testable import Gateway
@testable import GatewayCore

/// Counts of tokens that cannot be true: not booked, and flagged.
struct UsageCheckTests {
  private static func request(_ members: String = "") throws -> ChatRequest {
    let body = #"{"model":"a","messages":[{"role":"user","content":"What is two and two, do you think?"}]\#(members)}"#
    return try ChatCompletionsFormat().request(from: Array(body.utf8), reading: LogRequestReader.read)
  }

  private static func extent(_ bytes: Int, reasons: Bool = false) -> AnswerExtent {
    var extent = AnswerExtent()
    extent.add(.content(choice: 0, String(repeating: "x", count: bytes)))
    if reasons { extent.add(.reasoning(choice: 0, "x")) }
    return extent
  }

  @Test(
    arguments: [
      (9, 5, 20, false, ""), (9, 20_000, 20, false, ""), (9, 100_000, 20, true, ""),
      (9, 500, 2000, false, #","max_tokens":400"#),
      // Reasoning counts within what was asked for, and some servers go beyond.
      (9, 900, 20, false, #","max_tokens":400"#), (9, 100_000, 20, false, #","reasoning_effort":"high""#),
      (9, 0, 0, false, ""),
      (1_000_000, 5, 20, false, ""), (9, 0, 20, false, ""), (0, 5, 20, false, ""),
    ] as [(Int, Int, Int, Bool, String)])
  func whatMayBeTrueStays(input: Int, output: Int, bytes: Int, reasons: Bool, members: String) throws {
    let usage = TokenUsage(inputTokens: input, outputTokens: output)
    let checked = UsageCheck(request: try Self.request(members)).checked(
      usage, of: Self.extent(bytes, reasons: reasons))
    #expect(checked == usage)
  }

  @Test(
    arguments: [
      (9, 50_000, 20, false, ""), (9, 1 << 30, 20, true, ""), (9, 20_000, 20, false, #","max_tokens":400"#),
      (0, 0, 20, false, ""), (1 << 30, 5, 20, false, ""), (-4, 5, 20, false, ""),
      (9, -7, 20, false, ""),
    ] as [(Int, Int, Int, Bool, String)])
  func whatCannotBeTrueIsEstimated(input: Int, output: Int, bytes: Int, reasons: Bool, members: String) throws {
    let usage = TokenUsage(inputTokens: input, outputTokens: output)
    let checked = try #require(
      UsageCheck(request: try Self.request(members)).checked(usage, of: Self.extent(bytes, reasons: reasons)))
    #expect(checked.isFlagged)
    #expect((1...30).contains(checked.inputTokens) && (1...20).contains(checked.outputTokens), "\(checked)")
  }

  /// What is far beyond the model's window, or the longest answer that it writes, is not believed.
  @Test func theModelBoundsWhatIsBelieved() throws {
    var price = Price(input: 1e-6, output: 1e-6)
    (price.contextTokens, price.maximumOutputTokens) = (10_000, 2000)
    func checked(_ input: Int, _ output: Int, _ members: String = "") throws -> TokenUsage? {
      UsageCheck(request: try Self.request(members), price: price).checked(
        TokenUsage(inputTokens: input, outputTokens: output), of: Self.extent(20))
    }
    #expect(try checked(80_000, 2000)?.isFlagged == false)
    #expect(try checked(80_001, 2000)?.isFlagged == true)
    #expect(try checked(100, 6097)?.isFlagged == true)
    #expect(try checked(100, 6097, #","n":3"#)?.isFlagged == false)
    #expect(try checked(100, 1 << 48)?.outputTokens == 5)
  }

  @Test func partsStayInTheirWhole() throws {
    let usage = TokenUsage(
      inputTokens: 100, outputTokens: 10, cachedInputTokens: 500, cacheWriteTokens: 7, reasoningTokens: 11,
      longCacheWriteTokens: -1)
    let checked = try #require(UsageCheck(request: try Self.request()).checked(usage, of: Self.extent(20)))
    #expect(checked.isFlagged && checked.cachedInputTokens == 100 && checked.cacheWriteTokens == 0)
    #expect(checked.reasoningTokens == 10 && checked.longCacheWriteTokens == 0)
    #expect(UsageCheck(request: try Self.request()).checked(nil, of: Self.extent(20)) == nil)
  }

  /// What each provider says of an answer of two bytes.
  private static let absurd = ["-5", "1e30", "4000000000", "NaN", "0"]

  private static func openAI(_ count: String) -> String {
    #"{"id":"a","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":\#(count),"completion_tokens":\#(count)}}"#
  }

  private static func anthropic(_ count: String) -> String {
    #"{"id":"a","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","usage":{"input_tokens":\#(count),"output_tokens":\#(count)}}"#
  }

  private static func gemini(_ count: String) -> String {
    #"{"candidates":[{"content":{"parts":[{"text":"ok"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":\#(count),"candidatesTokenCount":\#(count)}}"#
  }

  /// Neither a budget nor the log learns of it, whole or as a stream.
  @Test(.timeLimit(.minutes(20)), arguments: absurd, [ProviderKind.openai, .anthropic, .gemini])
  func nothingAbsurdIsBooked(count: String, kind: ProviderKind) async throws {
    let upstream = try await FaultUpstream.start { _, request in
      let body = kind == .openai ? Self.openAI(count) : kind == .anthropic ? Self.anthropic(count) : Self.gemini(count)
      guard String(decoding: request.body, as: UTF8.self).contains("include_usage") else {
        return [FaultUpstream.answer(body)]
      }
      let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
      let usage = #"{"choices":[],"usage":{"prompt_tokens":\#(count),"completion_tokens":\#(count)}}"#
      return [
        FaultUpstream.streamHead, FaultUpstream.chunk("ok"),
        .send("data: \(end)\n\ndata: \(usage)\n\ndata: [DONE]\n\n"), .close,
      ]
    }
    let folder = try TelemetryFolder()
    let recorder = try folder.store()
    var configuration = GatewayConfiguration.testing(upstream.baseURL)
    configuration.providers["p0"]?.kind = kind
    let key = "k-123456789012345678901234567890"
    var owner = KeyConfiguration(name: "k", sha256: VirtualKey.sha256(key.utf8))
    owner.dailyBudgetUSD = 0.01
    configuration.keys = [owner]
    let prices = try PriceCatalogue(
      json: Array(#"{"gpt-4o-mini":{"input_cost_per_token":1e-6,"output_cost_per_token":1e-6}}"#.utf8))
    let gateway = try await TestGateway.start(configuration, telemetry: recorder, catalogue: prices)
    for isStream in kind == .openai ? [false, true] : [false] {
      let seen = try await gateway.send(
        "/v1/chat/completions", TestGateway.chatBody("a question of some length", stream: isStream),
        headers: [("authorization", "Bearer \(key)")])
      #expect(seen.status == 200, "\(seen.text)")
    }
    let metrics = try await gateway.send("/metrics", method: "GET")
    #expect(metrics.text.contains("ockham_gateway_usage_flagged_total{target=\"t0\"}"))
    gateway.stop()
    await gateway.end()
    await recorder.close()
    let rows = try DatabaseQueue(path: folder.database).read {
      try Row.fetchAll($0, sql: "SELECT input_tokens, output_tokens, cost_usd, usage_flagged FROM decisions")
    }
    #expect(!rows.isEmpty)
    for row in rows {
      #expect(
        (1...200).contains(row["input_tokens"] as Int) && (1...20).contains(row["output_tokens"] as Int), "\(row)")
      #expect((row["cost_usd"] as Double) < 0.001 && row["usage_flagged"] == 1)
    }
  }

  @Test func plainCountsAreNotFlagged() async throws {
    let upstream = try await FaultUpstream.start { _, _ in [FaultUpstream.completion("yes")] }
    let folder = try TelemetryFolder()
    let recorder = try folder.store()
    let gateway = try await TestGateway.start(.testing(upstream.baseURL), telemetry: recorder)
    #expect(try await gateway.chat().status == 200)
    gateway.stop()
    await gateway.end()
    await recorder.close()
    let flags = try await DatabaseQueue(path: folder.database).read {
      try Int.fetchAll($0, sql: "SELECT usage_flagged FROM decisions UNION ALL SELECT usage_flagged FROM attempts")
    }
    #expect(flags == [0, 0])
  }
}
