/// Requests that all go to one tier while decisions are made and logged beside, to learn what routing would do before it does
/// it.
package struct ObserveConfiguration: Sendable, Hashable {
  /// The tier that they go to, by name; the nearest one above, else below, where constraints keep a request from it.
  package var tier: String

  /// Names of virtual keys; `nil` for all requests, also those without a key.
  package var keys: Set<String>?

  /// Names of policies; `nil` for all.
  package var policies: Set<String>?

  /// The share of conversations, by a hash that is fixed for each.
  package var share = 1.0

  /// Tiers of models that clients name: these answer as they do, and the decision for `auto` is made beside.
  package var models: [String: String] = [:]

  package init(tier: String) { self.tier = tier }
}
