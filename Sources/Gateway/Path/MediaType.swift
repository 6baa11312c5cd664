import ChatProtocols

/// Whether a body may be what the gateway reads; distinguished from the head.
enum MediaType {
  /// A body that says it is something else than JSON is refused.
  /// - Parameter mustSay: whether one that does not say is refused too: web pages can send those to anybody.
  static func check(_ incoming: IncomingRequest, mustSay: Bool) throws(GatewayError) {
    guard incoming.method == "POST", incoming.hasBody else { return }
    let type = incoming.header("content-type")?.lowercased()
    guard type.map(isJSON) ?? !mustSay else {
      throw GatewayError(
        .unsupportedMediaType,
        message: "Expected content-type application/json, found \(type == nil ? "none" : "another"). Send JSON.")
    }
    if let encoding = incoming.header("content-encoding"), encoding.lowercased() != "identity" {
      throw GatewayError(
        .unsupportedMediaType, message: "Expected a body without content-encoding, found one with it. Send it as it is."
      )
    }
  }

  private static func isJSON(_ type: String) -> Bool {
    let name = type.prefix { $0 != ";" }.filter { $0 != " " }
    return name == "application/json" || name.hasSuffix("+json")
  }
}
