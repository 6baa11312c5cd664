/// Anthropic's Messages. Source: Anthropic API reference, "Create a Message", version 2023-06-01.
///
/// A client that speaks Messages too is passed on as it came, with its `anthropic-beta`, but for the model's name and what
/// ``AnthropicPassage`` says. From chat completions:
/// - JSON Schemas go as `output_config.format`, closed as ``AnthropicSchema`` says, as those of strict tools are; `json_object`,
///   which Anthropic lacks, as a tool that must be called and whose input is given back as the text;
/// - tools' schemas are one object (``ToolSchema``), and names and ids have letters that may stand;
/// - `reasoning_effort` goes as `output_config.effort` to models that take it, else it is left out; `thinking` where
///   ``AnthropicThinking`` says;
/// - `temperature` above 1 becomes 1; beside it `top_p` is left out where the model refuses both;
/// - a conversation that the assistant opens, or no one, gets a turn of the user before it, white space at the end of a prefill
///   and texts and stops of white space alone go, and a `user` that is an e-mail address stays here;
/// - marks of the cache stay (``CacheControl``), files of text go as text;
/// - `seed`, penalties, `verbosity`, `store`, `metadata`, `service_tier` and `prediction` are hints that have no
///   counterpart, and are left out;
/// - custom tools go as functions with one text, searches of the web as `web_search_20250305` to models that have it;
/// - `n` above 1, `logprobs`, `logit_bias`, audio, `functions` and hosted tools are refused.
package struct AnthropicCodec: ProviderCodec {
  /// The tool that stands for `json_object`.
  static let jsonTool = "ockham_json_answer"

  package var apiFormat: APIFormat { .messages }

  package init() {}

  package func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest {
    UpstreamRequest(path: "/messages", headers: Self.headers(for: request), body: try body(for: request, model: model))
  }

  package func countRequest(for request: ChatRequest, model: String) -> UpstreamRequest? {
    guard request.apiFormat == apiFormat, let body = try? body(for: request, model: model) else { return nil }
    return UpstreamRequest(path: "/messages/count_tokens", headers: Self.headers(for: request), body: body)
  }

  /// The betas that the client asks for go along with the fields that need them.
  private static func headers(for request: ChatRequest) -> [(name: String, value: String)] {
    let betas = request.apiFormat == .messages ? request.betas : nil
    return [("content-type", "application/json"), ("anthropic-version", "2023-06-01")]
      + (betas.map { [("anthropic-beta", $0)] } ?? [])
  }

  package func answer(from body: [UInt8]) throws(ProviderFault) -> ChatResponse {
    let text = try ProviderBody.readable(body, keepsLength: true)
    var answer = try AnthropicAnswerReader.answer(from: text.object, body: text.cleaned ?? body)
    answer.isMended = text.cleaned != nil
    return answer
  }

  package func makeStreamDecoder() -> any StreamDecoder { AnthropicStreamDecoder() }

  package func mended(_ body: [UInt8], after failure: UpstreamFailure) -> [UInt8]? {
    AnthropicPassage.mended(body, after: failure)
  }

  package func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    AnthropicFailure.failure(status: status, headers: headers, body: body)
  }

  package func canSearch(_ search: WebSearch, for request: ChatRequest, model: String) -> Bool {
    let isOneList = search.allowedDomains.isEmpty || search.blockedDomains.isEmpty
    let isJSONTool = request.chat["response_format"]?["type"]?.string == "json_object"
    return isOneList && !isJSONTool && !request.hasFunction(WebSearch.toolName) && ClaudeModel(name: model).canSearch
  }

  private func body(for request: ChatRequest, model: String) throws(GatewayError) -> [UInt8] {
    guard request.apiFormat == apiFormat else {
      if let error = request.untranslatable { throw error }
      let search = try request.webSearch(by: self, model: model)
      return try AnthropicRequestWriter.body(of: Field(request.foreignChat), search: search, model: model).jsonBytes
    }
    var edit = BodyEdit.forUpstream(request.root, model: model, asksForUsage: false)
    AnthropicPassage.edit(&edit, request.root, model: model)
    return edit.applied(to: request.body)
  }
}

extension ProviderKind {
  package static let anthropic = ProviderKind(
    "anthropic", codec: AnthropicCodec(), signer: KeyHeader("x-api-key"),
    address: ProviderAddress.fixed("https://api.anthropic.com/v1"), defaultKeyVariable: "ANTHROPIC_API_KEY",
    spanName: "anthropic")
}
