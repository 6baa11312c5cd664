import ChatProtocols
import GatewayCore
import TextKit

extension EndpointRoute {
  /// Reads configuration, prices and model anew.
  static let reload = EndpointRoute.post(
    "/admin/reload", "Read configuration, prices and model anew", needsKey: false
  ) { call throws(GatewayError) in
    try call.gateway.checkAdministrator(call.incoming)
    try await call.gateway.reload()
    let model = call.gateway.runtime.modelIdentifier.map { JSONNode.string($0.hexadecimal) } ?? .null
    return .json(JSONNode.object([("status", .string("reloaded")), ("model", model)]).jsonBytes)
  }
}

extension SwappableGateway {
  /// Lets the holder of the administrator's key pass, and where none is configured, this machine.
  func checkAdministrator(_ incoming: IncomingRequest) throws(GatewayError) {
    guard let variable = runtime.configuration.adminKeyVariable else {
      guard incoming.isLoopback else {
        throw GatewayError(
          .invalidKey,
          message: "Expected a request from this machine, found one from elsewhere. Set admin_key_env to allow others.")
      }
      return
    }
    guard let secret = environment(variable), !secret.isEmpty else {
      throw GatewayError(
        .notConfigured,
        message: "Expected the variable that admin_key_env names to hold a key, found none. Set it and start again.")
    }
    guard Self.sends(secret, incoming) else {
      throw GatewayError(.invalidKey, message: "Expected the administrator's key, found another or none.")
    }
  }

  /// Whether a request has the administrator's key: never where none is configured.
  func isFromAdministrator(_ incoming: IncomingRequest) -> Bool {
    guard let secret = runtime.configuration.adminKeyVariable.flatMap(environment), !secret.isEmpty else {
      return false
    }
    return Self.sends(secret, incoming)
  }

  private static func sends(_ secret: String, _ incoming: IncomingRequest) -> Bool {
    let sent = incoming.header("authorization")?.prefixRemoved("Bearer ") ?? incoming.header("x-api-key") ?? ""
    return KeyRing.areEqual(Array(sent.utf8), Array(secret.utf8))
  }
}
