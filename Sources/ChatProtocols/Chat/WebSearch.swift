import TextKit

/// A search of the web that a provider makes by itself while its model answers, in terms that all formats share. Each says
/// it in its own way, and not all can say all of it.
package struct WebSearch: Sendable {
  /// Where alone may be searched; empty for everywhere.
  var allowedDomains: [String] = []
  var blockedDomains: [String] = []

  /// How much of what is found the model reads: `low`, `medium` or `high`. A hint.
  var contextSize: String?

  /// Where the user is, about: an object of `city`, `region`, `country` and `timezone`, each where it is known. A hint.
  var location: JSONNode?

  /// How many searches may be made. A hint where it cannot be said.
  var mostUses: Int?

  /// Whether the model must search.
  var isDemanded = false

  /// Whether pages may be read from a store alone, and not from the web.
  var isOffline = false

  /// Whether only a part of the web may be searched.
  var isRestricted: Bool { !allowedDomains.isEmpty || !blockedDomains.isEmpty }

  init() {}
}
