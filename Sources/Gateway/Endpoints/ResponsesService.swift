import ChatProtocols
import GatewayCore
import TextKit

/// `/v1/responses` and what is kept of them: a response may go on from an earlier one of the same key, be asked for again,
/// with what it answered, and be deleted, where `stored_responses` is set. Whatever answers, what was said before is its input like any other.
struct ResponsesService: Sendable {
  let call: EndpointCall

  private var store: ResponseStore { call.shared.responses }
  private var now: Double { call.shared.clock.unixSeconds() }

  /// Answers a request; keeps the answer unless the request says `"store": false`.
  func create() async throws(GatewayError) -> OutgoingResponse {
    guard store.isOn, let (body, root) = parsed() else {
      return try await RequestPath.chat(call, in: ResponsesFormat())
    }
    let previous = try previousTurn(in: root)
    guard let whole = ResponsesMemory.continued(body, root, after: previous?.allItems ?? []) else {
      return try await RequestPath.chat(call, in: ResponsesFormat(memory: ResponsesMemory(id: id)))
    }
    try checkLength(whole.body)
    var call = call
    if previous != nil { call.incoming.body = whole.body }
    var memory = ResponsesMemory(id: id)
    if root["store"]?.boolean != false { memory.keep = keeper(of: whole.items, after: previous) }
    return try await RequestPath.chat(call, in: ResponsesFormat(memory: memory))
  }

  /// `GET`: the response as the client got it.
  func show() throws(GatewayError) -> OutgoingResponse {
    if call.incoming.query?.contains("stream=true") == true {
      throw GatewayError(
        .unsupportedFeature, message: "stream: a response that is over is given whole; leave it out", param: "stream")
    }
    guard let entry = store.entry(call.parameter, of: call.key?.name, at: now) else { throw notFound }
    return .json(entry.body, headers: headers)
  }

  /// `GET` of what the response answered.
  func showInput() throws(GatewayError) -> OutgoingResponse {
    let page = try InputItemPage(query: call.incoming.query)
    guard let entry = store.entry(call.parameter, of: call.key?.name, at: now) else { throw notFound }
    return .json(try page.list(of: entry).jsonBytes, headers: headers)
  }

  /// `POST` to have a response ended early: none can be, for there is none that a client does not wait for.
  func cancel() throws(GatewayError) -> OutgoingResponse {
    guard !store.isOn || store.entry(call.parameter, of: call.key?.name, at: now) != nil else { throw notFound }
    throw GatewayError(
      .unsupportedFeature,
      message:
        "Expected a response that is made in the background, found one that is over: the gateway makes none in the "
        + "background. Close the connection of a request to end it early.")
  }

  /// `DELETE`.
  func delete() throws(GatewayError) -> OutgoingResponse {
    guard store.remove(call.parameter, of: call.key?.name, at: now) else { throw notFound }
    let body: JSONNode = .object([
      "id": .string(call.parameter), "object": .string("response"), "deleted": .boolean(true),
    ])
    return .json(body.jsonBytes, headers: headers)
  }

  /// The request's own name, which no one can guess.
  private var id: String { call.incoming.id.prefixRemoved("req_") ?? call.incoming.id }

  private var headers: [(name: String, value: String)] { OutgoingResponse.identity(call.incoming.id) }

  private var notFound: GatewayError {
    guard store.isOn else {
      return GatewayError(
        .responseNotFound,
        message:
          "The gateway keeps no responses. Have stored_responses set in its configuration, or keep them yourself.")
    }
    return GatewayError(
      .responseNotFound,
      message: "Expected the id of a response that is kept for this key, found another, or one that is kept no longer.")
  }

  /// The body as the API format will read it; `nil` where it is none: reading it shows why.
  private func parsed() -> (body: [UInt8], root: JSONNode)? {
    let body = call.incoming.body
    if let root = try? JSONParser.parse(body) { return (body, root) }
    guard let mended = RequestBody.withoutHalves(body), let root = try? JSONParser.parse(mended) else { return nil }
    return (mended, root)
  }

  private func previousTurn(in root: JSONNode) throws(GatewayError) -> ResponseTurn? {
    guard let node = root["previous_response_id"], !node.isNull else { return nil }
    guard let id = node.string else {
      throw GatewayError(
        .invalidType, message: "previous_response_id: expected a string, found \(node.kindName)",
        param: "previous_response_id")
    }
    if let entry = store.entry(id, of: call.key?.name, at: now) { return entry.turn }
    throw GatewayError(
      .previousResponseNotFound,
      message: "previous_response_id: expected a response that is kept for this key, found none; "
        + "it was of another key, stored with store: false, deleted, or is older than stored_responses allows",
      param: "previous_response_id")
  }

  private func checkLength(_ body: [UInt8]) throws(GatewayError) {
    let maximum = call.runtime.configuration.limits.bodyBytes
    guard body.count > maximum else { return }
    throw GatewayError(
      .bodyTooLarge,
      message: "Expected a conversation of at most \(maximum) bytes, found a longer one. Begin a new one, or raise "
        + "limits.body_bytes.", param: "previous_response_id")
  }

  private func keeper(of items: [UInt8], after previous: ResponseTurn?) -> @Sendable (JSONNode) -> Void {
    { [store, owner = call.key?.name, clock = call.shared.clock] response in
      let output = (response["output"]?.elements ?? []).map(\.jsonBytes)
      let all = ([items] + output).filter { !$0.isEmpty }.joined(separator: [UInt8(ascii: ",")])
      store.keep(
        response["id"]?.string ?? "", of: owner, body: response.jsonBytes, items: Array(all), after: previous,
        at: clock.unixSeconds())
    }
  }
}

extension EndpointRoute {
  static let responses = EndpointRoute(
    method: "POST", template: "/v1/responses", summary: "OpenAI response, streamed or not", recordsItself: true,
    apiFormat: ResponsesFormat()
  ) { call throws(GatewayError) in try await ResponsesService(call: call).create() }

  static let response = EndpointRoute.get("/v1/responses/{response_id}", "A response that was kept") {
    call throws(GatewayError) in try ResponsesService(call: call).show()
  }

  static let deleteResponse = EndpointRoute(
    method: "DELETE", template: "/v1/responses/{response_id}", summary: "Forgets a response that was kept",
    handle: drawing { call throws(GatewayError) in try ResponsesService(call: call).delete() })

  static let responseInput = EndpointRoute.get(
    "/v1/responses/{response_id}/input_items", "What a response that was kept answered, in pages"
  ) { call throws(GatewayError) in try ResponsesService(call: call).showInput() }

  static let cancelResponse = EndpointRoute.post(
    "/v1/responses/{response_id}/cancel", "Refused: no response is made in the background",
    handle: drawing { call throws(GatewayError) in try ResponsesService(call: call).cancel() })
}
