import Statistics
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// However a connection delivers a provider's stream, clients of every API format see the same bytes.
struct StreamPieceTests {
  private static let head = Array(
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".utf8)

  private static let openAI = #"""
    data: {"id":"c9","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Ü 世"}}]}

    data: {"id":"c9","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"ä\""}}]}}]}

    data: {"id":"c9","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}

    data: {"id":"c9","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

    data: [DONE]


    """#

  private static let anthropic = #"""
    event: message_start
    data: {"type":"message_start","message":{"id":"msg","model":"claude","usage":{"input_tokens":10,"output_tokens":1}}}

    event: content_block_start
    data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

    event: content_block_delta
    data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Ü 世"}}

    event: content_block_stop
    data: {"type":"content_block_stop","index":0}

    event: message_delta
    data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":40}}

    event: message_stop
    data: {"type":"message_stop"}


    """#

  private static let gemini = #"""
    data: {"responseId":"r9","modelVersion":"g","candidates":[{"content":{"parts":[{"text":"Ü 世"}]}}]}

    data: {"responseId":"r9","candidates":[{"content":{"parts":[{"text":"!"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2}}


    """#

  @Test(.timeLimit(.minutes(20)), arguments: ["openai", "anthropic", "gemini"])
  func piecesAreOneStream(_ name: String) async throws {
    let kind = try #require(ProviderKind(rawValue: name))
    let stream = ["openai": Self.openAI, "anthropic": Self.anthropic, "gemini": Self.gemini][name] ?? ""
    for (path, body) in Self.requests {
      let upstream = try await FaultUpstream.start { number, _ in Self.steps(stream, number) + [.close] }
      var configuration = GatewayConfiguration.testing(upstream.baseURL)
      configuration.providers["p0"]?.kind = kind
      let gateway = try await TestGateway.start(configuration)
      defer { gateway.stop() }
      let whole = Self.timeless(try await gateway.send(path, body).text)
      #expect(whole.contains("世"), "\(whole)")
      for number in 1...6 {
        #expect(Self.timeless(try await gateway.send(path, body).text) == whole, "\(path), pieces \(number)")
      }
      await upstream.stop()
    }
  }

  private static let requests = [
    ("/v1/chat/completions", #"{"model":"small","stream":true,"messages":[{"role":"user","content":"hi"}]}"#),
    (
      "/v1/messages", #"{"model":"small","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}"#
    ), ("/v1/responses", #"{"model":"small","input":"hi","stream":true}"#),
  ]

  /// The first time at once; then byte by byte to begin with, and in drawn pieces with other line ends.
  private static func steps(_ stream: String, _ number: Int) -> [FaultUpstream.Step] {
    let bytes = Array(stream.replacing("\n", with: ["\n", "\r\n", "\r"][number % 3]).utf8)
    guard number > 0 else { return [.sendBytes(head), .sendBytes(bytes)] }
    var draws = SplitMix64(seed: UInt64(number))
    var steps: [FaultUpstream.Step] = [.sendBytes(head)]
    var start = 0
    while start < bytes.count {
      let count = number.isMultiple(of: 2) && start < 24 ? 1 : Int.random(in: 1...60, using: &draws)
      steps += [.sendBytes(Array(bytes[start..<min(bytes.count, start + count)])), .pause(seconds: 0.001)]
      start += count
    }
    return steps
  }

  /// What the clock writes, left out.
  private static func timeless(_ text: String) -> String {
    text.replacing(/"created(_at)?":\d+/, with: "")
  }
}
