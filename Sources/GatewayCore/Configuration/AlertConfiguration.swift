/// Who is notified of alerts beside the log and the metrics. See <doc:Drift>.
package struct AlertConfiguration: Sendable, Hashable {
  /// Where a program of the operator's takes them.
  package struct Webhook: Sendable, Hashable {
    package var url: String
    /// The environment variable with the secret that every message is signed with.
    package var secretVariable: String

    package init(url: String, secretVariable: String) { (self.url, self.secretVariable) = (url, secretVariable) }
  }

  package var webhook: Webhook?

  package init() {}
}
