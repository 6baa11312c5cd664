/// The version that the gateway tells: on the command line, in spans and in its OpenAPI document.
package enum GatewayVersion {
  package static let text = "0.1.0"
}
