/// Amazon Bedrock's Converse and ConverseStream. Source: Amazon Bedrock API Reference, "Converse", and the model of
/// `bedrock-runtime`, 2023-09-30.
///
/// A client of Messages keeps what Converse can say too: thinking with its signature, points of the cache, images in
/// results of tools. From chat completions, and from both:
/// - JSON Schemas go as `outputConfig.textFormat` to models that take them; `json_object` as a tool that must be called,
///   as with Anthropic; `cache_control` as `cachePoint`;
/// - `reasoning_effort` goes as `outputConfig.effort` to Claude, as a field of the model to `gpt-oss`; `top_k` as a field of
///   the model to Claude and Nova;
/// - images are data: Bedrock fetches no URLs;
/// - a history with calls of tools has tools, also where the request has none any more;
/// - `seed`, penalties, `user`, `metadata`, `parallel_tool_calls`, and betas that Bedrock does not know are hints, and are
///   left out; `n` above 1, `logprobs`, `logit_bias`, audio, `functions` and hosted tools are refused.
package struct BedrockCodec: ProviderCodec {
  package var apiFormat: APIFormat { .converse }

  package init() {}

  package func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest {
    if let error = request.untranslatable { throw error }
    _ = try request.webSearch(by: self, model: model)
    let body = try BedrockRequestWriter(model: BedrockModel(id: model)).body(of: request)
    let action = request.isStream ? "converse-stream" : "converse"
    return UpstreamRequest(
      path: "/model/\(PathSegment.escaped(model))/\(action)", headers: [("content-type", "application/json")],
      body: body.jsonBytes)
  }

  package func answer(from body: [UInt8]) throws(ProviderFault) -> ChatResponse {
    try BedrockAnswerReader.answer(from: try ProviderBody.object(in: body), body: body)
  }

  package func makeFrameReader() -> any FrameReader { EventStreamReader() }

  package func makeStreamDecoder() -> any StreamDecoder { BedrockStreamDecoder() }

  package func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    BedrockFailure.failure(status: status, headers: headers, body: body)
  }
}

/// Where Bedrock is: by its region, at a host that names it, or anywhere with both said.
enum BedrockAddress {
  static let rule: ProviderAddress.Rule = { (address) throws(ProviderAddress.Fault) in
    var address = address
    if address.baseURL.isEmpty, let region = address.region {
      address.baseURL = "https://bedrock-runtime.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
    }
    address.region = address.region ?? region(ofHost: address.host)
    guard !address.baseURL.isEmpty, address.region != nil else {
      throw ProviderAddress.Fault(
        key: "region", expected: "the region of Bedrock", found: "none, nor a base_url that names it",
        remedy: "add region: us-east-1, or another")
    }
    address.isPublicService = address.isHost(below: ["amazonaws.com", "amazonaws.com.cn", "api.aws"])
    return address
  }

  /// `us-east-1` of `bedrock-runtime.us-east-1.amazonaws.com`.
  private static func region(ofHost host: String) -> String? {
    let labels = host.split(separator: ".")
    guard let place = labels.firstIndex(where: { $0.hasPrefix("bedrock-runtime") }), place + 1 < labels.count else {
      return nil
    }
    return String(labels[place + 1])
  }
}

extension ProviderKind {
  /// Amazon Bedrock.
  package static let bedrock = ProviderKind(
    "bedrock", codec: BedrockCodec(), signer: RequestSignature(service: "bedrock"), address: BedrockAddress.rule,
    defaultKeyVariable: "AWS_ACCESS_KEY_ID",
    furtherParts: [
      CredentialPart(RequestSignature.secretPart, variable: "AWS_SECRET_ACCESS_KEY", isRequired: true),
      CredentialPart(RequestSignature.sessionPart, variable: "AWS_SESSION_TOKEN", isRequired: false),
    ], spanName: "aws.bedrock")
}
