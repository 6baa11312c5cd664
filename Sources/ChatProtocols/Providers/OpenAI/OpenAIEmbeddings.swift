import TextKit

/// OpenAI's embeddings: a client's body goes out as it came, but for the model's name. Source: OpenAI API reference,
/// "Create embeddings".
struct OpenAIEmbeddings: EmbeddingsCodec {
  func upstreamRequest(for body: [UInt8], _ root: JSONNode, model: String) -> UpstreamRequest {
    UpstreamRequest(
      path: "/embeddings", headers: [("content-type", "application/json")],
      body: BodyEdit.forUpstream(root, model: model, asksForUsage: false).applied(to: body))
  }

  func inputTokens(in answer: [UInt8]) -> Int? {
    (try? JSONParser.parse(answer))?["usage"]?["prompt_tokens"]?.integer
  }
}
