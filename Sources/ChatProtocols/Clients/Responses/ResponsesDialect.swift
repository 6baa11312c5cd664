/// OpenAI's `POST /v1/responses`, without its memory. Source: OpenAI API reference, "Create a model response".
///
/// Every request is read into a chat completion: no provider is spoken to in this dialect. What only OpenAI's servers
/// can do is refused: `previous_response_id`, `conversation`, `background`, `prompt`, items by reference, hosted
/// tools, `truncation: auto`. Custom tools and namespaces are written as functions and given back as they were
/// (``ResponsesTools``). Left out as hints: `metadata` (given back), `store`, `include` of encrypted
/// reasoning, `reasoning.summary`, `max_tool_calls`, earlier reasoning items, and fields that are not known.
package struct ResponsesDialect: ClientDialect {
  package var dialect: Dialect { .responses }

  package init() {}

  package func request(from body: [UInt8], reading: RequestReader) throws(GatewayError) -> ChatRequest {
    let root = try RequestBody.root(of: body)
    let model = try RequestBody.model(of: root)
    let chatBody = try ResponsesTranslation.chat(root).jsonBytes
    return try ChatRequest(
      translated: root.node, body: body, dialect: .responses, chatBody: chatBody, model: model, reading: reading)
  }

  package func body(of answer: ChatAnswer, to request: ChatRequest) -> [UInt8] {
    ResponsesJSON(request).response(of: answer).jsonBytes
  }

  package func body(of error: GatewayError) -> [UInt8] { ErrorEnvelope.openAI(error).jsonBytes }

  package func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder {
    ResponsesStreamEncoder(ResponsesJSON(request))
  }
}
