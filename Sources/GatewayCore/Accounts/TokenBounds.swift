package import ChatProtocols
import Ockham
package import TextKit

/// What a request may use of a model: as expected, and at most. No one counts with a provider's tokeniser, so that the bounds
/// stand on what is known before: bytes, `n`, limits, efforts, and the catalogue's limit of the model.
///
/// | | prompt | answer |
/// | --- | --- | --- |
/// | ``expected`` | ``Ockham/RequestNeeds/inputTokens`` | for each of `n`: the limit, or 512 and the thinking that was asked for |
/// | ``most`` | twice that, for scripts of few bytes to a token | for each of `n`: the limit, or as much as the model writes |
/// | ``seen(of:)`` | as expected | what was seen: a token for four bytes, and at least one for each part |
/// | ``left(_:after:)`` | as at most | what was seen, and what may have been written unseen |
package struct TokenBounds: Sendable {
  private let prompt: Int
  private let furtherBytes: Int
  private let asked: AskedOutput
  private let price: Price?
  private let mayThink: Bool

  /// What a model is taken to write at most where the catalogue does not say and the request names no limit.
  package static let assumedMaximum = 1 << 14

  /// More than models that think write in a second.
  package static let tokensPerSecond = 1000.0

  /// Tokens that may be on their path to a client that leaves, for each answer.
  private static let unseenTokens = RequestNeeds.assumedOutputTokens

  /// Bytes of a body beyond its texts, such as documents, to a token at most.
  private static let furtherBytesPerToken = 64

  /// - Parameters:
  ///   - price: of the model; `nil` where nothing is known of it.
  ///   - reasons: whether the model thinks; `nil` where no one knows.
  package init(_ request: ChatRequest, price: Price?, reasons: Bool?) {
    prompt = RequestNeeds(request.request).inputTokens
    furtherBytes = max(0, request.chatBody.count - request.request.textBytes)
    asked = AskedOutput(request)
    self.price = price
    mayThink = asked.thinkingTokens.map { $0 > 0 } ?? (reasons == true)
  }

  /// What the request is taken to use: what a key must have left for it.
  package var expected: TokenUsage {
    let thinking = mayThink ? asked.thinkingTokens ?? AskedOutput.usualThinking : 0
    let each = min(asked.limit ?? (RequestNeeds.assumedOutputTokens + thinking), price?.maximumOutputTokens ?? .max)
    return served(TokenUsage(inputTokens: prompt, outputTokens: asked.answers * each), as: asked.serviceTier)
  }

  /// What the request may use: what is set aside for it.
  package var most: TokenUsage {
    let unlimited = price?.maximumOutputTokens ?? (Self.assumedMaximum + (asked.thinkingTokens ?? 0))
    let each = min(asked.limit ?? unlimited, price?.maximumOutputTokens ?? .max)
    let input = 2 * prompt + furtherBytes / Self.furtherBytesPerToken
    var usage = served(TokenUsage(inputTokens: input, outputTokens: asked.answers * each), as: dearerTier)
    let prices = price?.forPrompt(tokens: input).served(dearerTier)
    // Where writing to the cache or thinking costs more, all of it may be that.
    if let write = prices?.cacheWrite, write > prices?.input ?? 0 { usage.cacheWriteTokens = input }
    if let thinking = prices?.reasoning, thinking > prices?.output ?? 0 { usage.reasoningTokens = usage.outputTokens }
    return usage
  }

  /// The tier that is asked for, unless it costs less: a provider may serve such a request as usual, at the usual price.
  private var dearerTier: ServiceTier? { asked.serviceTier == .flex ? nil : asked.serviceTier }

  private func served(_ usage: TokenUsage, as tier: ServiceTier?) -> TokenUsage {
    var usage = usage
    usage.serviceTier = tier
    if asked.mayBeAudio { usage.audioOutputTokens = usage.outputTokens }
    return usage
  }

  /// What a whole answer is taken to have used whose provider did not count.
  package func seen(of extent: AnswerExtent, after seconds: Double) -> TokenUsage {
    let output = written(extent, unseen: thought(in: seconds, extent))
    return served(TokenUsage(inputTokens: prompt, outputTokens: output), as: dearerTier)
  }

  /// What a stream is taken to have used that ended before its provider counted: it writes on until its connection is closed.
  package func left(_ extent: AnswerExtent, after seconds: Double) -> TokenUsage {
    let onItsWay = asked.answers * min(asked.limit ?? Self.unseenTokens, Self.unseenTokens)
    let unseen = extent.bytes == 0 ? max(onItsWay, Self.inTime(seconds, asked.answers)) : thought(in: seconds, extent)
    var usage = most
    usage.outputTokens = written(extent, unseen: max(onItsWay, unseen))
    usage.reasoningTokens = min(usage.reasoningTokens, usage.outputTokens)
    usage.audioOutputTokens = min(usage.audioOutputTokens, usage.outputTokens)
    return usage
  }

  /// What was seen, or what may have been written instead, but no more than the model can.
  private func written(_ extent: AnswerExtent, unseen: Int) -> Int {
    let seen = max(extent.pieces, TokenEstimate.tokens(bytes: extent.bytes), 1)
    return max(seen, min(unseen, most.outputTokens))
  }

  /// Thinking that no one sees.
  private func thought(in seconds: Double, _ extent: AnswerExtent) -> Int {
    mayThink || extent.showsReasoning ? Self.inTime(seconds, asked.answers) : 0
  }

  private static func inTime(_ seconds: Double, _ answers: Int) -> Int {
    Int(min(max(0, seconds), 1e6) * tokensPerSecond) * answers
  }
}
