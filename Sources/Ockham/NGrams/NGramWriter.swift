/// Turns the words of one message into buckets: each word, each pair of neighbours, and, if asked for, each run of three to
/// five bytes inside a word.
///
/// The bucket of an n-gram with hash `h` in a namespace with multiplier `m` is the upper `bucketBits` bits of `h · m`.
struct NGramWriter {
  private let options: FeatureOptions
  private let shift: UInt64
  private let multiplier: UInt64
  private var previous: UInt64 = 0
  private var hasPrevious = false

  /// N-grams written so far, repetitions included.
  private(set) var count = 0

  init(options: FeatureOptions, multiplier: UInt64) {
    self.options = options
    shift = UInt64(64 - options.bucketBits)
    self.multiplier = multiplier
  }

  /// The most n-grams that `bytes` bytes make: a word takes two bytes with the gap before the next one.
  static func most(bytes: Int, options: FeatureOptions) -> Int {
    2 * (bytes / 2 + 2) + (options.characterGrams ? 3 * bytes : 0)
  }

  /// Writes the n-grams that end with a word of this hash, without character n-grams.
  @inline(__always) mutating func add(_ hash: UInt64, to set: inout BucketWriter) {
    write(hash, to: &set)
    guard options.wordPairs else { return }
    if hasPrevious { write(WordHash.pair(previous, hash), to: &set) }
    previous = hash
    hasPrevious = true
  }

  /// Writes the n-grams that end with the first `count` words, without character n-grams. What changes with each is held in
  /// copies, which can stay in registers.
  @inline(__always) mutating func add(_ hashes: BlockHashes, count: Int, to set: inout BucketWriter) {
    var (writer, copy) = (self, set)
    if options.wordPairs && hasPrevious {
      for index in 0..<count { writer.addFollowing(hashes[index], to: &copy) }
    } else {
      for index in 0..<count { writer.add(hashes[index], to: &copy) }
    }
    (self, set) = (writer, copy)
  }

  /// Writes a word that follows another, and the pair of both.
  @inline(__always) private mutating func addFollowing(_ hash: UInt64, to set: inout BucketWriter) {
    write(hash, to: &set)
    write(WordHash.pair(previous, hash), to: &set)
    previous = hash
  }

  @inline(__always) private mutating func write(_ hash: UInt64, to set: inout BucketWriter) {
    set.insert(UInt32(truncatingIfNeeded: (hash &* multiplier) &>> shift))
    count &+= 1
  }

  /// Writes the runs of three to five bytes inside a word. A run is hashed like the chunk of a word, from a seed of its own.
  mutating func addCharacterGrams(of word: Range<Int>, in text: Span<UInt8>, to set: inout BucketWriter) {
    guard word.count > 3 else { return }
    for start in word.lowerBound..<(word.upperBound - 2) {
      let chunk = WordHash.fold(WordScanner.loadPrefix(text, at: start, min(5, word.upperBound - start)))
      for length in 3...5 where start + length <= word.upperBound {
        write(WordHash.absorb(WordHash.keep(length, of: chunk), into: WordHash.characterSeed), to: &set)
      }
    }
  }
}
