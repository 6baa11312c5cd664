/// How a provider served a request, where that has a price of its own. The raw value is the provider's word and the suffix of a catalogue's fields.
package enum ServiceTier: String, Sendable, Hashable, CaseIterable {
  /// Before others, for more.
  case priority
  /// When there is room, for less.
  case flex
}
