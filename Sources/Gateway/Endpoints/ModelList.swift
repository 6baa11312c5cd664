import ChatProtocols
import GatewayCore
import TextKit

/// `GET /v1/models`: every name that a client may put into `model`, in the shape of the client that asks.
enum ModelList {
  /// As Anthropic's clients read it, which say their `anthropic-version`.
  static func anthropicJSON(of runtime: ConfiguredGateway, for key: KeyConfiguration?) -> [UInt8] {
    let names = runtime.router.modelNames(for: key)
    return JSONNode.object([
      "data": .array(names.map(anthropicEntry)), "has_more": .boolean(false),
      "first_id": names.first.map(JSONNode.string) ?? .null, "last_id": names.last.map(JSONNode.string) ?? .null,
    ]).jsonBytes
  }

  private static func anthropicEntry(_ name: String) -> JSONNode {
    .object([
      "type": .string("model"), "id": .string(name), "display_name": .string(name),
      "created_at": .string("1970-01-01T00:00:00Z"),
    ])
  }

  static func json(of runtime: ConfiguredGateway, for key: KeyConfiguration?) -> [UInt8] {
    let entries = runtime.router.modelNames(for: key).map(entry)
    return JSONNode.object(["object": .string("list"), "data": .array(entries)]).jsonBytes
  }

  /// - Throws: ``GatewayError/Code/modelNotFound`` (404).
  static func json(
    of name: String, in runtime: ConfiguredGateway, for key: KeyConfiguration?, isForAnthropic: Bool
  ) throws(GatewayError) -> [UInt8] {
    guard runtime.router.modelNames(for: key).contains(name) else {
      throw GatewayError(
        .modelNotFound, message: "Expected a name that GET /v1/models lists, found another.", param: "model")
    }
    return (isForAnthropic ? anthropicEntry(name) : entry(name)).jsonBytes
  }

  private static func entry(_ name: String) -> JSONNode {
    .object([
      "id": .string(name), "object": .string("model"), "created": .integer(0), "owned_by": .string("ockham"),
    ])
  }
}

extension EndpointRoute {
  static let models = EndpointRoute.get("/v1/models", "Every name that model may hold") { call in
    .json(
      call.isFromAnthropicClient
        ? ModelList.anthropicJSON(of: call.runtime, for: call.key) : ModelList.json(of: call.runtime, for: call.key))
  }

  static let model = EndpointRoute.get("/v1/models/{model}", "One of these names") { call throws(GatewayError) in
    .json(
      try ModelList.json(
        of: call.parameter, in: call.runtime, for: call.key, isForAnthropic: call.isFromAnthropicClient))
  }
}

extension EndpointCall {
  fileprivate var isFromAnthropicClient: Bool { incoming.header("anthropic-version") != nil }
}
