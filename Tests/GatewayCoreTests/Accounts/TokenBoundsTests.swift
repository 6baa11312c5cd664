import Ockham
import Testing
import TextKit

@testable import ChatProtocols
@testable import GatewayCore

/// What a request may use, by what it says.
struct TokenBoundsTests {
  private static let text = String(repeating: "four", count: 100)

  private func bounds(_ members: String = "", most: Int? = 2000, reasons: Bool? = nil) throws -> TokenBounds {
    var price = Price(input: 1e-6, output: 1e-6)
    price.maximumOutputTokens = most
    return TokenBounds(try RouterFixture.chat(Self.text, more: members), price: price, reasons: reasons)
  }

  @Test(
    arguments: [
      ("", 512, 2000), (#","n":3"#, 1536, 6000), (#","n":0"#, 512, 2000), (#","best_of":4,"n":2"#, 2048, 8000),
      (#","max_tokens":100"#, 100, 100), (#","max_tokens":100,"n":5"#, 500, 500),
      (#","max_tokens":1000000"#, 2000, 2000),
      (#","max_tokens":9,"max_completion_tokens":90"#, 90, 90),
      (#","max_tokens":90,"max_completion_tokens":9"#, 90, 90),
      (#","reasoning_effort":"low""#, 1536, 2000), (#","reasoning_effort":"high""#, 2000, 2000),
      (#","reasoning_effort":"none""#, 512, 2000), (#","thinking":{"type":"enabled","budget_tokens":700}"#, 1212, 2000),
      (#","thinking":{"type":"disabled"}"#, 512, 2000),
    ] as [(String, Int, Int)])
  func countsWhatIsAskedFor(members: String, expected: Int, most: Int) throws {
    let bounds = try bounds(members)
    #expect(bounds.expected.outputTokens == expected && bounds.most.outputTokens == most)
    #expect(bounds.expected.inputTokens == 104 && bounds.most.inputTokens >= 208)
  }

  /// A tier that costs more is set aside as it is asked for, one that costs less at the usual price.
  @Test func serviceTiersAndSound() throws {
    let priority = try bounds(#","service_tier":"priority""#)
    #expect(priority.expected.serviceTier == .priority && priority.most.serviceTier == .priority)
    let extent = AnswerExtent()
    #expect(
      priority.seen(of: extent, after: 1).serviceTier == .priority
        && priority.left(extent, after: 1).serviceTier == .priority)
    let flex = try bounds(#","service_tier":"flex""#)
    #expect(
      flex.expected.serviceTier == .flex && flex.most.serviceTier == nil
        && flex.seen(of: extent, after: 1).serviceTier == nil)
    #expect(try bounds(#","service_tier":"auto""#).most.serviceTier == nil)
    let sound = try bounds(#","modalities":["text","audio"]"#).most
    #expect(sound.audioOutputTokens == sound.outputTokens && sound.outputTokens == 2000)
  }

  @Test func absurdNumbersDoNotOverflow() throws {
    for number in ["1000000000000000000", "9223372036854775807", "1e300"] {
      let bounds = try bounds(#","n":\#(number),"max_tokens":1000000000000"#, most: nil)
      #expect(bounds.most.outputTokens >= bounds.expected.outputTokens && bounds.expected.outputTokens > 0)
    }
  }

  @Test func modelsThatAreNotKnown() throws {
    #expect(try bounds(most: nil).most.outputTokens == TokenBounds.assumedMaximum)
    #expect(try bounds(#","max_tokens":99999"#, most: nil).most.outputTokens == 99_999)
    #expect(try bounds(most: nil, reasons: true).expected.outputTokens == 512 + AskedOutput.usualThinking)
  }

  /// The most costs no less than any usage within it, whatever of it is written to a cache or thought.
  @Test func theMostExpensiveCaseIsCounted() throws {
    var price = Price(input: 1e-6, output: 1e-6)
    (price.cacheWrite, price.cachedInput, price.reasoning, price.maximumOutputTokens) = (2e-6, 1e-7, 3e-6, 1000)
    let bounds = TokenBounds(try RouterFixture.chat(Self.text), price: price, reasons: nil)
    let most = try #require(price.costUSD(of: bounds.most))
    for (write, thinking) in [(0, 0), (200, 0), (0, 1000), (200, 1000)] {
      let usage = TokenUsage(
        inputTokens: 200, outputTokens: 1000, cacheWriteTokens: write, reasoningTokens: thinking)
      #expect(try #require(price.costUSD(of: usage)) <= most)
    }
  }

  @Test func whatWasSeen() throws {
    var extent = AnswerExtent()
    for _ in 0..<300 { extent.add(.content(choice: 0, "ab")) }
    // A part is a token at least, however short.
    #expect(try bounds().seen(of: extent, after: 9).outputTokens == 300)
    #expect(try bounds().seen(of: AnswerExtent(), after: 9).outputTokens == 1)
    extent.add(.content(choice: 0, String(repeating: "x", count: 40_000)))
    #expect(
      try bounds().seen(of: extent, after: 9).outputTokens == 10_150, "more than the model writes, but it was seen")
    // Anyone who leaves pays for what may be in flight too, and for thinking that no one saw.
    #expect(try bounds().left(AnswerExtent(), after: 0).outputTokens == 512)
    #expect(try bounds(#","max_tokens":50"#).left(AnswerExtent(), after: 9).outputTokens == 50)
    #expect(try bounds().left(AnswerExtent(), after: 1.5).outputTokens == 1500)
    #expect(try bounds().left(AnswerExtent(), after: 60).outputTokens == 2000)
    var short = AnswerExtent()
    short.add(.content(choice: 0, "yes"))
    #expect(try bounds().left(short, after: 60).outputTokens == 512)
    #expect(try bounds(reasons: true).left(short, after: 1).outputTokens == 1000)
    short.add(.seal(choice: 0, .redacted("x")))
    #expect(try bounds().left(short, after: 60).outputTokens == 2000)
  }
}
