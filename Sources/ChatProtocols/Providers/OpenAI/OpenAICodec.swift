import TextKit

/// OpenAI's chat completions, and all compatible services. Source: OpenAI API reference, "Chat Completions".
///
/// A client's chat completion goes out as it came, but for the model's name, `stream_options.include_usage`, and thoughts that
/// OpenAI's own models refuse (``ForeignThinking``). What
/// other API formats were read into is written as the model takes it: ``OpenAIAdaptation``.
package struct OpenAICodec: ProviderCodec {
  package var apiFormat: APIFormat { .chatCompletions }

  package init() {}

  package func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest {
    if request.apiFormat != apiFormat, let error = request.untranslatable { throw error }
    var upstream = UpstreamRequest(
      path: "/chat/completions", headers: [("content-type", "application/json")],
      body: try body(for: request, model: model))
    if request.wantsOwnLogprobs, !Self.isReasoningModel(model) {
      upstream.body = LogprobsAsked.added(to: upstream.body)
      upstream.ownFields.insert(LogprobsAsked.field)
    }
    return upstream
  }

  package func answer(from body: [UInt8]) throws(ProviderFault) -> ChatResponse {
    let text = try ProviderBody.readable(body)
    var answer = try OpenAIAnswerReader.answer(from: text.object)
    if text.cleaned != nil { answer.isMended = true }
    return answer
  }

  package func makeStreamDecoder() -> any StreamDecoder { OpenAIStreamDecoder() }

  package func mended(_ body: [UInt8], after failure: UpstreamFailure) -> [UInt8]? {
    ForeignThinking.mended(body, after: failure)
  }

  package func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    OpenAIFailure.failure(status: status, headers: headers, body: body)
  }

  package var embeddings: (any EmbeddingsCodec)? { OpenAIEmbeddings() }

  /// Source: OpenAI API reference, "Web search": of the models of chat completions, those that are named after it.
  package func canSearch(_ search: WebSearch, for request: ChatRequest, model: String) -> Bool {
    !search.isRestricted && OpenAIAdaptation(model: model).isSearchModel
  }

  private func body(for request: ChatRequest, model: String) throws(GatewayError) -> [UInt8] {
    guard request.apiFormat == apiFormat else {
      let body = OpenAIAdaptation(model: model).body(of: request.chat)
      guard let search = try request.webSearch(by: self, model: model) else { return body.jsonBytes }
      return body.setting("web_search_options", to: search.chatOptions).jsonBytes
    }
    var edit = BodyEdit.forUpstream(request.root, model: model, asksForUsage: request.isStream)
    ForeignThinking(model: model).edit(&edit, request.root)
    return edit.applied(to: request.body)
  }

  /// Whether OpenAI's name of a model is of those that refuse `max_tokens`; a name may have a provider before it.
  static func isReasoningModel(_ model: String) -> Bool {
    let name = model.split(separator: "/").last ?? ""
    return ["o1", "o3", "o4", "gpt-5"].contains { name.hasPrefix($0) }
  }
}

extension ProviderKind {
  /// OpenAI's, and all compatible services: OpenRouter, Groq, DeepSeek, Mistral, vLLM, Ollama …
  package static let openai = ProviderKind(
    "openai", codec: OpenAICodec(), signer: KeyHeader("authorization", prefix: "Bearer "),
    address: ProviderAddress.fixed("https://api.openai.com/v1"), defaultKeyVariable: "OPENAI_API_KEY",
    spanName: "openai")
}
