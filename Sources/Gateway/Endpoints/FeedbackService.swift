import ChatProtocols
import TextKit

/// `POST /v1/feedback`: how good an answer was. It becomes the outcome that training learns from. A key rates what it asked
/// itself; the administrator's rates anything.
struct FeedbackService: Sendable {
  let call: EndpointCall

  private var shared: SharedResources { call.shared }

  func response() async throws(GatewayError) -> OutgoingResponse {
    let root = try RequestBody.root(of: call.incoming.body)
    if let rating = try PersonRatingReader(call: call).rating(in: root.node) { return try await rate(rating) }
    var feedback = try Self.feedback(in: root.node, at: shared.clock.unixSeconds())
    feedback.key = call.key?.name
    feedback.isAdministrators = call.key == nil && call.gateway.isFromAdministrator(call.incoming)
    try await telemetry().feedback(feedback)
    shared.metrics.feedback[feedback.source].add()
    let body = JSONNode.object(["request_id": .string(feedback.requestID), "quality": .number(feedback.quality)])
    return .json(body.jsonBytes)
  }

  /// What a person thinks who was picked to rate: it stands apart from what users say.
  private func rate(_ rating: GivenRating) async throws(GatewayError) -> OutgoingResponse {
    try await telemetry().rate(rating)
    shared.metrics.feedback["rating"].add()
    let body = JSONNode.object([
      "request_id": .string(rating.requestID), "quality": .number(rating.quality), "rater": .string(rating.rater),
    ])
    return .json(body.jsonBytes)
  }

  private func telemetry() throws(GatewayError) -> TelemetryRecorder {
    if let telemetry = shared.telemetry { return telemetry }
    throw GatewayError(.notConfigured, message: "Expected telemetry to be on, found it off. Set telemetry.path.")
  }

  /// Reads `{"request_id": …}` with one of `quality` (0 to 1), `accepted`, `edited` (true or false) and `thumbs` (`up`,
  /// `down`). An edited answer was worth half.
  static func feedback(in root: JSONNode, at time: Double) throws(GatewayError) -> Feedback {
    guard let idNode = root["request_id"] else {
      throw GatewayError(
        .missingParameter, message: "request_id: expected the x-ockham-request-id of an answer, found none; add it",
        param: "request_id")
    }
    guard let id = idNode.string, !id.isEmpty else {
      throw GatewayError(
        .invalidType, message: "request_id: expected a string, found \(idNode.kindName)", param: "request_id")
    }
    let (quality, source) = try quality(in: root)
    return Feedback(requestID: id, quality: quality, source: source, time: time)
  }

  private static func quality(in root: JSONNode) throws(GatewayError) -> (Double, String) {
    let known = ["quality", "accepted", "edited", "thumbs"].filter { root[$0] != nil }
    guard known.count == 1, let name = known.first, let node = root[name] else {
      throw GatewayError(
        known.isEmpty ? .missingParameter : .invalidValue,
        message: "expected one of quality, accepted, edited and thumbs, found \(known.isEmpty ? "none" : "several")",
        param: known.first ?? "quality")
    }
    if let value = value(name, node) { return (value, name) }
    let expected = ["quality": "a number from 0 to 1", "thumbs": "up or down"][name] ?? "true or false"
    throw GatewayError(.invalidValue, message: "\(name): expected \(expected), found \(node.kindName)", param: name)
  }

  private static func value(_ name: String, _ node: JSONNode) -> Double? {
    switch name {
    case "quality": node.number.flatMap { (0...1).contains($0) ? $0 : nil }
    case "accepted": node.boolean.map { $0 ? 1 : 0 }
    case "edited": node.boolean.map { $0 ? 0.5 : 1 }
    default: ["up": 1, "down": 0][node.string ?? ""]
    }
  }
}

extension EndpointRoute {
  static let feedback = EndpointRoute(
    method: "POST", template: "/v1/feedback", summary: "How good an answer was", schema: "Feedback",
    takesAdministratorsKey: true,
    handle: drawing { call throws(GatewayError) in try await FeedbackService(call: call).response() })
}
