import Testing

@testable import Judging

/// What normalising does to every text.
struct NormalisedTextTests {
  private static let pieces = [
    "a", "The", "AN", "Straße", "ΟΔΟΣ", "1,000", "1,00", "$5", "-7", "−7", "+0", ".50", "50%", "x=2", "(", ")", "“q”",
    "ﬁ",
    "①", "½", "é", "e\u{301}", "\u{A0}", ".", ",", "-", "%", "$", "…", "٣", "🙂", "a.b", "don't",
  ]

  private static func random(_ state: inout UInt64, _ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }

  /// What is normalised already stays as it is: a reference that was normalised before matches as the raw one does.
  @Test func twiceIsOnce() {
    var state: UInt64 = 9
    for _ in 0..<4000 {
      let text = (0..<Self.random(&state, 6)).map { _ in
        Self.pieces[Self.random(&state, Self.pieces.count)] + (Self.random(&state, 2) == 0 ? " " : "")
      }.joined()
      let once = NormalisedText(text)
      #expect(NormalisedText(once.words.joined(separator: " ")) == once, "\(text) → \(once.words)")
    }
  }

  /// Case is folded as Unicode folds it, so that a headline says the same as its words.
  @Test(arguments: [
    "paris", "straße", "σοφος", "Ὀδυσσεύς", "groß und ähnlich", "ijssel", "москва", "œuvre", "ǆ", "ﬁn", "ﬀ", "ŉ", "ΰ",
  ])
  func caseSaysNothing(text: String) {
    #expect(NormalisedText(text.uppercased()) == NormalisedText(text), "\(NormalisedText(text.uppercased()).words)")
    #expect(NormalisedText(text.lowercased()) == NormalisedText(text))
    #expect(TextMatch.normalised.quality(of: text.uppercased(), against: text) == 1)
  }

  /// White space of any kind and punctuation around words say nothing; between words they do.
  @Test func framesSayNothing() {
    let plain = NormalisedText("new york")
    for text in [
      "New York", " new\tyork\n", "new\u{A0}york", "new\u{2003}york", "«New York»", "(new, york)", "New... York!",
      "the New York", "a new an york",
      "new-york", "\"new\" 'york'", "ｎｅｗ ＹＯＲＫ", "new\u{3000}york",
    ] { #expect(NormalisedText(text) == plain, "\(text)") }
    for text in ["newyork", "york new", "new", "new york city", "new york 1", ""] {
      #expect(NormalisedText(text) != plain, "\(text)")
    }
  }

  /// Numbers that are equal have one form, and those that are not have two.
  @Test func numbersAreComparedByValue() {
    let spellings: [(Int, [String])] = [
      (5, ["5", "5.0", "+5", "$5", "005", "5.", "(5)", "€5.00", "５", "5!"]), (-5, ["-5", "−5.0", "-$5", "-05"]),
      (5000, ["5,000", "5000", "$5,000.00", "5000.", "**5,000**"]), (0, ["0", "-0", "0.00", "+0", "000"]),
    ]
    let forms = spellings.map { value, texts in
      let forms = Set(texts.map { NormalisedText($0).words })
      #expect(forms == [["\(value)"]], "\(forms)")
      return forms
    }
    #expect(Set(forms).count == forms.count)
  }

  /// Of several marks the strongest counts wherever it stands, and of several of a kind the last.
  @Test(
    arguments: [
      (#"The answer is 1. \boxed{2} #### 3"#, "2"), (#"#### 3 and the answer is 4"#, " 3 and the answer is 4"),
      (#"\boxed{a{b}c} then \boxed{}"#, nil), (#"\boxed{x} #### y"#, "x"), ("Answer: 1\nANSWER: 2\r\nmore", "2"),
      ("answer is 3.14. So", "3.14"), ("The answer is: **Paris**", "Paris**"), ("answer = 7", "7"),
      ("The answer would be 9\n", "9"), ("İ İ answer: x", "x"), ("Answer: a.b.c", "a.b.c"), ("answer:\n5", nil),
      ("#### \n#### 6", " 6"), (#"\boxed{1"#, nil),
    ] as [(String, String?)])
  func finalAnswersAreFound(text: String, answer: String?) { #expect(FinalAnswer.extracted(from: text) == answer) }
}
