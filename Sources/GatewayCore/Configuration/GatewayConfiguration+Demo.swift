import ChatProtocols

extension GatewayConfiguration {
  /// A gateway that runs at once: on loopback, one provider, an in-process mock, and a tier for each name.
  ///
  /// - Parameter tierNames: the model's, cheapest first.
  package static func demo(tierNames: [String] = ["small", "mid", "frontier"]) -> GatewayConfiguration {
    var configuration = GatewayConfiguration()
    configuration.providers = ["mock": ProviderConfiguration(name: "mock", kind: .mock, baseURL: "http://localhost")]
    configuration.tiers = tierNames.map { name in
      let target = TargetConfiguration(name: "mock/\(name)", provider: "mock", model: "mock-\(name)")
      return TierConfiguration(name: name, targets: [target])
    }
    configuration.telemetry.path = nil
    return configuration
  }
}
