/// Anthropic's Messages. Source: Anthropic API reference, "Create a Message", version 2023-06-01.
///
/// A client that speaks Messages too is passed on as it came, but for the model's name. From chat completions:
/// - JSON Schemas go as `output_config.format`; `json_object`, which Anthropic lacks, as a tool that must be called and
///   whose input is given back as the text;
/// - `reasoning_effort` goes as `output_config.effort`;
/// - `temperature` above 1 becomes 1;
/// - `seed`, penalties, `verbosity`, `store`, `metadata`, `service_tier` and `prediction` are hints that have no
///   counterpart, and are left out;
/// - `n` above 1, `logprobs`, `logit_bias`, audio, `functions` and hosted tools are refused.
package struct AnthropicCodec: ProviderCodec {
  /// Sent where a client names no limit: Anthropic demands one, and every model takes this.
  package static let defaultMaximumTokens = 4096

  /// The tool that stands for `json_object`.
  static let jsonTool = "ockham_json_answer"

  package var dialect: Dialect { .messages }

  package init() {}

  package func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest {
    UpstreamRequest(
      path: "/messages", headers: [("content-type", "application/json"), ("anthropic-version", "2023-06-01")],
      body: try body(for: request, model: model))
  }

  package func answer(from body: [UInt8]) throws(ProviderFault) -> ChatAnswer {
    try AnthropicAnswerReader.answer(from: try ProviderBody.object(in: body), body: body)
  }

  package func makeStreamDecoder() -> any StreamDecoder { AnthropicStreamDecoder() }

  package func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    AnthropicFailure.failure(status: status, headers: headers, body: body)
  }

  private func body(for request: ChatRequest, model: String) throws(GatewayError) -> [UInt8] {
    guard request.dialect == dialect else {
      if let error = request.untranslatable { throw error }
      return try AnthropicRequestWriter.body(of: Field(request.chat), model: model).jsonBytes
    }
    return BodyEdit.forUpstream(request.root, model: model, asksForUsage: false).applied(to: request.body)
  }
}

extension ProviderKind {
  package static let anthropic = ProviderKind(
    "anthropic", codec: AnthropicCodec(), signer: KeyHeader("x-api-key"),
    defaultBaseURL: "https://api.anthropic.com/v1", defaultKeyVariable: "ANTHROPIC_API_KEY", spanName: "anthropic")
}
