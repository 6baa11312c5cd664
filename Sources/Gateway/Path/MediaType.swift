import ChatProtocols

/// Whether a body may be what the gateway reads.
enum MediaType {
  /// A body that says it is something else than JSON is refused; one that does not say is read.
  static func check(_ incoming: IncomingRequest) throws(GatewayError) {
    guard incoming.method == "POST", let type = incoming.header("content-type")?.lowercased() else { return }
    let name = type.prefix { $0 != ";" }.filter { $0 != " " }
    guard name == "application/json" || name.hasSuffix("+json") || incoming.body.isEmpty else {
      throw GatewayError(
        .unsupportedMediaType, message: "Expected content-type application/json, found another. Send JSON.")
    }
    if let encoding = incoming.header("content-encoding"), encoding.lowercased() != "identity" {
      throw GatewayError(
        .unsupportedMediaType, message: "Expected a body without content-encoding, found one with it. Send it as it is."
      )
    }
  }
}
