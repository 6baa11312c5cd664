import ChatProtocols
import GatewayCore
import Synchronization

extension SharedResources {
  /// Sends alerts to the webhook of a configuration from now on; one that is as before keeps what waits to be sent.
  func useWebhook(of configuration: GatewayConfiguration, environment: (String) -> String?) {
    let wanted = configuration.alerts.webhook
    let secret = wanted.flatMap { environment($0.secretVariable) } ?? ""
    if let wanted, secret.isEmpty {
      logger.error("alerts.webhook: \(wanted.secretVariable) is not set; alerts are not posted")
    }
    let known = webhook.withLock { $0 }
    if let known, let wanted, known.url == wanted.url, known.hasSecret(secret) { return }
    let next = wanted.flatMap { secret.isEmpty ? nil : makeWebhook($0, secret) }
    webhook.withLock { $0 = next }
    if let next { alerts.use { next.send($0) } } else { alerts.use(nil) }
    if let known { Task { await known.stop() } }
  }

  private func makeWebhook(_ configuration: AlertConfiguration.Webhook, _ secret: String) -> Webhook {
    let provider = ProviderConfiguration(name: "alerts", kind: .openai, baseURL: configuration.url)
    return Webhook(
      url: configuration.url, secret: secret, transport: HTTPTransport(provider, group: group), clock: clock,
      metrics: metrics, logger: logger)
  }

  /// Ends what sends alerts.
  func closeAlerts() async {
    alerts.use(nil)
    let last = webhook.withLock { webhook in
      defer { webhook = nil }
      return webhook
    }
    await last?.stop()
    await alerts.close()
  }
}
