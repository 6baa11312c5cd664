/// What a pass over a readable part of the question counts: words, and what stands in the gaps between them.
///
/// This is the form for one word and one gap at a time, which takes any text. Most text goes through the form for blocks,
/// which must agree with it.
struct QueryScan {
  /// Where the present line began.
  private var lineStart: Int
  /// Whether the next word is the first of its line.
  private(set) var atLineStart = true
  /// Whether the opening word is still to come: the first that is not mere politeness.
  private(set) var awaitsOpening: Bool
  /// Of blocks: words; their bytes; words of at least 4, 8 and 12 bytes; digits; upper bytes; spaces.
  var counts = MaskCounts()

  init(start: Int, isFirst: Bool) {
    lineStart = start
    awaitsOpening = isFirst
  }

  /// Counts a word and its bytes, but not its classes.
  mutating func visit(_ word: Range<Int>, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    let first = text[word.lowerBound]
    statistics.words &+= 1
    statistics.wordBytes &+= word.count
    statistics.shortWords &+= word.count <= 3 ? 1 : 0
    statistics.longWords &+= word.count >= 8 ? 1 : 0
    statistics.veryLongWords &+= word.count >= 12 ? 1 : 0
    for index in word { statistics.bytes[Int(text[index])] &+= 1 }
    if first < 0x3A { visitNumber(word, isInChoices: statistics.choiceLines > 0, in: text, into: &statistics) }
    if first &- 0x41 < 26 {
      statistics.capitalisedWords += 1
      visitCapital(word, in: text, into: &statistics)
    }
    if atLineStart { visitLineStart(word, earlierWords: statistics.words - 1, in: text, into: &statistics) }
  }

  private static let politeness: UInt64 = 1 << UInt64(LexicalClass.politeness.rawValue)

  /// Takes the classes of a word that may be the opening.
  mutating func visitOpening(_ classes: UInt64, into statistics: inout TextStatistics) {
    guard classes & Self.politeness == 0 else { return }
    statistics.openingClasses = classes
    awaitsOpening = false
  }

  func visitNumber(
    _ word: Range<Int>, isInChoices: Bool, in text: Span<UInt8>, into statistics: inout TextStatistics
  ) {
    var digits = 0
    for index in word where text[index] &- 0x30 < 10 { digits += 1 }
    if digits < word.count { statistics.mixedWords += 1 }
    statistics.numbers += 1
    statistics.numberBytes += digits
    statistics.longestNumber = max(statistics.longestNumber, digits)
    let first = text[word.lowerBound]
    if digits == 4, word.count == 4, first == 0x31 || first == 0x32 { statistics.years += 1 }
    if isInChoices { statistics.numbersInChoices += 1 }
  }

  /// Looks at the capitals of a word that begins with one.
  func visitCapital(_ word: Range<Int>, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    var upper = 0
    for index in word where text[index] &- 0x41 < 26 { upper += 1 }
    if word.count > 1, upper == word.count { statistics.upperCaseWords += 1 }
    if upper > 1, upper < word.count { statistics.mixedWords += 1 }
  }

  /// A line that begins with a letter or number and one of `.`, `)`, `:` is a choice or a numbered item.
  mutating func visitLineStart(
    _ word: Range<Int>, earlierWords: Int, in text: Span<UInt8>, into statistics: inout TextStatistics
  ) {
    atLineStart = false
    guard word.count <= 2, word.upperBound < text.count else { return }
    let mark = text[word.upperBound]
    guard mark == 0x2E || mark == 0x29 || mark == 0x3A else { return }
    let first = text[word.lowerBound]
    if first < 0x3A {
      statistics.numberedLines += 1
    } else if word.count == 1, (first | 0x20) &- 0x61 < 12 {
      if statistics.choiceLines == 0 {
        statistics.stemBytes = lineStart
        statistics.stemWords = earlierWords
      }
      statistics.choiceLines += 1
    }
  }

  /// Looks at the bytes between two words (or before the first, or behind the last).
  mutating func visitGap(_ gap: Range<Int>, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    if gap.isEmpty { return }
    visitSentenceEnd(gap, in: text, into: &statistics)
    var previous: UInt8 = 0
    for index in gap {
      let byte = text[index]
      statistics.bytes[Int(byte)] &+= 1
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

  mutating func visitLineEnd(at index: Int, in text: Span<UInt8>, into statistics: inout TextStatistics) {
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

  /// Ends the part: its last line counts, with or without a line feed, and so does what blocks counted.
  mutating func finish(at end: Int, in text: Span<UInt8>, into statistics: inout TextStatistics) {
    if end > lineStart {
      statistics.lines += 1
      statistics.longestLineBytes = max(statistics.longestLineBytes, end - lineStart)
    }
    let counts = SIMD8<Int>(truncatingIfNeeded: counts.counts())
    statistics.wordBytes += counts[1]
    statistics.shortWords += counts[0] - counts[2]
    statistics.longWords += counts[3]
    statistics.veryLongWords += counts[4]
    // Digits and capitals are only ever read as ranges: one place of each takes them all.
    statistics.bytes[0x30] += Int32(counts[5])
    statistics.bytes[0x41] += Int32(counts[6])
    statistics.bytes[0x20] += Int32(counts[7])
  }
}
