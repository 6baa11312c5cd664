/// OpenAI's `POST /v1/responses`. Source: OpenAI API reference, "Create a model response".
///
/// Every request is read into a chat completion: no provider is spoken to in this API format. `previous_response_id` is refused
/// unless who serves the request has put what was said before into `input` (``ResponsesMemory``). What only OpenAI's servers
/// can do is refused: `conversation`, `background`, `prompt`, items by reference,
/// `truncation: auto`. Tools and items that run at OpenAI are left out and noted (``HostedTools``). Custom tools and namespaces are written as functions and given back as they were
/// (``ResponsesTools``). Left out as hints: `metadata` (given back), `store`, `include` of encrypted
/// reasoning, `reasoning.summary`, `max_tool_calls`, earlier reasoning items, and fields that are not known.
package struct ResponsesFormat: ClientFormat {
  package var apiFormat: APIFormat { .responses }

  private let memory: ResponsesMemory?

  /// - Parameter memory: of a request that is whole without anything that was said before; `nil` where nothing is kept.
  package init(memory: ResponsesMemory? = nil) { self.memory = memory }

  package func request(from body: [UInt8], reading: RequestReader) throws(GatewayError) -> ChatRequest {
    let root = try RequestBody.root(of: body)
    let model = try RequestBody.model(of: root)
    var hosted = HostedTools()
    let chatBody = try ResponsesTranslation.chat(root, isWhole: memory != nil, hosted: &hosted).jsonBytes
    var request = try ChatRequest(
      translated: root.node, body: body, apiFormat: .responses, chatBody: chatBody, model: model, reading: reading)
    request.hostedTools = hosted
    return request
  }

  package func body(of answer: ChatResponse, to request: ChatRequest) -> [UInt8] {
    let response = ResponsesJSON(request, memory).response(of: answer)
    memory?.keep?(response)
    return response.jsonBytes
  }

  package func body(of error: GatewayError) -> [UInt8] { ErrorEnvelope.openAI(error).jsonBytes }

  package func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder {
    ResponsesStreamEncoder(ResponsesJSON(request, memory))
  }
}
