import Testing

@testable import Gateway

/// The end of a stream as the client and the breaker see it, whatever the connection upstream does.
struct StreamEndingTests {
  private static let paths = ["/v1/chat/completions", "/v1/messages", "/v1/responses"]

  private static func body(_ path: String) -> String {
    path == "/v1/responses"
      ? #"{"model":"small","input":"hi","stream":true}"#
      : #"{"model":"small","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}"#
  }

  private static func isWhole(_ text: String) -> Bool {
    !text.contains("stream_interrupted")
      && ["data: [DONE]", "event: message_stop", "event: response.completed"].contains(where: text.contains)
  }

  /// Left open, cut, or followed by rubbish: the mark has ended the answer.
  @Test(
    arguments: paths,
    [
      // Cut at once, the client below may drop what it has not handed on: a body shorter than its length is a broken response.
      [FaultUpstream.Step.pause(seconds: 600)], [.pause(seconds: 0.3), .close],
      [.send("data: {\"error\":{\"message\":\"late\"}}\n\n"), .pause(seconds: 600)],
    ])
  func nothingAfterTheMarkCounts(_ path: String, _ after: [FaultUpstream.Step]) async throws {
    let head = FaultUpstream.Step.send(
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 100000\r\n\r\n")
    let upstream = try await FaultUpstream.start { _, _ in
      [head, FaultUpstream.chunk("hello"), FaultUpstream.streamEnd] + after
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let clock = ContinuousClock()
    let start = clock.now
    let seen = try await gateway.send(path, Self.body(path))
    #expect(seen.status == 200 && Self.isWhole(seen.text), "\(seen.text)")
    // A crowded machine takes its time, but not what the connection stays open for.
    #expect(clock.now - start < .seconds(300))
    #expect(gateway.live.runtime.targets.all[0].breaker.state(at: 0) == .closed)
  }

  /// Servers that keep the connection open after the reason to stop, and never send the mark.
  @Test(arguments: paths) func aFinishedAnswerWaitsForItsMarkNotLong(_ path: String) async throws {
    let finish = FaultUpstream.Step.send(
      "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
    let upstream = try await FaultUpstream.start { _, _ in
      [FaultUpstream.streamHead, FaultUpstream.chunk("hello"), finish, .pause(seconds: 30)]
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.send(path, Self.body(path))
    #expect(seen.status == 200 && Self.isWhole(seen.text), "\(seen.text)")
  }

  /// Nothing said is a failure before the first byte; the second target answers.
  @Test(arguments: [
    "data: [DONE]\n\n",
    "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
  ])
  func silenceIsTheNextTargetsTurn(_ silence: String) async throws {
    let first = try await FaultUpstream.start { _, _ in [FaultUpstream.streamHead, .send(silence), .close] }
    let second = try await FaultUpstream.start { _, _ in
      [FaultUpstream.streamHead, FaultUpstream.chunk("second"), FaultUpstream.streamEnd, .close]
    }
    let gateway = try await TestGateway.start(.testing(first.baseURL, second.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.chat(stream: true)
    #expect(seen.status == 200 && seen.text.contains("second"), "\(seen.text)")
  }

  /// An answer whose room ran out says nothing and means it.
  @Test func silenceForWantOfRoomIsAnAnswer() async throws {
    let upstream = try await FaultUpstream.start { _, _ in
      [
        FaultUpstream.streamHead,
        .send("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"),
        .send("data: [DONE]\n\n"), .close,
      ]
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let seen = try await gateway.chat(stream: true)
    #expect(seen.status == 200 && seen.text.contains("\"length\""), "\(seen.text)")
  }

  /// A whole answer where a stream was asked for, and the reverse, whatever the media type says.
  @Test(arguments: ["application/json", "text/event-stream", "text/plain"])
  func theShapeOfAnAnswerIsSeenInItsBytes(_ type: String) async throws {
    let whole = #"{"id":"c","choices":[{"index":0,"message":{"content":"hello"},"finish_reason":"stop"}]}"#
    let chunk = #"{"id":"c","choices":[{"index":0,"delta":{"content":"hello"},"finish_reason":"stop"}]}"#
    let upstream = try await FaultUpstream.start { number, _ in
      [FaultUpstream.answer(number == 0 ? whole : "data: \(chunk)\n\ndata: [DONE]\n\n", type: type)]
    }
    let gateway = try await TestGateway.start(.testing(upstream.baseURL))
    defer { gateway.stop() }
    let stream = try await gateway.chat(stream: true)
    #expect(stream.status == 200 && stream.text.contains("hello") && Self.isWhole(stream.text), "\(stream.text)")
    let answer = try await gateway.chat()
    #expect(answer.status == 200 && answer.text.contains(#""message":{"role":"assistant","content":"hello""#))
  }
}
