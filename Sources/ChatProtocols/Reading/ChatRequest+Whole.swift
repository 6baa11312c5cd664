import TextKit

extension ChatRequest {
  /// The same request for a whole answer: what is checked before the client sees it cannot be streamed. The client's
  /// ``isStream`` stays with the exchange.
  package var asWhole: ChatRequest {
    guard isStream else { return self }
    let body = Self.withoutStream(body, root)
    let chatBody = apiFormat == .chatCompletions ? body : Self.withoutStream(chatBody, chat)
    guard let root = try? JSONParser.parse(body), let chat = try? JSONParser.parse(chatBody) else { return self }
    var request = ChatRequest(
      apiFormat: apiFormat, body: body, root: root, chatBody: chatBody, chat: chat, model: model, isStream: false,
      wantsUsageChunk: false, request: self.request, scored: scored, untranslatable: untranslatable)
    request.betas = betas
    request.hostedTools = hostedTools
    request.wantsLogprobs = wantsLogprobs
    request.dropsHostedTools = dropsHostedTools
    return request
  }

  /// The same request for another model to answer beside it: whole, and without what runs at one provider's own servers.
  package var asCopy: ChatRequest {
    var copy = asWhole
    copy.dropsHostedTools = true
    return copy
  }

  private static func withoutStream(_ body: [UInt8], _ root: JSONNode) -> [UInt8] {
    var edit = BodyEdit()
    if let stream = root["stream"] { edit.replace(stream.range, with: Array("false".utf8)) }
    // Providers refuse stream_options without a stream, and take null.
    if let options = root["stream_options"] { edit.replace(options.range, with: Array("null".utf8)) }
    return edit.applied(to: body)
  }
}
