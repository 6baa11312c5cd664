/// Where in a request words stand. Equal words in different namespaces are different features.
///
/// The raw value is the order in which namespaces are extracted, and part of the feature schema.
public enum Namespace: Int, Sendable, CaseIterable {
  /// All `system` segments.
  case system
  /// The last `user` segment: what is asked now.
  case question
  /// Everything else that was said: earlier turns, answers, tool results.
  case history
  /// Names of the tools that the request offers.
  case tools

  /// An odd multiplier that spreads the hashes of this namespace over the buckets in its own way.
  var multiplier: UInt64 {
    switch self {
    case .system: 0x9FB2_1C65_1E98_DF25
    case .question: 0xC2B2_AE3D_27D4_EB4F
    case .history: 0x1656_67B1_9E37_79F9
    case .tools: 0x8591_5936_7F4B_1C5D
    }
  }
}
