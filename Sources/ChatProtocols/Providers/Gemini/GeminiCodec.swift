/// Gemini's `generateContent`. Source: Gemini API reference, `models.generateContent`, v1beta.
///
/// No client speaks it, so all is written from chat completions:
/// - `n` goes as `candidateCount`, JSON Schemas as `responseJsonSchema`, tools' parameters as `parametersJsonSchema`;
/// - `reasoning_effort` goes as `thinkingLevel` to Gemini 3 and later, as `thinkingBudget` to those before;
/// - images go as `inlineData`, or as `fileData` where they are URLs;
/// - a tool's answer that is no JSON object becomes one with the member `result`;
/// - custom tools go as functions with one text;
/// - `user`, `verbosity`, `store`, `metadata`, `service_tier`, `parallel_tool_calls` and `prediction` are hints without a
///   counterpart, and are left out; `logit_bias`, audio, `functions` and hosted tools are refused.
package struct GeminiCodec: ProviderCodec {
  package var dialect: Dialect { .gemini }

  package init() {}

  package func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest {
    if let error = request.untranslatable { throw error }
    let body = try GeminiRequestWriter(model: model).body(of: Field(request.foreignChat))
    let action = request.isStream ? "streamGenerateContent?alt=sse" : "generateContent"
    return UpstreamRequest(
      path: "/models/\(Self.escaped(model)):\(action)", headers: [("content-type", "application/json")],
      body: body.jsonBytes)
  }

  package func answer(from body: [UInt8]) throws(ProviderFault) -> ChatAnswer {
    try GeminiAnswerReader.answer(from: try ProviderBody.object(in: body), body: body)
  }

  package func makeStreamDecoder() -> any StreamDecoder { GeminiStreamDecoder() }

  package func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    GeminiFailure.failure(status: status, headers: headers, body: body)
  }

  /// A model's name in a path: everything but letters, digits and `-._` as percent codes. Source: RFC 3986, 2.3.
  static func escaped(_ model: String) -> String {
    var result = ""
    for byte in model.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}

extension ProviderKind {
  package static let gemini = ProviderKind(
    "gemini", codec: GeminiCodec(), signer: KeyHeader("x-goog-api-key"),
    defaultBaseURL: "https://generativelanguage.googleapis.com/v1beta", defaultKeyVariable: "GEMINI_API_KEY",
    spanName: "gcp.gemini")
}
