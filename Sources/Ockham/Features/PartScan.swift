/// One pass over a readable part of one message: n-grams of every message, lexical classes of system segments and the question,
/// everything else of the question alone.
///
/// The pass goes from block to block where words are ASCII, and from word to word elsewhere. Between two steps `position`
/// is always the end of a word, or the start of the part.
struct PartScan {
  private let namespace: Namespace
  private let range: Range<Int>
  private let hasCharacterGrams: Bool
  private let inBlocks: Bool
  private var position: Int
  private var grams: NGramWriter
  private var question: QueryScan

  /// - Parameter inBlocks: false to go from word to word everywhere, which blocks must agree with.
  init(_ range: Range<Int>, of namespace: Namespace, options: FeatureOptions, inBlocks: Bool = true) {
    self.inBlocks = inBlocks
    (self.range, self.namespace, position) = (range, namespace, range.lowerBound)
    hasCharacterGrams = options.characterGrams
    grams = NGramWriter(options: options, multiplier: namespace.multiplier)
    question = QueryScan(
      start: range.lowerBound, isFirst: namespace == .question && range.lowerBound == 0)
  }

  /// Scans the part. The end of the text, where a block cannot be read in place, is copied to the front of zeros.
  mutating func run(
    _ text: Span<UInt8>, lexicon: LexiconReader, writer: inout BucketWriter, statistics: inout TextStatistics
  ) {
    let inPlace = min(range.upperBound, text.count - WordBlock.readableBytes + 1)
    let tailBytes = 2 * WordBlock.readableBytes
    unsafe text.withUnsafeBytes { bytes in
      unsafe withUnsafeTemporaryAllocation(byteCount: BlockHashes.byteCount + tailBytes, alignment: 8) { room in
        guard let start = bytes.baseAddress, let hashes = room.baseAddress else { return }
        let tail = unsafe hashes + BlockHashes.byteCount
        unsafe run(text, start, until: inPlace, BlockHashes(hashes), lexicon, &writer, &statistics)
        guard position < range.upperBound else { return }
        unsafe tail.initializeMemory(as: UInt8.self, repeating: 0, count: tailBytes)
        unsafe tail.copyMemory(from: start + position, byteCount: text.count - position)
        unsafe run(
          text, tail - position, until: range.upperBound, BlockHashes(hashes), lexicon, &writer, &statistics)
      }
    }
    if namespace == .question {
      question.finish(at: range.upperBound, in: text, into: &statistics)
      statistics.grams += grams.count
    }
  }

  /// Scans up to `limit` at least. `base` is where the text begins, or would if it were copied as a whole.
  private mutating func run(
    _ text: Span<UInt8>, _ base: UnsafeRawPointer, until limit: Int, _ hashes: BlockHashes, _ lexicon: LexiconReader,
    _ writer: inout BucketWriter, _ statistics: inout TextStatistics
  ) {
    while position < limit {
      let start = unsafe base + position
      if inBlocks, unsafe Self.beginsASCII(start),
        let block = unsafe WordBlock(start, available: range.upperBound &- position)
      {
        visit(block, in: text, hashes, lexicon, &writer, &statistics)
      } else {
        visitWord(in: text, lexicon, &writer, &statistics)
      }
    }
  }

  /// Whether eight bytes are ASCII. Where they are not, a block is not worth its while.
  @inline(__always) private static func beginsASCII(_ bytes: UnsafeRawPointer) -> Bool {
    unsafe bytes.loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
  }

  /// Visits the next word with the gap before it, or the gap at the end.
  @inline(never) private mutating func visitWord(
    in text: Span<UInt8>, _ lexicon: LexiconReader, _ writer: inout BucketWriter,
    _ statistics: inout TextStatistics
  ) {
    var scanner = WordScanner(position..<range.upperBound)
    let word = scanner.next(in: text)
    if namespace == .question {
      question.visitGap(position..<(word?.start ?? range.upperBound), in: text, into: &statistics)
    }
    position = word?.end ?? range.upperBound
    guard let word else { return }
    grams.add(word.hash, to: &writer)
    if hasCharacterGrams { grams.addCharacterGrams(of: word.start..<word.end, in: text, to: &writer) }
    switch namespace {
    case .system: lexicon.count(word.hash, into: &statistics.systemClasses)
    case .question:
      lexicon.count(word.hash, into: &statistics.classes)
      if question.awaitsOpening { question.visitOpening(lexicon.classes(of: word.hash), into: &statistics) }
      question.visit(word.start..<word.end, in: text, into: &statistics)
    case .history, .tools: break
    }
  }

  /// Visits the words of a block, and its gaps: first all hashes, then all look-ups of one kind. Each loop is small enough
  /// to stay in registers.
  @inline(__always) private mutating func visit(
    _ block: WordBlock, in text: Span<UInt8>, _ hashes: BlockHashes, _ lexicon: LexiconReader,
    _ writer: inout BucketWriter, _ statistics: inout TextStatistics
  ) {
    let count = hash(block, in: text, into: hashes)
    if hasCharacterGrams {
      addWithCharacters(block, hashes, in: text, &writer)
    } else {
      grams.add(hashes, count: count, to: &writer)
    }
    switch namespace {
    case .system: lexicon.count(hashes, count: count, into: &statistics.systemClasses)
    case .question:
      lexicon.count(hashes, count: count, into: &statistics.classes)
      if question.awaitsOpening { visitOpening(hashes, count: count, lexicon, &statistics) }
      question.visit(block, at: position, in: text, into: &statistics)
    case .history, .tools: break
    }
    position &+= block.byteCount
  }

  /// Hashes the words of a block; returns how many they are.
  @inline(__always) private func hash(
    _ block: WordBlock, in text: Span<UInt8>, into hashes: BlockHashes
  ) -> Int {
    var (starts, ends, count) = (block.starts, block.ends, 0)
    while starts != 0 {
      let (start, end) = (starts.trailingZeroBitCount, ends.trailingZeroBitCount)
      let hash =
        end &- start <= 16 ? block.hash(start, end) : WordScanner.hash(text, position + start..<position + end)
      hashes[count] = hash
      count &+= 1
      starts &= starts &- 1
      ends &= ends &- 1
    }
    return count
  }

  private mutating func addWithCharacters(
    _ block: WordBlock, _ hashes: BlockHashes, in text: Span<UInt8>, _ writer: inout BucketWriter
  ) {
    var (starts, index) = (block.starts, 0)
    while starts != 0 {
      grams.add(hashes[index], to: &writer)
      let word = block.range(from: starts.trailingZeroBitCount, at: position)
      grams.addCharacterGrams(of: word, in: text, to: &writer)
      index += 1
      starts &= starts &- 1
    }
  }

  /// Looks for the opening among a block's words.
  private mutating func visitOpening(
    _ hashes: BlockHashes, count: Int, _ lexicon: LexiconReader, _ statistics: inout TextStatistics
  ) {
    for index in 0..<count where question.awaitsOpening {
      question.visitOpening(lexicon.classes(of: hashes[index]), into: &statistics)
    }
  }
}
