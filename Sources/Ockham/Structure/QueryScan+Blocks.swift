extension QueryScan {
  /// Counts the words and gaps of a block: the same as ``visit(_:classes:in:into:)`` and ``visitGap(_:in:into:)`` for
  /// each, save for classes of words, the opening, and what waits in ``counts``.
  ///
  /// - Parameter position: where the block begins in `text`.
  mutating func visit(_ block: WordBlock, at position: Int, in text: Span<UInt8>, into statistics: inout TextStatistics)
  {
    let (masks, starts, inside) = (block.masks, block.starts, block.inside)
    count(block)
    var lines = BlockLines(block, position: position, statistics)
    let digitBefore = masks.digit << 1 | (position > 0 && text[position &- 1] &- 0x30 < 10 ? 1 : 0)
    let wordBefore = masks.word << 1 | (position > 0 && WordScanner.isASCIIWord(text[position &- 1]) ? 1 : 0)
    // Bytes of gaps other than spaces. Only line feeds, which are rare, are branched on: the others come at random.
    var marks = inside & ~masks.word & ~masks.space
    while marks != 0 {
      let mark = BlockMark(block, at: marks.trailingZeroBitCount, wordBefore: wordBefore, digitBefore: digitBefore)
      mark.count(into: &statistics)
      if mark.byte == 0x0A {
        if atLineStart { lines.visitStart(before: mark.place, of: &self, in: text, into: &statistics) }
        visitLineEnd(at: position &+ mark.place, in: text, into: &statistics)
        lines.candidates = starts & .max << UInt64(mark.place)
      }
      marks &= marks &- 1
    }
    if atLineStart { lines.visitStart(before: 64, of: &self, in: text, into: &statistics) }
    statistics.words &+= starts.nonzeroBitCount
    statistics.capitalisedWords &+= (starts & masks.upper).nonzeroBitCount
    if starts & masks.digit != 0 { visitNumbers(block, at: position, lines.choices, in: text, into: &statistics) }
    if inside & masks.upper & ~starts != 0 { visitCapitals(block, at: position, in: text, into: &statistics) }
  }

  /// Adds what is counted by whole masks.
  @inline(__always) private mutating func count(_ block: WordBlock) {
    let (masks, starts, inside) = (block.masks, block.starts, block.inside)
    let word = masks.word & inside
    let two = word & word >> 1
    let four = two & two >> 2
    let eight = four & four >> 4
    counts.add(
      SIMD8(
        starts, word, starts & four, starts & eight, starts & eight & four >> 8, masks.digit & inside,
        masks.upper & inside, masks.space & inside))
  }

  private func visitNumbers(
    _ block: WordBlock, at position: Int, _ choices: UInt64, in text: Span<UInt8>,
    into statistics: inout TextStatistics
  ) {
    var numbers = block.starts & block.masks.digit
    while numbers != 0 {
      let start = numbers.trailingZeroBitCount
      visitNumber(
        block.range(from: start, at: position), isInChoices: choices >> UInt64(start) & 1 == 1, in: text,
        into: &statistics)
      numbers &= numbers &- 1
    }
  }

  private func visitCapitals(
    _ block: WordBlock, at position: Int, in text: Span<UInt8>, into statistics: inout TextStatistics
  ) {
    var capitals = block.starts & block.masks.upper
    while capitals != 0 {
      visitCapital(block.range(from: capitals.trailingZeroBitCount, at: position), in: text, into: &statistics)
      capitals &= capitals &- 1
    }
  }
}

/// A byte of a gap, and what stands around it.
struct BlockMark {
  let place: Int
  let byte: UInt8
  private let next: UInt8
  private let isFirst: Bool
  private let follows: (word: Bool, digit: Bool)

  /// `wordBefore` and `digitBefore` have the bits of bytes that follow such a byte.
  @inline(__always) init(_ block: WordBlock, at place: Int, wordBefore: UInt64, digitBefore: UInt64) {
    self.place = place
    byte = block.byte(place)
    next = block.byte(place &+ 1)
    follows = (wordBefore &>> UInt64(place) & 1 == 1, digitBefore &>> UInt64(place) & 1 == 1)
    isFirst = place == 0 || follows.word
  }

  /// Counts everything but line ends.
  @inline(__always) func count(into statistics: inout TextStatistics) {
    let isStop = byte == 0x2E || byte == 0x21 || byte == 0x3F
    statistics.bytes[Int(byte)] &+= 1
    statistics.sentences &+= bit(isStop && isFirst && next <= 0x20)
    statistics.decimals &+= bit(byte == 0x2E && follows.digit && next &- 0x30 < 10)
    statistics.fences &+= bit(byte == 0x60 && next == 0x60)
    statistics.blanks &+= bit(byte == 0x5F && next == 0x5F)
    statistics.commands &+= bit(byte == 0x5C && (next | 0x20) &- 0x61 < 26)
    statistics.callMarks &+= bit(byte == 0x28 && follows.word)
  }

  @inline(__always) private func bit(_ condition: Bool) -> Int { condition ? 1 : 0 }
}

/// First words of lines within a block.
struct BlockLines {
  private let block: WordBlock
  private let position: Int
  private let earlierWords: Int
  /// The words that are not before the present line.
  var candidates: UInt64
  /// Places behind the first choice line's beginning.
  private(set) var choices: UInt64

  init(_ block: WordBlock, position: Int, _ statistics: borrowing TextStatistics) {
    (self.block, self.position, earlierWords) = (block, position, statistics.words)
    candidates = block.starts
    choices = statistics.choiceLines > 0 ? .max : 0
  }

  /// Looks at the first candidate, if there is one before `place`.
  mutating func visitStart(
    before place: Int, of scan: inout QueryScan, in text: Span<UInt8>, into statistics: inout TextStatistics
  ) {
    let start = candidates.trailingZeroBitCount
    guard start < place else { return }
    let words = earlierWords + (block.starts & (1 << UInt64(start) &- 1)).nonzeroBitCount
    scan.visitLineStart(block.range(from: start, at: position), earlierWords: words, in: text, into: &statistics)
    if choices == 0, statistics.choiceLines > 0 { choices = .max << UInt64(start) }
  }
}
