import TextKit

/// Azure OpenAI as far as a gateway meets it, and as strict: paths, versions, credentials, deployments.
struct AzureService: Sendable {
  var key = "0123456789abcdef0123456789abcdef"
  var token = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2ln"
  var chatDeployments: Set<String> = ["prod-chat"]
  var embeddingDeployments: Set<String> = ["prod-embed"]

  func steps(for request: FaultUpstream.Received) -> [FaultUpstream.Step] {
    if let refusal = refusal(of: request) { return [refusal] }
    let (target, query) = request.target
    guard let body = try? JSONParser.parse(request.body), body.members != nil else {
      return [Self.error(400, "BadRequest", "Invalid JSON")]
    }
    let path = target.split(separator: "/").map(String.init)
    if path.count == 5, path[0] == "openai", path[1] == "deployments", query.contains(where: Self.isVersion) {
      return answer(path[3] + "/" + path[4], deployment: path[2], body)
    }
    if path.count > 2, path[0] == "openai", path[1] == "v1",
      query.allSatisfy({ !Self.isVersion($0) || $0.hasSuffix("preview") })
    {
      return answer(path[2...].joined(separator: "/"), deployment: body["model"]?.string ?? "", body)
    }
    if path.count == 4, path[0] == "openai", path[1] == "deployments", path[3] == "embeddings",
      query.contains(where: Self.isVersion)
    {
      return answer("embeddings", deployment: path[2], body)
    }
    return [Self.error(404, "404", "Resource not found")]
  }

  private static func isVersion(_ part: String) -> Bool {
    part.hasPrefix("api-version=20") || part == "api-version=preview"
  }

  private func refusal(of request: FaultUpstream.Received) -> FaultUpstream.Step? {
    let keys = request.values(of: "api-key")
    let bearers = request.values(of: "authorization")
    if keys == [key], bearers.isEmpty { return nil }
    if bearers == ["Bearer " + token], keys.isEmpty { return nil }
    return Self.error(401, "401", "Access denied due to invalid subscription key or wrong API endpoint.")
  }

  private func answer(_ operation: String, deployment: String, _ body: JSONNode) -> [FaultUpstream.Step] {
    switch operation {
    case "chat/completions":
      guard chatDeployments.contains(deployment) else {
        return [Self.error(404, "DeploymentNotFound", "no deployment")]
      }
      guard let messages = body["messages"]?.elements, !messages.isEmpty else {
        return [Self.error(400, "BadRequest", "messages is required")]
      }
      if messages.contains(where: { $0["content"]?.string?.contains("violence") == true }) { return [Self.blocked] }
      return body["stream"]?.boolean == true ? Self.stream : [Self.completion]
    case "embeddings":
      guard embeddingDeployments.contains(deployment) else {
        return [Self.error(400, "OperationNotSupported", "The embeddings operation does not work with the model")]
      }
      return [
        FaultUpstream.answer(
          #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"model":"e","usage":{"prompt_tokens":2,"total_tokens":2}}"#
        )
      ]
    default: return [Self.error(404, "404", "Resource not found")]
    }
  }

  private static func error(_ status: Int, _ code: String, _ message: String) -> FaultUpstream.Step {
    FaultUpstream.answer(#"{"error":{"code":"\#(code)","message":"\#(message)"}}"#, status: "\(status) X")
  }

  private static let safe = #"{"hate":{"filtered":false,"severity":"safe"}}"#

  private static let blocked = FaultUpstream.answer(
    #"{"error":{"message":"The response was filtered","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"violence":{"filtered":true,"severity":"high"}}}}}"#,
    status: "400 Bad Request")

  private static let completion = FaultUpstream.answer(
    #"{"id":"chatcmpl-a","object":"chat.completion","created":1,"model":"gpt-4o-2024-11-20","prompt_filter_results":[{"prompt_index":0,"content_filter_results":\#(safe)}],"choices":[{"index":0,"finish_reason":"stop","logprobs":null,"content_filter_results":\#(safe),"message":{"role":"assistant","content":"from azure","refusal":null}}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#
  )

  private static let stream: [FaultUpstream.Step] =
    [FaultUpstream.streamHead]
    + [
      #"{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":\#(safe)}]}"#,
      #"{"choices":[{"content_filter_results":{},"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}],"created":1,"id":"chatcmpl-a","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk","system_fingerprint":"fp"}"#,
      #"{"choices":[{"content_filter_results":\#(safe),"delta":{"content":"from azure"},"finish_reason":null,"index":0,"logprobs":null}],"created":1,"id":"chatcmpl-a","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk"}"#,
      #"{"choices":[{"content_filter_offsets":{"check_offset":1,"start_offset":1,"end_offset":9},"content_filter_results":\#(safe),"finish_reason":null,"index":0}],"created":1,"id":"chatcmpl-a","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk"}"#,
      #"{"choices":[{"content_filter_results":{},"delta":{},"finish_reason":"stop","index":0,"logprobs":null}],"created":1,"id":"chatcmpl-a","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk"}"#,
      #"{"choices":[],"created":1,"id":"chatcmpl-a","model":"gpt-4o-2024-11-20","object":"chat.completion.chunk","usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#,
    ].map { FaultUpstream.Step.send("data: \($0)\n\n") } + [.send("data: [DONE]\n\n"), .close]
}
