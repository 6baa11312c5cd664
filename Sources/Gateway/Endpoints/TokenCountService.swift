import ChatProtocols
import GatewayCore
import Ockham
import TextKit

/// `POST /v1/messages/count_tokens`: how many tokens a prompt has, by the target that would answer it where that can be
/// asked, else estimated, which the header `x-ockham-estimated` says. Nothing is routed for good, and nothing is booked.
struct TokenCountService: Sendable {
  let call: EndpointCall

  func response() async throws(GatewayError) -> OutgoingResponse {
    var request = try MessagesFormat().request(
      from: Self.withLimit(call.incoming.body), reading: LogRequestReader.read)
    request.betas = call.incoming.betas
    let decision = try call.decide(request, remembers: false)
    let target = call.runtime.targets.inOrder(of: call.runtime.router.plan(for: decision)).first
    let asked = request.withoutRoutingField()
    if let target,
      var question = target.provider.codec.countRequest(for: asked, model: target.configuration.model)
    {
      question.body = Self.withoutLimit(question.body)
      let upstream = question
      let outcome = await call.runtime.execution.exchange(
        over: [target], presence: call.incoming.presence, origin: call.party.value
      ) { _ in
        upstream
      }
      if let answer = outcome.answer { return .json(answer, headers: headers) }
    }
    let tokens = RequestNeeds(request.request).inputTokens
    return .json(
      JSONNode.object([("input_tokens", .integer(tokens))]).jsonBytes,
      headers: headers + [("x-ockham-estimated", "true")])
  }

  private var headers: [(name: String, value: String)] {
    OutgoingResponse.identity(call.incoming.id, in: .messages)
  }

  /// A body with `max_tokens`, which a count needs not say and a message must.
  private static func withLimit(_ body: [UInt8]) -> [UInt8] {
    guard let root = try? JSONParser.parse(body), root.members?.isEmpty == false, root["max_tokens"] == nil else {
      return body
    }
    var edit = BodyEdit()
    let end = root.range.upperBound - 1
    edit.replace(end..<end, with: Array(#","max_tokens":1"#.utf8))
    return edit.applied(to: body)
  }

  /// A body without what only a message says.
  private static func withoutLimit(_ body: [UInt8]) -> [UInt8] {
    guard let members = (try? JSONParser.parse(body))?.members else { return body }
    let extra: Set<String> = ["max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences", "metadata"]
    return JSONNode.object(members.filter { !extra.contains($0.key) }).jsonBytes
  }
}

extension EndpointRoute {
  static let countTokens = EndpointRoute(
    method: "POST", template: "/v1/messages/count_tokens", summary: "The tokens of an Anthropic message's prompt",
    apiFormat: MessagesFormat(),
    handle: drawing { call throws(GatewayError) in try await TokenCountService(call: call).response() })
}
