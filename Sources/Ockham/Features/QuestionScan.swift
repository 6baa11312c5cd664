/// One pass over a readable part of the question: words, and what stands in the gaps between them.
///
/// Most gaps are one space and cost one comparison. The others are looked at byte by byte, because sentence ends, line
/// starts, bullets, choices and code marks live there.
struct QuestionScan {
  /// Where the present line began.
  private var lineStart: Int
  /// Whether the next word is the first of its line.
  private var atLineStart = true
  /// Whether the opening word is still to come: the first that is not mere politeness.
  private var awaitsOpening: Bool

  init(start: Int, isFirst: Bool) {
    lineStart = start
    awaitsOpening = isFirst
  }

  /// Counts a word.
  @inline(__always) mutating func visit(
    _ word: Word, classes: UInt64, in text: Span<UInt8>, into statistics: inout TextStatistics
  ) {
    let first = text[word.start]
    let count = word.count
    statistics.words &+= 1
    statistics.wordBytes &+= count
    statistics.shortWords &+= count <= 3 ? 1 : 0
    statistics.longWords &+= count >= 8 ? 1 : 0
    statistics.veryLongWords &+= count >= 12 ? 1 : 0
    if first < 0x3A { visitNumber(word, in: text, into: &statistics) }
    if first &- 0x41 < 26 { visitCapital(word, in: text, into: &statistics) }
    if classes != 0 { Self.tally(classes, into: &statistics.classes) }
    if atLineStart { visitLineStart(word, in: text, into: &statistics) }
    if awaitsOpening, classes & Self.politeness == 0 {
      statistics.openingClasses = classes
      awaitsOpening = false
    }
  }

  private static let politeness: UInt64 = 1 << UInt64(LexicalClass.politeness.rawValue)

  /// Counts each class of a word once.
  @inline(__always) static func tally(_ classes: UInt64, into counts: inout InlineArray<64, Int32>) {
    var rest = classes
    while rest != 0 {
      counts[rest.trailingZeroBitCount] &+= 1
      rest &= rest &- 1
    }
  }

  private func visitNumber(_ word: Word, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    var digits = 0
    for index in word.start..<word.end where text[index] &- 0x30 < 10 { digits += 1 }
    if digits < word.count { statistics.mixedWords += 1 }
    statistics.numbers += 1
    statistics.numberBytes += digits
    statistics.longestNumber = max(statistics.longestNumber, digits)
    if digits == 4, word.count == 4, text[word.start] == 0x31 || text[word.start] == 0x32 { statistics.years += 1 }
    if statistics.choiceLines > 0 { statistics.numbersInChoices += 1 }
  }

  private func visitCapital(_ word: Word, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    statistics.capitalisedWords += 1
    var upper = 0
    for index in word.start..<word.end where text[index] &- 0x41 < 26 { upper += 1 }
    if word.count > 1, upper == word.count { statistics.upperCaseWords += 1 }
    if upper > 1, upper < word.count { statistics.mixedWords += 1 }
  }

  /// A line that begins with a letter or number and one of `.`, `)`, `:` is a choice or a numbered item.
  private mutating func visitLineStart(_ word: Word, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    atLineStart = false
    guard word.count <= 2, word.end < text.count else { return }
    let mark = text[word.end]
    guard mark == 0x2E || mark == 0x29 || mark == 0x3A else { return }
    let first = text[word.start]
    if first < 0x3A {
      statistics.numberedLines += 1
    } else if word.count == 1, (first | 0x20) &- 0x61 < 12 {
      if statistics.choiceLines == 0 {
        statistics.stemBytes = lineStart
        statistics.stemWords = statistics.words - 1
      }
      statistics.choiceLines += 1
    }
  }

  /// Looks at the bytes between two words (or before the first, or behind the last).
  @inline(__always) mutating func visitGap(
    _ gap: Range<Int>, in text: Span<UInt8>, into statistics: inout TextStatistics
  ) {
    if gap.count == 1, text[gap.lowerBound] == 0x20 { return }
    visitWideGap(gap, in: text, into: &statistics)
  }

  private mutating func visitWideGap(_ gap: Range<Int>, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    if gap.isEmpty { return }
    visitSentenceEnd(gap, in: text, into: &statistics)
    var previous: UInt8 = 0
    for index in gap {
      let byte = text[index]
      if byte == 0x0A { visitLineEnd(at: index, in: text, into: &statistics) }
      if byte == 0x60, previous == 0x60 { statistics.fences += 1 }
      if byte == 0x5F, previous == 0x5F { statistics.blanks += 1 }
      if byte == 0x5C, index + 1 < text.count, (text[index + 1] | 0x20) &- 0x61 < 26 { statistics.commands += 1 }
      if byte == 0x28, index > 0, index == gap.lowerBound, WordScanner.isASCIIWord(text[index - 1]) {
        statistics.callMarks += 1
      }
      previous = byte
    }
  }

  /// `.`, `!`, `?` before white space or the end ends a sentence; `.` between digits is a decimal point.
  private func visitSentenceEnd(_ gap: Range<Int>, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    let first = text[gap.lowerBound]
    guard first == 0x2E || first == 0x21 || first == 0x3F else { return }
    let next = gap.lowerBound + 1 < text.count ? text[gap.lowerBound + 1] : 0x20
    if next <= 0x20 {
      statistics.sentences += 1
    } else if first == 0x2E, gap.count == 1, gap.lowerBound > 0, text[gap.lowerBound - 1] &- 0x30 < 10,
      next &- 0x30 < 10
    {
      statistics.decimals += 1
    }
  }

  private mutating func visitLineEnd(at index: Int, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    let isCRLF = index > lineStart && text[index - 1] == 0x0D
    let length = index - lineStart - (isCRLF ? 1 : 0)
    statistics.lines += 1
    statistics.blankLines += length == 0 ? 1 : 0
    statistics.longestLineBytes = max(statistics.longestLineBytes, length)
    lineStart = index + 1
    atLineStart = true
    guard index + 1 < text.count else { return }
    switch text[index + 1] {
    case 0x2D, 0x2A: statistics.bulletLines += 1
    case 0xE2: statistics.bulletLines += 1
    case 0x23: statistics.headingLines += 1
    case 0x7C: statistics.tableLines += 1
    case 0x3E: statistics.quotedLines += 1
    case 0x09: statistics.indentedLines += 1
    case 0x20: if index + 2 < text.count, text[index + 2] == 0x20 { statistics.indentedLines += 1 }
    default: break
    }
  }

  /// Ends the part: its last line counts, with or without a line feed.
  func finish(at end: Int, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    if end > lineStart {
      statistics.lines += 1
      statistics.longestLineBytes = max(statistics.longestLineBytes, end - lineStart)
    }
  }
}
