/// Takes the dense features one after the other. Names and values come from one place (``TextStatistics/describe``), so
/// they cannot disagree.
protocol DenseSink {
  /// Takes a value as it is.
  mutating func put(_ name: StaticString, _ value: Float)
  /// Takes a count, whose ``logScale(_:)`` is the value.
  mutating func put(_ name: StaticString, scaled count: Int)
}

/// The names of all dense features in order; part of the feature schema.
public enum DenseFeatures {
  /// Names in the order of the columns of `dense.weight`.
  public static let names: [String] = {
    var sink = NameSink()
    var statistics = TextStatistics()
    statistics.describe(RequestAttributes(), to: &sink)
    return sink.names
  }()
}

/// Collects names.
struct NameSink: DenseSink {
  private(set) var names: [String] = []
  mutating func put(_ name: StaticString, _ value: Float) { names.append(name.description) }
  mutating func put(_ name: StaticString, scaled count: Int) { names.append(name.description) }
}

/// Collects values on the stack: with the position known to the compiler, taking one is a store. Counts are scaled in the
/// end, eight at a time.
struct ValueSink: DenseSink {
  /// The most values that fit; a test holds the number of features below.
  static var capacity: Int { 8 * InlineArray<20, SIMD8<Float>>.count }

  /// Values as they are; 0 for counts. Room for more than there are features.
  private var plain = InlineArray<20, SIMD8<Float>>(repeating: SIMD8())
  /// One more than each count; 1, whose logarithm is 0, for values as they are.
  private var counts = InlineArray<20, SIMD8<Float>>(repeating: SIMD8(repeating: 1))
  private var count = 0

  @inline(__always) mutating func put(_ name: StaticString, _ value: Float) {
    plain[count >> 3][count & 7] = value
    count &+= 1
  }

  @inline(__always) mutating func put(_ name: StaticString, scaled value: Int) {
    counts[count >> 3][count & 7] = Float(value) + 1
    count &+= 1
  }

  /// Values `8·block` to `8·block + 7`.
  @inline(__always) private func values(block: Int) -> SIMD8<Float> {
    plain[block] + logScale(successors: counts[block])
  }

  /// Writes the values to `places` from `first` on, eight at a time: one store takes a seventh of the instructions of eight.
  ///
  /// Mutating, like ``TextStatistics/describe(_:to:)``, so that nothing is copied.
  @inline(__always) mutating func write(to places: inout MutableSpan<Float>, from first: Int = 0) {
    var start = first
    while start &+ 8 <= places.count {
      let block = values(block: (start &- first) >> 3)
      var bytes = unsafe places.mutableBytes
      bytes.storeBytes(of: block, toByteOffset: 4 &* start, as: SIMD8<Float>.self)
      start &+= 8
    }
    guard start < places.count else { return }
    let rest = values(block: (start &- first) >> 3)
    for lane in 0..<places.count - start { places[start + lane] = rest[lane] }
  }
}

extension TextStatistics {
  /// Every dense feature: its name and its value.
  ///
  /// Nothing is changed; these functions are mutating so that the counts are read where they are. A value of this size
  /// would be copied for each of them, which took ten times as long as everything else.
  ///
  /// Counts go through ``logScale(_:)``, shares through ``ratio(_:_:)``, flags are 0 or 1. All values are finite.
  @inline(__always) mutating func describe<Sink: DenseSink>(_ attributes: RequestAttributes, to sink: inout Sink) {
    describeSizes(to: &sink)
    describeWords(to: &sink)
    describeLines(to: &sink)
    describeMarks(to: &sink)
    describeScripts(to: &sink)
    describeOpening(to: &sink)
    describeClasses(to: &sink)
    describeAttributes(attributes, to: &sink)
  }

  @inline(__always) private mutating func describeSizes<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("question_bytes", scaled: questionBytes)
    sink.put("system_bytes", scaled: systemBytes)
    sink.put("history_bytes", scaled: historyBytes)
    sink.put("omitted_bytes", scaled: omittedBytes)
    sink.put("user_turns", scaled: userTurns)
    sink.put("assistant_turns", scaled: assistantTurns)
    sink.put("tool_results", scaled: toolResults)
    sink.put("has_system", systemBytes > 0 ? 1 : 0)
  }

  @inline(__always) private mutating func describeWords<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("words", scaled: words)
    sink.put("mean_word_bytes", ratio(wordBytes, words))
    sink.put("short_word_share", ratio(shortWords, words))
    sink.put("long_word_share", ratio(longWords, words))
    sink.put("very_long_word_share", ratio(veryLongWords, words))
    sink.put("capitalised_share", ratio(capitalisedWords, words))
    sink.put("upper_case_words", scaled: upperCaseWords)
    sink.put("distinct_gram_share", ratio(distinctGrams, grams))
    sink.put("numbers", scaled: numbers)
    sink.put("number_share", ratio(numbers, words))
    sink.put("mean_number_bytes", ratio(numberBytes, numbers))
    sink.put("longest_number", scaled: longestNumber)
    sink.put("years", scaled: years)
    sink.put("decimals", scaled: decimals)
    sink.put("mixed_words", scaled: mixedWords)
  }

  @inline(__always) private mutating func describeLines<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("sentences", scaled: sentences)
    sink.put("words_per_sentence", scaled: words / max(1, sentences))
    sink.put("lines", scaled: lines)
    sink.put("blank_lines", scaled: blankLines)
    sink.put("longest_line_bytes", scaled: longestLineBytes)
    sink.put("mean_line_bytes", scaled: questionBytes / max(1, lines))
    sink.put("bullet_lines", scaled: bulletLines)
    sink.put("numbered_lines", scaled: numberedLines)
    sink.put("choice_lines", scaled: choiceLines)
    sink.put("mean_choice_bytes", scaled: choiceLines == 0 ? 0 : max(0, questionBytes - stemBytes) / choiceLines)
    sink.put("stem_bytes", scaled: choiceLines == 0 ? questionBytes : stemBytes)
    sink.put("stem_words", scaled: choiceLines == 0 ? words : stemWords)
    sink.put("choice_numbers", scaled: choiceLines == 0 ? 0 : numbersInChoices)
    sink.put("indented_lines", scaled: indentedLines)
    sink.put("heading_lines", scaled: headingLines)
    sink.put("table_lines", scaled: tableLines)
    sink.put("quoted_lines", scaled: quotedLines)
    sink.put("fences", scaled: fences)
    sink.put("commands", scaled: commands)
    sink.put("blanks", scaled: blanks)
    sink.put("call_marks", scaled: callMarks)
  }

  @inline(__always) private mutating func describeMarks<Sink: DenseSink>(to sink: inout Sink) {
    let total = max(1, questionBytes)
    sink.put("digit_share", ratio(count(in: 0x30...0x39), total))
    sink.put("upper_share", ratio(count(in: 0x41...0x5A), total))
    sink.put("space_share", ratio(count(" ") + count("\n") + count("\r") + count("\t"), total))
    sink.put("full_stops", scaled: count("."))
    sink.put("commas", scaled: count(","))
    sink.put("question_marks", scaled: count("?"))
    sink.put("exclamation_marks", scaled: count("!"))
    sink.put("colons", scaled: count(":"))
    sink.put("semicolons", scaled: count(";"))
    sink.put("double_quotes", scaled: count("\""))
    sink.put("apostrophes", scaled: count("'"))
    sink.put("parentheses", scaled: count("("))
    sink.put("brackets", scaled: count("["))
    sink.put("braces", scaled: count("{"))
    sink.put("angles", scaled: count("<") + count(">"))
    sink.put("equal_signs", scaled: count("="))
    sink.put("operators", scaled: count("+") + count("*") + count("/") + count("^"))
    sink.put("hyphens", scaled: count("-"))
    sink.put("backslashes", scaled: count("\\"))
    sink.put("dollars", scaled: count("$"))
    sink.put("percents", scaled: count("%"))
    sink.put("underscores", scaled: count("_"))
    sink.put("hashes", scaled: count("#"))
    sink.put("bars", scaled: count("|"))
    sink.put("backticks", scaled: count("`"))
    sink.put("at_signs", scaled: count("@"))
    sink.put("tabs", scaled: count("\t"))
  }

  @inline(__always) private mutating func describeScripts<Sink: DenseSink>(to sink: inout Sink) {
    let total = max(1, questionBytes)
    sink.put("latin_extended_share", ratio(count(in: 0xC3...0xCA), total))
    sink.put("greek_cyrillic_share", ratio(count(in: 0xCD...0xD4), total))
    sink.put("semitic_share", ratio(count(in: 0xD6...0xDB), total))
    sink.put("indic_share", ratio(count(in: 0xE0...0xE1), total))
    sink.put("symbol_share", ratio(count(in: 0xE2...0xE2) + count(in: 0xC2...0xC2), total))
    sink.put("kana_share", ratio(count(in: 0xE3...0xE3), total))
    sink.put("han_share", ratio(count(in: 0xE4...0xE9), total))
    sink.put("hangul_share", ratio(count(in: 0xEA...0xED), total))
    sink.put("emoji", scaled: count(in: 0xF0...0xF4))
  }

  @inline(__always) private mutating func describeOpening<Sink: DenseSink>(to sink: inout Sink) {
    let question = bit(.whWord) | bit(.howWhy)
    let order =
      bit(.classify) | bit(.extract) | bit(.summarise) | bit(.translate) | bit(.write) | bit(.program) | bit(.compute)
      | bit(.deliberate)
    sink.put("opens_with_question_word", openingClasses & question != 0 ? 1 : 0)
    sink.put("opens_with_order", openingClasses & order != 0 ? 1 : 0)
    sink.put("opens_with_condition", openingClasses & bit(.condition) != 0 ? 1 : 0)
  }

  private func bit(_ lexicalClass: LexicalClass) -> UInt64 { 1 << UInt64(lexicalClass.rawValue) }
}
