/// How many tiers there can be.
public enum TierCount {
  /// Below two there is nothing to choose; above 64 a set of allowed tiers does not fit in 64 bits.
  public static let range = 2...64
}
