import TextKit

/// Azure OpenAI: OpenAI's chat completions at other paths. Source: Azure OpenAI in Microsoft Foundry Models, REST API
/// reference, and "API version lifecycle".
///
/// A target's model is the name of its deployment. Below `…/openai` that stands in the path, and every request names a
/// version of the interface; below `…/openai/v1` it stands in the body, and no version is needed.
package struct AzureCodec: ProviderCodec {
  private let openAI = OpenAICodec()
  private let hasDeploymentsInPath: Bool

  package var apiFormat: APIFormat { openAI.apiFormat }

  package init(hasDeploymentsInPath: Bool = true) { self.hasDeploymentsInPath = hasDeploymentsInPath }

  package func at(_ baseURL: String) -> any ProviderCodec {
    AzureCodec(hasDeploymentsInPath: !AzureAddress.isVersioned(baseURL))
  }

  package func upstreamRequest(for request: ChatRequest, model: String) throws(GatewayError) -> UpstreamRequest {
    placed(try openAI.upstreamRequest(for: request, model: model), model)
  }

  package func answer(from body: [UInt8]) throws(ProviderFault) -> ChatResponse { try openAI.answer(from: body) }

  package func makeStreamDecoder() -> any StreamDecoder { openAI.makeStreamDecoder() }

  package func failure(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> UpstreamFailure {
    openAI.failure(status: status, headers: headers, body: body)
  }

  package var embeddings: (any EmbeddingsCodec)? { AzureEmbeddings(codec: self) }

  /// The request at the path of a deployment.
  fileprivate func placed(_ request: UpstreamRequest, _ deployment: String) -> UpstreamRequest {
    guard hasDeploymentsInPath else { return request }
    var request = request
    request.path = "/deployments/\(PathSegment.escaped(deployment))\(request.path)"
    return request
  }
}

/// OpenAI's embeddings at Azure's paths.
private struct AzureEmbeddings: EmbeddingsCodec {
  let codec: AzureCodec

  func upstreamRequest(for body: [UInt8], _ root: JSONNode, model: String) -> UpstreamRequest {
    codec.placed(OpenAIEmbeddings().upstreamRequest(for: body, root, model: model), model)
  }

  func inputTokens(in answer: [UInt8]) -> Int? { OpenAIEmbeddings().inputTokens(in: answer) }
}

/// Where a resource of Azure OpenAI is: `https://NAME.openai.azure.com`, with `/openai` or `/openai/v1` behind it.
enum AzureAddress {
  /// The version of the interface where the configuration names none: the latest that is stable.
  static let defaultVersion = "api-version=2024-10-21"

  /// Whether the base URL names its version, so that deployments stand in bodies.
  static func isVersioned(_ baseURL: String) -> Bool { baseURL.hasSuffix("/openai/v1") }

  static let rule: ProviderAddress.Rule = { (address) throws(ProviderAddress.Fault) in
    var address = address
    try address.refuseRegion()
    guard !address.baseURL.isEmpty else {
      throw ProviderAddress.Fault(
        key: "base_url", expected: "the endpoint of an Azure resource", found: "no base_url",
        remedy: "add base_url: https://NAME.openai.azure.com")
    }
    guard !address.path.contains("/deployments") else {
      throw ProviderAddress.Fault(
        key: "base_url", expected: "the endpoint of an Azure resource", found: "a path with a deployment",
        remedy: "end base_url before /deployments; the model of a target names its deployment")
    }
    address.isPublicService = address.isHost(below: ["azure.com", "azure.us", "azure.cn"])
    guard !isVersioned(address.baseURL) else { return address }
    if !address.baseURL.hasSuffix("/openai") { address.baseURL += "/openai" }
    let names = (address.query ?? "").split(separator: "&").map { $0.prefix { $0 != "=" } }
    if !names.contains("api-version") {
      address.query = [address.query, defaultVersion].compactMap(\.self).joined(separator: "&")
    }
    return address
  }
}

/// A key of a resource in `api-key`; a token of Microsoft Entra as a bearer's. Never both, which Azure refuses.
struct AzureKey: RequestSigner {
  func sign(_ request: inout UpstreamRequest, _ credentials: Credentials, baseURL: String, at time: Double) {
    request.headers.removeAll { $0.name == "api-key" || $0.name == "authorization" }
    let signer: any RequestSigner = Self.isToken(credentials.key) ? BearerKey() : KeyHeader("api-key")
    signer.sign(&request, credentials, baseURL: baseURL, at: time)
  }

  /// Whether a key is a JSON Web Token: three parts, the first of which is base64 of an object.
  static func isToken(_ key: String) -> Bool { key.hasPrefix("eyJ") && key.count { $0 == "." } == 2 }
}

extension ProviderKind {
  /// Azure OpenAI.
  package static let azure = ProviderKind(
    "azure", codec: AzureCodec(), signer: AzureKey(), address: AzureAddress.rule,
    defaultKeyVariable: "AZURE_OPENAI_API_KEY", spanName: "azure.ai.openai")
}
