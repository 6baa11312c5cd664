/// Turns the words of one text into buckets: each word, each pair of neighbours, and, if asked for, each run of three to
/// five bytes inside a word.
///
/// The bucket of a gram with hash `h` in a namespace with multiplier `m` is the upper `bucketBits` bits of `h · m`.
struct GramWriter {
  private let options: FeatureOptions
  private let shift: UInt64
  private let multiplier: UInt64
  private var previous: UInt64 = 0
  private var hasPrevious = false

  /// Grams written so far, repetitions included.
  private(set) var count = 0

  init(options: FeatureOptions, shift: UInt64, multiplier: UInt64) {
    self.options = options
    self.shift = shift
    self.multiplier = multiplier
  }

  /// Writes the grams that end with `word`.
  @inline(__always) mutating func add(_ word: Word, in text: Span<UInt8>, to set: inout BucketSet) {
    write(word.hash, to: &set)
    if options.wordPairs {
      if hasPrevious { write(WordHash.pair(previous, word.hash), to: &set) }
      previous = word.hash
      hasPrevious = true
    }
    if options.characterGrams { addCharacterGrams(of: word, in: text, to: &set) }
  }

  @inline(__always) private mutating func write(_ hash: UInt64, to set: inout BucketSet) {
    set.insert(UInt32(truncatingIfNeeded: (hash &* multiplier) >> shift))
    count &+= 1
  }

  /// A run is hashed like the chunk of a word, from a seed of its own.
  private mutating func addCharacterGrams(of word: Word, in text: Span<UInt8>, to set: inout BucketSet) {
    guard word.count > 3 else { return }
    for start in word.start..<(word.end - 2) {
      let chunk = WordHash.fold(WordScanner.loadPrefix(text, at: start, min(5, word.end - start)))
      for length in 3...5 where start + length <= word.end {
        write(WordHash.absorb(WordHash.keep(length, of: chunk), into: WordHash.characterSeed), to: &set)
      }
    }
  }
}
