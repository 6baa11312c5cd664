import TextKit

/// Anthropic's `POST /v1/messages`. Source: Anthropic API reference, "Create a Message".
///
/// A request is read into a chat completion too. Left out there, because they are hints without a counterpart:
/// `cache_control`, citations, earlier thinking, `context_management`, `service_tier`, and fields that are not known; a tool
/// result with `is_error` begins with `Error:`. What changes the answer and cannot be said (files by id …) makes the request
/// untranslatable: Anthropic's own models still get it as it came. Tools that Anthropic defines and the client carries out
/// are functions (``ClientTool``). Tools, connectors and blocks that run at Anthropic are left out and noted
/// (``HostedTools``), a search of the web with what it asks (``WebSearch``).
package struct MessagesFormat: ClientFormat {
  package var apiFormat: APIFormat { .messages }

  package init() {}

  package func request(from body: [UInt8], reading: RequestReader) throws(GatewayError) -> ChatRequest {
    let root = try RequestBody.root(of: body)
    let model = try RequestBody.model(of: root)
    var translation = MessagesTranslation()
    let chatBody = try translation.chat(root).jsonBytes
    var request = try ChatRequest(
      translated: root.node, body: body, apiFormat: .messages, chatBody: chatBody, model: model,
      untranslatable: translation.untranslatable, reading: reading)
    request.hostedTools = translation.hostedTools
    return request
  }

  package func body(of answer: ChatResponse, to request: ChatRequest) -> [UInt8] {
    MessagesJSON.message(answer).jsonBytes
  }

  package func body(of error: GatewayError) -> [UInt8] { ErrorEnvelope.anthropic(error).jsonBytes }

  package var signOfLife: [UInt8] { EventText.event(.object(["type": .string("ping")]), named: "ping") }

  package func makeStreamEncoder(for request: ChatRequest) -> any StreamEncoder { MessagesStreamEncoder() }
}

extension ChatRequest {
  /// A request of another API format with the chat completion that it was read into.
  init(
    translated root: JSONNode, body: [UInt8], apiFormat: APIFormat, chatBody: [UInt8], model: String,
    untranslatable: GatewayError? = nil, reading: RequestReader
  ) throws(GatewayError) {
    let chat: JSONNode
    do { chat = try JSONParser.parse(chatBody) } catch {
      throw GatewayError(.invalidJSON, message: "the request is nested too deeply")
    }
    self.init(
      apiFormat: apiFormat, body: body, root: root, chatBody: chatBody, chat: chat, model: model,
      isStream: root["stream"]?.boolean ?? false, wantsUsageChunk: false,
      request: try reading(chatBody), untranslatable: untranslatable)
  }
}
