/// The choices that a feature extractor leaves to the trainer. They are stored in the model file, so that a model is
/// always served with the features it was trained on.
public struct FeatureOptions: Sendable, Hashable {
  /// The number of n-gram buckets is two to this power; from 10 to 20. Below 14, collisions cost accuracy; above 18,
  /// the table outgrows the caches.
  public var bucketBits: Int

  /// Whether pairs of neighbouring words are features beside single words.
  public var wordPairs: Bool

  /// Whether runs of three to five bytes inside words are features too. They help most with many labels and with
  /// languages of long words, and about double the time of a score.
  public var characterGrams: Bool

  /// Creates options; the defaults are those of a new model.
  public init(bucketBits: Int = 16, wordPairs: Bool = true, characterGrams: Bool = false) {
    self.bucketBits = bucketBits
    self.wordPairs = wordPairs
    self.characterGrams = characterGrams
  }

  /// The values that ``bucketBits`` may have.
  public static let bucketBitsRange = 10...20

  /// The number of n-gram buckets.
  public var bucketCount: Int { 1 << bucketBits }

  /// The bucket of a gram with this hash in a namespace.
  @inline(__always) func bucket(of hash: UInt64, in namespace: Namespace) -> UInt32 {
    UInt32(truncatingIfNeeded: (hash &* namespace.multiplier) &>> UInt64(64 - bucketBits))
  }
}
