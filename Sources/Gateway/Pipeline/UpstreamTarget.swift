/// A provider with its connections and keys: what stays when a request is over.
package final class ProviderConnection: Sendable {
  package let configuration: ProviderConfiguration
  /// The provider's protocol.
  package let codec: any Provider
  package let keys: ProviderKeys
  package let transport: any UpstreamTransport

  package init(
    configuration: ProviderConfiguration, codec: any Provider, keys: ProviderKeys, transport: any UpstreamTransport
  ) {
    self.configuration = configuration
    self.codec = codec
    self.keys = keys
    self.transport = transport
  }

  /// Connections end with the last request that uses them, also after a reload.
  deinit {
    let transport = transport
    Task { await transport.shutdown() }
  }
}

/// A target that requests can be sent to.
package final class UpstreamTarget: Sendable {
  package let configuration: TargetConfiguration

  /// The tier's name; empty for a target outside the tiers.
  package let tier: String
  /// Shared by all targets of the provider.
  package let provider: ProviderConnection
  package let breaker: CircuitBreaker

  /// `nil` where the catalogue does not know the model.
  package let price: Price?

  package init(
    configuration: TargetConfiguration, tier: String, provider: ProviderConnection, breaker: CircuitBreaker,
    price: Price?
  ) {
    self.configuration = configuration
    self.tier = tier
    self.provider = provider
    self.breaker = breaker
    self.price = price
  }

  /// The target's name: `provider/model` unless the configuration names it.
  package var name: String { configuration.name }
}
