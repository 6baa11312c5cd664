/// Finds the answer in the free text of a model that was asked for `{"reasoning": …, "answer": …}`.
enum AnswerField {
  /// The answer; `nil` where none is found.
  static func answer(in output: String) -> String? {
    wholeObject(in: output).flatMap(member) ?? looseMember(in: output) ?? boxed(in: output)
  }

  /// The text of the first `{…}` whose braces balance.
  private static func wholeObject(in output: String) -> String? {
    guard let start = output.firstIndex(of: "{") else { return nil }
    var depth = 0
    for index in output[start...].indices {
      if output[index] == "{" { depth += 1 }
      if output[index] == "}" { depth -= 1 }
      // Line feeds inside strings, which JSON forbids, are common here and count for nothing.
      if depth == 0 { return String(output[start...index]).replacing("\n", with: "") }
    }
    return nil
  }

  private static func member(_ text: String) -> String? {
    guard let document = JSONDocument(maximumBytes: 1 << 20) else { return nil }
    return try? ImportedObject.read(text.utf8, with: document) { object throws(RecordViolation) in
      let value = try object.required("answer")
      switch value.kind {
      case .string: return try value.string()
      case .yes: return "True"
      case .no: return "False"
      case .integer, .unsigned, .double: return value.numberText ?? ""
      default: return String(decoding: CanonicalJSON(value).text.bytes, as: UTF8.self)
      }
    }
  }

  /// What follows `"answer":`, quoted or up to a comma or white space.
  private static func looseMember(in output: String) -> String? {
    guard let key = output.firstRange(of: "\"answer\"") ?? output.firstRange(of: "answer") else { return nil }
    var rest = output[key.upperBound...].drop(while: \.isWhitespace)
    guard rest.first == ":" else { return nil }
    rest = rest.dropFirst().drop(while: \.isWhitespace)
    if rest.first == "\"" {
      let quoted = rest.dropFirst()
      if let close = quoted.firstIndex(of: "\"") { return String(quoted[..<close]) }
    }
    let word = rest.prefix { !$0.isWhitespace && $0 != "," }
    return word.isEmpty ? nil : String(word)
  }

  /// The content of the last `\boxed{…}` whose braces balance.
  static func boxed(in output: String) -> String? {
    guard let mark = output.ranges(of: "boxed{").last else { return nil }
    var depth = 1
    for index in output[mark.upperBound...].indices {
      if output[index] == "{" { depth += 1 }
      if output[index] == "}" { depth -= 1 }
      if depth == 0 { return String(output[mark.upperBound..<index]) }
    }
    return nil
  }
}
