import ChatProtocols

/// What machines ask.
extension EndpointRoute {
  static let health = EndpointRoute.get("/health", "The process lives", needsKey: false, isProbe: true) { _ in
    .json(Array(#"{"status":"ok"}"#.utf8))
  }

  static let ready = EndpointRoute.get(
    "/ready", "Requests are welcome; 503 while it drains", needsKey: false, isProbe: true
  ) { call throws(GatewayError) in
    guard call.gateway.isReady else {
      throw GatewayError(.shuttingDown, message: "The gateway is shutting down.", retryAfterSeconds: 1)
    }
    return .json(Array(#"{"status":"ready"}"#.utf8))
  }

  static let metrics = EndpointRoute.get("/metrics", "Prometheus text", needsKey: false, isProbe: true) { call in
    OutgoingResponse(
      headers: [("content-type", GatewayMetrics.contentType)],
      body: .whole(Array(await call.gateway.metricsText().utf8)))
  }
}
