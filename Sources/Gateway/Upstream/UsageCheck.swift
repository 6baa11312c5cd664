import ChatProtocols
import Ockham
import TextKit

/// Whether the tokens that a provider counts can be true of a request and its answer.
///
/// Some servers count below 0, in other units, or not at all and say 0. What cannot be true is replaced by an estimate
/// before anything is booked, and flagged: a budget must not be emptied, nor filled, by a server's fault. The bounds are
/// generous: reasoning is billed that no one sees, and searches that a provider makes lengthen the prompt.
struct UsageCheck {
  let request: ChatRequest

  /// Of the model: its window and its longest answer bound what is believed.
  var price: Price?

  /// Tokens of an answer beyond its bytes that are believed: where the model reasons, and where it may without saying so.
  private static let (reasoningTokens, silentTokens) = (1 << 17, 1 << 15)

  /// Tokens of a prompt beyond its bytes that are believed, and for each image.
  private static let (addedTokens, imageTokens) = (1 << 21, 1 << 17)

  /// The counts, those that cannot be true replaced by estimates.
  func checked(_ usage: TokenUsage?, of extent: AnswerExtent) -> TokenUsage? {
    guard var usage else { return nil }
    // Nothing at all is not counted; 0 beside a count that was none may stand for another.
    let isMissing = usage.isFlagged || usage.inputTokens == 0 && usage.outputTokens == 0 && extent.bytes > 0
    if !((isMissing ? 1 : 0)...mostInput).contains(usage.inputTokens) {
      usage.inputTokens = RequestNeeds(request.request).inputTokens
      usage.isFlagged = true
    }
    if !((isMissing && extent.bytes > 0 ? 1 : 0)...mostOutput(usage, extent)).contains(usage.outputTokens) {
      usage.outputTokens = max(1, TokenEstimate.tokens(bytes: extent.bytes))
      usage.isFlagged = true
    }
    hold(&usage.reasoningTokens, within: usage.outputTokens, &usage.isFlagged)
    hold(&usage.cachedInputTokens, within: usage.inputTokens, &usage.isFlagged)
    hold(&usage.cacheWriteTokens, within: usage.inputTokens - usage.cachedInputTokens, &usage.isFlagged)
    hold(&usage.audioInputTokens, within: usage.inputTokens, &usage.isFlagged)
    hold(&usage.audioOutputTokens, within: usage.outputTokens, &usage.isFlagged)
    hold(&usage.longCacheWriteTokens, within: usage.cacheWriteTokens, &usage.isFlagged)
    return usage
  }

  private func hold(_ part: inout Int, within whole: Int, _ isFlagged: inout Bool) {
    guard !(0...whole).contains(part) else { return }
    part = min(max(0, part), whole)
    isFlagged = true
  }

  /// What a provider's own tools find lengthens the prompt, again and again; without them the model's window bounds it. Windows
  /// are longer for some accounts than a catalogue says: several times as much is believed.
  private var mostInput: Int {
    let most = request.chatBody.count + Self.addedTokens + request.request.attributes.imageCount * Self.imageTokens
    guard let window = price?.contextTokens, request.hostedTools.names.isEmpty else { return most }
    return min(most, max(8 * min(window, 1 << 40), request.chatBody.count))
  }

  /// As many as its bytes, as it says that it reasoned, and as it may have without a word; and not by far more than were
  /// asked for.
  private func mostOutput(_ usage: TokenUsage, _ extent: AnswerExtent) -> Int {
    let asksForReasoning = request.chat["reasoning_effort"] != nil || request.root["thinking"] != nil
    let unseen = extent.showsReasoning || asksForReasoning ? Self.reasoningTokens : Self.silentTokens
    let most = extent.bytes + min(usage.reasoningTokens, 1 << 20) + unseen
    let asked = AskedOutput(request)
    // What was asked for is not held by all servers; what the model can write is.
    let bounds = [asked.limit.map { 4 * min($0, 1 << 30) }, price?.maximumOutputTokens].compactMap(\.self)
    guard let bound = bounds.min() else { return most }
    return min(most, max(extent.bytes, min(asked.answers, 128) * min(bound, 1 << 32)) + 4096)
  }
}
