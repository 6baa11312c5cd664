/// Takes the dense features one after the other. Names and values come from one place (``TextStatistics/describe``), so
/// they cannot drift apart.
protocol DenseSink {
  mutating func put(_ name: StaticString, _ value: Float)
}

/// The names of all dense features in order; part of the feature schema.
public enum DenseFeatures {
  /// Names in the order of the columns of `dense.weight`.
  public static let names: [String] = {
    var sink = NameSink()
    TextStatistics().describe(RequestAttributes(), to: &sink)
    return sink.names
  }()

  private struct NameSink: DenseSink {
    var names: [String] = []
    mutating func put(_ name: StaticString, _ value: Float) { names.append(name.description) }
  }
}

/// Writes values into storage that exists already.
struct ValueSink: DenseSink {
  var values: [Float] = []
  @inline(__always) mutating func put(_ name: StaticString, _ value: Float) { values.append(value) }
}

extension TextStatistics {
  /// Every dense feature: its name and its value.
  ///
  /// Counts go through ``logScale(_:)``, shares through ``ratio(_:_:)``, flags are 0 or 1. All values are finite.
  @inline(__always) func describe<Sink: DenseSink>(_ attributes: RequestAttributes, to sink: inout Sink) {
    describeSizes(to: &sink)
    describeWords(to: &sink)
    describeLines(to: &sink)
    describeMarks(to: &sink)
    describeScripts(to: &sink)
    describeOpening(to: &sink)
    describeClasses(to: &sink)
    describeAttributes(attributes, to: &sink)
  }

  @inline(__always) private func describeSizes<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("question_bytes", logScale(questionBytes))
    sink.put("system_bytes", logScale(systemBytes))
    sink.put("history_bytes", logScale(historyBytes))
    sink.put("omitted_bytes", logScale(omittedBytes))
    sink.put("user_turns", logScale(userTurns))
    sink.put("assistant_turns", logScale(assistantTurns))
    sink.put("tool_results", logScale(toolResults))
    sink.put("has_system", systemBytes > 0 ? 1 : 0)
  }

  @inline(__always) private func describeWords<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("words", logScale(words))
    sink.put("mean_word_bytes", ratio(wordBytes, words))
    sink.put("short_word_share", ratio(shortWords, words))
    sink.put("long_word_share", ratio(longWords, words))
    sink.put("very_long_word_share", ratio(veryLongWords, words))
    sink.put("capitalised_share", ratio(capitalisedWords, words))
    sink.put("upper_case_words", logScale(upperCaseWords))
    sink.put("distinct_gram_share", ratio(distinctGrams, grams))
    sink.put("numbers", logScale(numbers))
    sink.put("number_share", ratio(numbers, words))
    sink.put("mean_number_bytes", ratio(numberBytes, numbers))
    sink.put("longest_number", logScale(longestNumber))
    sink.put("years", logScale(years))
    sink.put("decimals", logScale(decimals))
    sink.put("mixed_words", logScale(mixedWords))
  }

  @inline(__always) private func describeLines<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("sentences", logScale(sentences))
    sink.put("words_per_sentence", logScale(words / max(1, sentences)))
    sink.put("lines", logScale(lines))
    sink.put("blank_lines", logScale(blankLines))
    sink.put("longest_line_bytes", logScale(longestLineBytes))
    sink.put("mean_line_bytes", logScale(questionBytes / max(1, lines)))
    sink.put("bullet_lines", logScale(bulletLines))
    sink.put("numbered_lines", logScale(numberedLines))
    sink.put("choice_lines", logScale(choiceLines))
    sink.put("mean_choice_bytes", choiceLines == 0 ? 0 : logScale(max(0, questionBytes - stemBytes) / choiceLines))
    sink.put("stem_bytes", logScale(choiceLines == 0 ? questionBytes : stemBytes))
    sink.put("stem_words", logScale(choiceLines == 0 ? words : stemWords))
    sink.put("choice_numbers", choiceLines == 0 ? 0 : logScale(numbersInChoices))
    sink.put("indented_lines", logScale(indentedLines))
    sink.put("heading_lines", logScale(headingLines))
    sink.put("table_lines", logScale(tableLines))
    sink.put("quoted_lines", logScale(quotedLines))
    sink.put("fences", logScale(fences))
    sink.put("commands", logScale(commands))
    sink.put("blanks", logScale(blanks))
    sink.put("call_marks", logScale(callMarks))
  }

  @inline(__always) private func describeMarks<Sink: DenseSink>(to sink: inout Sink) {
    let total = max(1, questionBytes)
    sink.put("digit_share", ratio(count(in: 0x30...0x39), total))
    sink.put("upper_share", ratio(count(in: 0x41...0x5A), total))
    sink.put("space_share", ratio(count(" ") + count("\n") + count("\t"), total))
    sink.put("full_stops", logScale(count(".")))
    sink.put("commas", logScale(count(",")))
    sink.put("question_marks", logScale(count("?")))
    sink.put("exclamation_marks", logScale(count("!")))
    sink.put("colons", logScale(count(":")))
    sink.put("semicolons", logScale(count(";")))
    sink.put("double_quotes", logScale(count("\"")))
    sink.put("apostrophes", logScale(count("'")))
    sink.put("parentheses", logScale(count("(")))
    sink.put("brackets", logScale(count("[")))
    sink.put("braces", logScale(count("{")))
    sink.put("angles", logScale(count("<") + count(">")))
    sink.put("equal_signs", logScale(count("=")))
    sink.put("operators", logScale(count("+") + count("*") + count("/") + count("^")))
    sink.put("hyphens", logScale(count("-")))
    sink.put("backslashes", logScale(count("\\")))
    sink.put("dollars", logScale(count("$")))
    sink.put("percents", logScale(count("%")))
    sink.put("underscores", logScale(count("_")))
    sink.put("hashes", logScale(count("#")))
    sink.put("bars", logScale(count("|")))
    sink.put("backticks", logScale(count("`")))
    sink.put("at_signs", logScale(count("@")))
    sink.put("tabs", logScale(count("\t")))
  }

  @inline(__always) private func describeScripts<Sink: DenseSink>(to sink: inout Sink) {
    let total = max(1, questionBytes)
    sink.put("latin_extended_share", ratio(count(in: 0xC3...0xCA), total))
    sink.put("greek_cyrillic_share", ratio(count(in: 0xCD...0xD4), total))
    sink.put("semitic_share", ratio(count(in: 0xD6...0xDB), total))
    sink.put("indic_share", ratio(count(in: 0xE0...0xE1), total))
    sink.put("symbol_share", ratio(count(in: 0xE2...0xE2) + count(in: 0xC2...0xC2), total))
    sink.put("kana_share", ratio(count(in: 0xE3...0xE3), total))
    sink.put("han_share", ratio(count(in: 0xE4...0xE9), total))
    sink.put("hangul_share", ratio(count(in: 0xEA...0xED), total))
    sink.put("emoji", logScale(count(in: 0xF0...0xF4)))
  }

  @inline(__always) private func describeOpening<Sink: DenseSink>(to sink: inout Sink) {
    let question = bit(.whWord) | bit(.howWhy)
    let order =
      bit(.classify) | bit(.extract) | bit(.summarise) | bit(.translate) | bit(.write) | bit(.program) | bit(.compute)
      | bit(.deliberate)
    sink.put("opens_with_question_word", firstWordClasses & question != 0 ? 1 : 0)
    sink.put("opens_with_order", firstWordClasses & order != 0 ? 1 : 0)
    sink.put("opens_with_condition", firstWordClasses & bit(.condition) != 0 ? 1 : 0)
    sink.put("ends_with_question_mark", lastByte == 0x3F ? 1 : 0)
    sink.put("ends_with_colon", lastByte == 0x3A ? 1 : 0)
    sink.put("ends_with_full_stop", lastByte == 0x2E ? 1 : 0)
  }

  private func bit(_ lexicalClass: LexicalClass) -> UInt64 { 1 << UInt64(lexicalClass.rawValue) }
}
