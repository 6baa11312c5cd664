import ChatProtocols
import Ockham
import TextKit

/// How a request's parameters become what the target's model takes. In order: what the target does not take at all sends
/// the request to another; the provider's protocol writes it; the limit of the answer is held to the model's; the
/// configuration's rules and what is known of the model change the rest. A strict target refuses instead of the last three.
extension UpstreamTarget {
  /// Writes a chat request as the provider speaks, and the model takes it.
  /// - Throws: ``UpstreamFailure/Kind/unsupported`` for what its protocol cannot say, or the target does not take.
  func upstreamRequest(for request: ChatRequest) throws(UpstreamFailure) -> UpstreamRequest {
    if let name = untaken(by: request) {
      throw refusal("does not take \(name)", of: name)
    }
    let written = try adapted(request)
    guard isStrict else { return written }
    let losses = ParameterChange.all(from: request, to: written.body, by: parameters).filter { $0.kind != .renamed }
    guard let loss = losses.first else { return written }
    throw refusal(
      loss.kind == .dropped ? "would get \(loss.name) left out" : "would get another \(loss.name)", of: loss.name)
  }

  /// What became of a request's parameters, for its debugging headers.
  /// - Parameter time: now, in seconds since 1970.
  func changes(of request: ChatRequest, at time: Double) -> [ParameterChange] {
    guard let written = try? adapted(request) else { return [] }
    return ParameterChange.all(from: request, to: refusedHints.applied(to: written.body, at: time), by: parameters)
  }

  private func adapted(_ request: ChatRequest) throws(UpstreamFailure) -> UpstreamRequest {
    var written: UpstreamRequest
    var request = request
    // No one would take out again what a strict target refuses.
    if isStrict || parameters.forbid.contains("logprobs") { request.wantsLogprobs = false }
    do { written = try provider.codec.upstreamRequest(for: request, model: configuration.model) } catch {
      throw UpstreamFailure(
        .unsupported, reason: error.code.rawValue, clientMessage: error.message, param: error.param)
    }
    if support.reasoning == true { written.body = restoringEffort(of: request, in: written.body) }
    if let limit = price?.maximumOutputTokens, let asked = request.request.attributes.maximumOutputTokens, asked > limit
    {
      written.body = OutputLimit.applied(limit, to: written.body)
    }
    written.body = parameters.applied(to: written.body)
    return written
  }

  /// The first parameter of a request that the target does not take.
  private func untaken(by request: ChatRequest) -> String? {
    if let name = parameters.forbidden(in: request) { return name }
    let attributes = request.request.attributes
    if support.tools == false, !attributes.toolNames.isEmpty { return "tools" }
    if support.images == false, attributes.imageCount > 0 { return "images" }
    if support.jsonSchema == false, attributes.responseFormat == .jsonSchema { return "response_format" }
    guard support.toolChoice == false, let choice = request.chat["tool_choice"], !choice.isNull else { return nil }
    return choice.string == "auto" ? nil : "tool_choice"
  }

  private func refusal(_ what: String, of name: String) -> UpstreamFailure {
    UpstreamFailure(
      .unsupported, reason: "parameter",
      clientMessage: "Expected a request that target \(SafeText.label(self.name)) takes as it is, but it \(what). "
        + "Leave \(name) out, or ask for a model that takes it.",
      param: name == "images" ? "messages" : name)
  }

  /// Efforts of other API formats are kept from models whose names do not indicate reasoning: where the target is known to reason,
  /// the effort goes with the request after all.
  private func restoringEffort(of request: ChatRequest, in body: [UInt8]) -> [UInt8] {
    guard provider.codec.apiFormat == .chatCompletions, request.apiFormat != .chatCompletions,
      let effort = request.chat["reasoning_effort"], let root = try? JSONParser.parse(body),
      root["reasoning_effort"] == nil, let members = root.members
    else { return body }
    return JSONNode.object(members + [JSONMember(key: "reasoning_effort", value: effort)]).jsonBytes
  }
}
