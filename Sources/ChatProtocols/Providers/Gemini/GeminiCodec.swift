/// Gemini's `generateContent`. Source: Gemini API reference, `models.generateContent`, v1beta.
///
/// No client speaks it, so all is written from chat completions:
/// - `n` goes as `candidateCount`, JSON Schemas as `responseJsonSchema`, tools' parameters as `parametersJsonSchema`;
/// - `reasoning_effort` goes as `thinkingLevel` to Gemini 3 and later, as `thinkingBudget` to those before;
/// - at most five stops; a chat in which the user says nothing gets a turn of the user;
/// - before Gemini 3, an answer in JSON beside tools is refused;
/// - images go as `inlineData`, or as `fileData` where they are URLs;
/// - a tool's answer that is no JSON object becomes one with the member `result`;
/// - custom tools go as functions with one text; a search of the web goes as `google_search` where no function stands beside
///   it, which Gemini refuses;
/// - `user`, `verbosity`, `store`, `metadata`, `service_tier`, `parallel_tool_calls` and `prediction` are hints without a
///   counterpart, and are left out; `logit_bias`, audio, `functions` and hosted tools are refused.
package struct GeminiCodec: ProviderCodec {
  package var apiFormat: APIFormat { .gemini }

  package init() {}

  package func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest {
    if let error = request.untranslatable { throw error }
    let search = try request.webSearch(by: self, model: model)
    let body = try GeminiRequestWriter(model: model).body(of: Field(request.foreignChat), isSearching: search != nil)
    let action = request.isStream ? "streamGenerateContent?alt=sse" : "generateContent"
    return UpstreamRequest(
      path: "/models/\(PathSegment.escaped(model)):\(action)", headers: [("content-type", "application/json")],
      body: body.jsonBytes)
  }

  package func canSearch(_ search: WebSearch, for request: ChatRequest, model: String) -> Bool {
    !search.isRestricted && GeminiRequestWriter(model: model).canSearch(beside: request.chat)
  }

  package func answer(from body: [UInt8]) throws(ProviderFault) -> ChatResponse {
    try GeminiAnswerReader.answer(from: try ProviderBody.object(in: body), body: body)
  }

  package func makeStreamDecoder() -> any StreamDecoder { GeminiStreamDecoder() }

  package func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    GeminiFailure.failure(status: status, headers: headers, body: body)
  }
}

extension ProviderKind {
  package static let gemini = ProviderKind(
    "gemini", codec: GeminiCodec(), signer: KeyHeader("x-goog-api-key"),
    address: ProviderAddress.fixed("https://generativelanguage.googleapis.com/v1beta"),
    defaultKeyVariable: "GEMINI_API_KEY",
    spanName: "gcp.gemini")

  /// Gemini on Google Cloud's Vertex AI: the same requests at a path of the project, with an access token. Source: Vertex AI
  /// API reference, `projects.locations.publishers.models.generateContent`.
  package static let vertex = ProviderKind(
    "vertex_ai", codec: GeminiCodec(), signer: BearerKey(), address: VertexAddress.rule, defaultKeyVariable: nil,
    spanName: "gcp.vertex_ai")
}

/// Where the models of a project are.
enum VertexAddress {
  static let rule: ProviderAddress.Rule = { (address) throws(ProviderAddress.Fault) in
    var address = address
    try address.refuseRegion()
    guard address.path.hasSuffix("/publishers/google") else {
      throw ProviderAddress.Fault(
        key: "base_url", expected: "the path of a project's models",
        found: address.baseURL.isEmpty ? "no base_url" : "another path",
        remedy: "write https://REGION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/REGION/publishers/google")
    }
    address.isPublicService = address.isHost(below: ["googleapis.com"])
    return address
  }
}
