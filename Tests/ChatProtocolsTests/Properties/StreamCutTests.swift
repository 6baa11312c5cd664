import Statistics
import Testing
import TextKit

@testable import ChatProtocols

/// The same bytes cut elsewhere are the same answer: each provider's own streams, and each API format that the gateway writes,
/// whatever ends their lines.
struct StreamCutTests {
  /// What a connection delivers, in order.
  typealias Pieces = [ArraySlice<UInt8>]

  /// Answers in a provider's own words.
  static let own = RoundTripTests.cases + [longGemini, openAIMix]

  @Test(arguments: own) func anyCutOfAProvidersStreamIsTheSameAnswer(_ row: RoundTripTests.Case) throws {
    try expectSame(bytes(row.stream), by: row.provider)
    try expectSameEvents(row.stream)
  }

  @Test(arguments: [APIFormat.chatCompletions, .messages, .responses])
  func anyCutOfAWrittenStreamIsTheSameAnswer(_ apiFormat: APIFormat) throws {
    for answer in Self.answers {
      let written = try Self.written(answer, apiFormat)
      switch apiFormat {
      case .chatCompletions: try expectSame(written, by: OpenAICodec())
      case .messages: try expectSame(written, by: AnthropicCodec())
      // No one reads them here: their events, byte for byte.
      default: break
      }
      try expectSameEvents(text(written))
    }
  }

  /// The answer, for every cut in two, every byte by itself, and seeded cuts into many pieces.
  private func expectSame(_ stream: [UInt8], by provider: some ProviderCodec) throws {
    let start = Reading(provider)
    let whole = try start.events(of: [stream[...]])
    #expect(whole.contains { if case .finish = $0 { true } else { false } })
    var first = start
    var head: [ChatEvent] = []
    for cut in stream.indices {
      var second = first
      #expect(try head + second.read(stream[cut...]) == whole, "cut at \(cut)")
      head += try first.read(stream[cut...cut])
    }
    #expect(head == whole)
    var draws = SplitMix64(seed: UInt64(stream.count))
    for _ in 0..<20 {
      let pieces = Self.pieces(of: stream, &draws)
      #expect(try start.events(of: pieces) == whole, "\(pieces.map(\.count))")
    }
  }

  /// The events that a decoder is given, for every cut in two, whatever ends the lines.
  private func expectSameEvents(_ stream: String) throws {
    let whole = try sent(bytes(stream))
    for end in ["\n", "\r", "\r\n"] {
      let stream = bytes(stream.replacing("\n", with: end))
      for cut in 0...stream.count {
        var parser = ServerSentEventParser()
        let events = try parser.parse(Array(stream[..<cut])) + parser.parse(Array(stream[cut...]))
        #expect(events == whole, "cut at \(cut)")
      }
    }
  }

  private static func pieces(of stream: [UInt8], _ draws: inout SplitMix64) -> Pieces {
    var pieces: Pieces = []
    var start = 0
    while start < stream.count {
      let end = min(stream.count, start + Int.random(in: 0...40, using: &draws))
      pieces.append(stream[start..<end])
      start = end
    }
    return pieces
  }

  /// Parser and decoder of one stream.
  struct Reading {
    var parser = ServerSentEventParser()
    var decoder: any StreamDecoder

    init(_ provider: some ProviderCodec) { decoder = provider.makeStreamDecoder() }

    mutating func read(_ piece: ArraySlice<UInt8>) throws -> [ChatEvent] {
      var events: [ChatEvent] = []
      for event in try parser.parse(Array(piece)) { events += try decoder.decode(event: event.name, data: event.data) }
      return events
    }

    func events(of pieces: Pieces) throws -> [ChatEvent] {
      var reading = self
      var events: [ChatEvent] = []
      for piece in pieces { events += try reading.read(piece) }
      return events
    }
  }
}

extension StreamCutTests {
  /// Answers that the gateway gives in each API format.
  static let answers: [[ChatEvent]] = [
    [
      .start(id: "a1", model: "m", created: 9), .reasoning(choice: 0, "hm, "), .reasoning(choice: 0, "¿qué?"),
      .content(choice: 0, "Hé\u{1F600}\r\n"), .content(choice: 0, "\u{2028}y\n\n:data: x"),
      .toolCall(choice: 0, call: 0, id: "c1", name: "f", arguments: ""),
      .toolCall(choice: 0, call: 0, id: nil, name: nil, arguments: #"{"a":"#),
      .toolCall(choice: 0, call: 0, id: nil, name: nil, arguments: #""日本"}"#),
      .toolCall(choice: 0, call: 1, id: "c2", name: "g", arguments: "{}"), .finish(choice: 0, .toolCalls),
      .usage(TokenUsage(inputTokens: 30, outputTokens: 4, cachedInputTokens: 20, reasoningTokens: 2)),
    ],
    [
      .start(id: "a2", model: "m", created: 9), .content(choice: 0, "Nur T"), .content(choice: 0, "ext. 👩‍👩‍👧"),
      .finish(choice: 0, .length), .usage(TokenUsage(inputTokens: 1, outputTokens: 2)),
    ],
    [.start(id: "a3", model: "m", created: 9), .content(choice: 0, "no"), .finish(choice: 0, .contentFilter)],
  ]

  static func written(_ events: [ChatEvent], _ apiFormat: APIFormat) throws -> [UInt8] {
    let request = try chat(plainChat(#","stream":true,"stream_options":{"include_usage":true}"#))
    return switch apiFormat {
    case .chatCompletions: encoded(events, by: ChatCompletionsFormat().makeStreamEncoder(for: request))
    case .messages: encoded(events, by: MessagesFormat().makeStreamEncoder(for: request))
    default:
      encoded(
        events,
        by: ResponsesFormat().makeStreamEncoder(for: try responses(#"{"model":"m","input":"hi","stream":true}"#)))
    }
  }

  /// Thoughts, texts of many bytes a letter, two calls in one part and one alone, tokens said twice.
  private static let longGemini = RoundTripTests.Case(
    name: "Gemini, all at once", provider: GeminiCodec(), whole: "",
    stream: #"""
      data: {"responseId":"r9","modelVersion":"gemini","candidates":[{"content":{"role":"model","parts":[{"text":"Ich überlege 🤔","thought":true}]},"index":0}],"usageMetadata":{"promptTokenCount":10}}

      data: {"candidates":[{"content":{"parts":[{"text":"Grüße, 世界\n"},{"functionCall":{"name":"f","args":{"ort":"Köln","n":[1,2.5]}}},{"functionCall":{"name":"f","args":{"ort":"東京"}}}]}}]}

      : a comment

      data: {"candidates":[{"content":{"parts":[{"functionCall":{"id":"x","name":"g","args":{}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":6}}


      """#,
    usage: TokenUsage(inputTokens: 10, outputTokens: 11, reasoningTokens: 6), reason: .toolCalls)

  /// Calls mixed into one another, two of them in one chunk, text after them.
  private static let openAIMix = RoundTripTests.Case(
    name: "OpenAI, all at once", provider: OpenAICodec(), whole: "",
    stream: #"""
      event: message
      data: {"id":"c9","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Ü","reasoning_content":"¶"}}]}

      data: {"id":"c9","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"ä\""}},{"index":1,"id":"b","function":{"name":"f","arguments":""}}]}}]}

      data: {"id":"c9","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{}"}},{"index":0,"function":{"arguments":":\"\\u00e9\"}"}}]}}]}

      data: {"id":"c9",
      data: "choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}

      data: [DONE]


      """#,
    usage: TokenUsage(inputTokens: 3, outputTokens: 4), reason: .toolCalls)
}
