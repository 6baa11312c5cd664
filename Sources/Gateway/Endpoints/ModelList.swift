import ChatProtocols
import GatewayCore
import TextKit

/// `GET /v1/models`: every name that a client may put into `model`.
enum ModelList {
  static func json(of runtime: GatewayRuntime, for key: KeyConfiguration?) -> [UInt8] {
    let entries = runtime.router.modelNames(for: key).map(entry)
    return JSONNode.object(["object": .string("list"), "data": .array(entries)]).jsonBytes
  }

  /// - Throws: ``GatewayError/Code/modelNotFound`` (404).
  static func json(
    of name: String, in runtime: GatewayRuntime, for key: KeyConfiguration?
  ) throws(GatewayError) -> [UInt8] {
    guard runtime.router.modelNames(for: key).contains(name) else {
      throw GatewayError(
        .modelNotFound, message: "Expected a name that GET /v1/models lists, found another.", param: "model")
    }
    return entry(name).jsonBytes
  }

  private static func entry(_ name: String) -> JSONNode {
    .object([
      "id": .string(name), "object": .string("model"), "created": .integer(0), "owned_by": .string("ockham"),
    ])
  }
}

extension EndpointRoute {
  static let models = EndpointRoute.get("/v1/models", "Every name that model may hold") { call in
    .json(ModelList.json(of: call.runtime, for: call.key))
  }

  static let model = EndpointRoute.get("/v1/models/{model}", "One of these names") { call throws(GatewayError) in
    .json(try ModelList.json(of: call.parameter, in: call.runtime, for: call.key))
  }
}
