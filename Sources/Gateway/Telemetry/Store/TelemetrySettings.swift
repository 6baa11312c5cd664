package import GatewayCore
package import Ockham

/// What of the telemetry may change while the gateway runs.
package struct TelemetrySettings: Sendable, Hashable {
  package var prompts: TelemetryConfiguration.Prompts

  /// Requests older than this are deleted; `nil` keeps all.
  package var retentionDays: Double?

  /// What features are extracted with: the options of the model that routes.
  package var featureOptions: FeatureOptions

  package init(
    prompts: TelemetryConfiguration.Prompts = .features, retentionDays: Double? = nil,
    featureOptions: FeatureOptions = FeatureOptions()
  ) {
    self.prompts = prompts
    self.retentionDays = retentionDays
    self.featureOptions = featureOptions
  }

  /// What a configuration says.
  package init(_ configuration: TelemetryConfiguration, featureOptions: FeatureOptions) {
    self.init(
      prompts: configuration.prompts, retentionDays: configuration.retentionDays, featureOptions: featureOptions)
  }
}
