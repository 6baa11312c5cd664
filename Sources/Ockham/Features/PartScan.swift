/// One pass over a readable part of a text: n-grams of every text, lexical classes of system segments and the question,
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
  private var grams: GramWriter
  private var question: QuestionScan

  /// - Parameter inBlocks: false to go from word to word everywhere, which blocks must agree with.
  init(_ range: Range<Int>, of namespace: Namespace, options: FeatureOptions, inBlocks: Bool = true) {
    self.inBlocks = inBlocks
    (self.range, self.namespace, position) = (range, namespace, range.lowerBound)
    hasCharacterGrams = options.characterGrams
    grams = GramWriter(options: options, multiplier: namespace.multiplier)
    question = QuestionScan(
      start: range.lowerBound, isFirst: namespace == .question && range.lowerBound == 0)
  }

  /// Scans the part. The end of the text, where a block cannot be read in place, is copied to the front of zeros.
  mutating func run(
    _ text: Span<UInt8>, lexicon: LexiconReader, writer: inout BucketWriter, statistics: inout TextStatistics
  ) {
    let inPlace = min(range.upperBound, text.count - WordBlock.readableBytes + 1)
    unsafe text.withUnsafeBytes { bytes in
      if position < inPlace, let base = bytes.baseAddress {
        unsafe run(text, base, until: inPlace, lexicon, &writer, &statistics)
      }
      guard position < range.upperBound else { return }
      unsafe withUnsafeTemporaryAllocation(byteCount: 2 * WordBlock.readableBytes, alignment: 8) { tail in
        unsafe tail.initializeMemory(as: UInt8.self, repeating: 0)
        unsafe tail.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position...]))
        guard let base = tail.baseAddress else { return }
        unsafe run(text, base - position, until: range.upperBound, lexicon, &writer, &statistics)
      }
    }
    if namespace == .question {
      question.finish(at: range.upperBound, in: text, into: &statistics)
      statistics.grams += grams.count
    }
  }

  /// Scans up to `limit` at least. `base` is where the text begins, or would if it were copied as a whole.
  private mutating func run(
    _ text: Span<UInt8>, _ base: UnsafeRawPointer, until limit: Int, _ lexicon: LexiconReader,
    _ writer: inout BucketWriter, _ statistics: inout TextStatistics
  ) {
    while position < limit {
      let start = unsafe base + position
      if inBlocks, unsafe Self.beginsASCII(start),
        let block = unsafe WordBlock(start, available: range.upperBound &- position)
      {
        visit(block, in: text, lexicon, &writer, &statistics)
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
    case .system: lexicon.tally(word.hash, into: &statistics.systemClasses)
    case .question:
      lexicon.tally(word.hash, into: &statistics.classes)
      if question.awaitsOpening { question.visitOpening(lexicon.classes(of: word.hash), into: &statistics) }
      question.visit(word.start..<word.end, in: text, into: &statistics)
    case .history, .tools: break
    }
  }

  /// Visits the words of a block, and its gaps.
  @inline(__always) private mutating func visit(
    _ block: WordBlock, in text: Span<UInt8>, _ lexicon: LexiconReader, _ writer: inout BucketWriter,
    _ statistics: inout TextStatistics
  ) {
    switch namespace {
    case .system:
      visitWords(of: block, in: text, &writer) { lexicon.tally($0, into: &statistics.systemClasses) }
    case .question:
      if question.awaitsOpening { visitOpening(block, in: text, lexicon, &statistics) }
      visitWords(of: block, in: text, &writer) { lexicon.tally($0, into: &statistics.classes) }
      question.visit(block, at: position, in: text, into: &statistics)
    case .history, .tools: visitWords(of: block, in: text, &writer) { _ in }
    }
    position &+= block.byteCount
  }

  /// Writes the grams of a block's words and hands on their hashes. What changes with each word is held in copies, which
  /// can stay in registers.
  @inline(__always) private mutating func visitWords(
    of block: WordBlock, in text: Span<UInt8>, _ writer: inout BucketWriter, classify: (UInt64) -> Void
  ) {
    var (grams, copy) = (grams, writer)
    var (starts, ends) = (block.starts, block.ends)
    while starts != 0 {
      let hash = hash(ofWordFrom: starts.trailingZeroBitCount, to: ends.trailingZeroBitCount, block, in: text)
      grams.add(hash, to: &copy)
      if hasCharacterGrams {
        let place = block.range(from: starts.trailingZeroBitCount, at: position)
        grams.addCharacterGrams(of: place, in: text, to: &copy)
      }
      classify(hash)
      starts &= starts &- 1
      ends &= ends &- 1
    }
    (self.grams, writer) = (grams, copy)
  }

  @inline(__always) private func hash(
    ofWordFrom start: Int, to end: Int, _ block: WordBlock, in text: Span<UInt8>
  ) -> UInt64 {
    if end &- start <= 16 { return block.hash(start, end) }
    return WordScanner.hash(text, position + start..<position + end)
  }

  /// Looks for the opening among a block's words.
  private mutating func visitOpening(
    _ block: WordBlock, in text: Span<UInt8>, _ lexicon: LexiconReader, _ statistics: inout TextStatistics
  ) {
    var (starts, ends) = (block.starts, block.ends)
    while starts != 0, question.awaitsOpening {
      let hash = hash(ofWordFrom: starts.trailingZeroBitCount, to: ends.trailingZeroBitCount, block, in: text)
      question.visitOpening(lexicon.classes(of: hash), into: &statistics)
      starts &= starts &- 1
      ends &= ends &- 1
    }
  }
}
