extension TextStatistics {
  /// Words per lexical class, and per kind of task in the system segments.
  @inline(__always) mutating func describeClasses<Sink: DenseSink>(to sink: inout Sink) {
    sink.put("wh_words", scaled: count(.whWord))
    sink.put("how_why", scaled: count(.howWhy))
    sink.put("negations", scaled: count(.negation))
    sink.put("quantifiers", scaled: count(.quantifier))
    sink.put("comparisons", scaled: count(.comparison))
    sink.put("conditions", scaled: count(.condition))
    sink.put("connectives", scaled: count(.connective))
    sink.put("constraints", scaled: count(.constraint))
    sink.put("math_terms", scaled: count(.mathTerm))
    sink.put("code_terms", scaled: count(.codeTerm))
    sink.put("number_words", scaled: count(.numberWord))
    sink.put("units", scaled: count(.unit))
    sink.put("first_person", scaled: count(.firstPerson))
    sink.put("second_person", scaled: count(.secondPerson))
    sink.put("third_person", scaled: count(.thirdPerson))
    sink.put("politeness", scaled: count(.politeness))
    sink.put("function_word_share", ratio(count(.functionWord), words))
    sink.put("foreign_function_word_share", ratio(count(.foreignFunctionWord), words))
    sink.put("times", scaled: count(.time))
    sink.put("forms", scaled: count(.form))
    sink.put("lengths", scaled: count(.length))
    sink.put("logic", scaled: count(.logic))
    sink.put("classify", scaled: count(.classify))
    sink.put("extract", scaled: count(.extract))
    sink.put("summarise", scaled: count(.summarise))
    sink.put("consult", scaled: count(.consult))
    sink.put("translate", scaled: count(.translate))
    sink.put("write", scaled: count(.write))
    sink.put("program", scaled: count(.program))
    sink.put("compute", scaled: count(.compute))
    sink.put("deliberate", scaled: count(.deliberate))
    sink.put("converse", scaled: count(.converse))
    sink.put("law", scaled: count(.law))
    sink.put("medicine", scaled: count(.medicine))
    sink.put("physics", scaled: count(.physics))
    sink.put("biology", scaled: count(.biology))
    sink.put("economics", scaled: count(.economics))
    sink.put("history", scaled: count(.history))
    sink.put("humanities", scaled: count(.humanities))
    sink.put("system_classify", scaled: system(.classify))
    sink.put("system_extract", scaled: system(.extract))
    sink.put("system_summarise", scaled: system(.summarise))
    sink.put("system_translate", scaled: system(.translate))
    sink.put("system_write", scaled: system(.write))
    sink.put("system_program", scaled: system(.program))
    sink.put("system_deliberate", scaled: system(.deliberate))
    sink.put("system_constraints", scaled: system(.constraint))
    sink.put("system_negations", scaled: system(.negation))
    sink.put("system_forms", scaled: system(.form))
  }

  private mutating func system(_ lexicalClass: LexicalClass) -> Int { Int(systemClasses[lexicalClass.rawValue]) }

  /// Tools, schemas, images and limits.
  @inline(__always) mutating func describeAttributes<Sink: DenseSink>(
    _ attributes: RequestAttributes, to sink: inout Sink
  ) {
    sink.put("tools", scaled: attributes.toolNames.count)
    sink.put("tool_schema_bytes", scaled: max(0, attributes.toolSchemaBytes))
    sink.put("wants_json", attributes.responseFormat == .text ? 0 : 1)
    sink.put("response_schema_bytes", scaled: max(0, attributes.responseSchemaBytes))
    sink.put("images", scaled: max(0, attributes.imageCount))
    sink.put("limits_output", attributes.maximumOutputTokens == nil ? 0 : 1)
    sink.put("maximum_output_tokens", scaled: max(0, attributes.maximumOutputTokens ?? 0))
  }
}
