import ChatProtocols
import Foundation
import GatewayCore
import Registry
import TextKit

extension EndpointRoute {
  /// What serves by the registry, the status of the canary, and the last decisions.
  static let promotion = EndpointRoute.get(
    "/admin/promotion", "What serves by the registry, the status of the canary, and the last decisions", needsKey: false
  ) { call throws(GatewayError) in
    try call.gateway.checkAdministrator(call.incoming)
    guard let path = call.runtime.configuration.registryPath else {
      throw GatewayError(
        .notConfigured, message: "Expected a registry of models, found none configured. Set registry to its folder.")
    }
    do throws(RegistryError) {
      let status = try RegistryStatus(Registry(opening: URL(filePath: path)))
      let members = (status.json.members ?? []) + [JSONMember(key: "canary", value: call.shared.canary.json)]
      return .json(JSONNode.object(members).jsonBytes)
    } catch { throw GatewayError(.notConfigured, message: "The registry cannot be read: \(error)") }
  }
  /// How the arms of experiments compare.
  static let experiments = EndpointRoute.get(
    "/admin/experiments", "How the arms of the configured experiments compare with their controls", needsKey: false
  ) { call throws(GatewayError) in
    try call.gateway.checkAdministrator(call.incoming)
    return .json(JSONNode.object(["experiments": call.shared.experiments.json]).jsonBytes)
  }
}
