import Testing

@testable import Judging

/// Answers compared as texts.
struct MatchingTests {
  @Test(arguments: [
    ("Paris", "paris", true), ("  The  Eiffel Tower. ", "eiffel tower", true), ("1,000", "1000", true),
    ("1000.0", "1000", true),
    ("$1,234.50", "1234.5", true), ("+7", "7", true), ("-0", "0", true), ("\u{2212}5", "-5", true),
    (".5", "0.50", true),
    ("50%", "0.5", false), ("50%", "50.0%", true), ("1,00", "100", false), ("-5", "5", false), ("", "", true),
    ("?", "!", false),
    ("The answer is 42.", "42", true), ("Reasoning: 41? No.\nFinal answer: 42", "42", true),
    ("#### 1,024", "1024", true),
    (#"So \boxed{\frac{1}{2}} holds"#, #"\boxed{\frac{1}{2}}"#, true), (#"\boxed{3} or rather \boxed{4}"#, "4", true),
    ("Answer: **B**", "B", true), ("The answer is A", "A", true), ("(a)", "A", true), ("B", "C", false),
    ("ﬁne", "fine", true),
    ("ÉCOLE", "école", true), ("answer: 3.5 metres", "3.5 metres.", true), ("x = 2", "x=2", false),
    ("10", "1 0", false),
    ("1.234,5", "1234.5", false), ("Answer:", "Answer:", true), ("the answer is 1. But note more", "1", true),
  ])
  func normalises(answer: String, trueValue: String, agrees: Bool) {
    #expect((TextMatch.normalised.quality(of: answer, against: trueValue) == 1) == agrees)
  }

  @Test func exactIsExact() {
    #expect(TextMatch.exact.quality(of: "é", against: "e\u{301}") == 0)
    #expect(TextMatch.exact.quality(of: "a ", against: "a") == 0)
    #expect(TextMatch.exact.quality(of: "a", against: "a") == 1)
  }

  @Test func numbersHaveOneForm() {
    for whole in [0, 1, 9, 10, 999, 1000, 12_345, 1_234_567] {
      for fraction in ["", ".0", ".50", ".5", ".05"] {
        let plain = NormalisedText.canonicalNumber(Substring("\(whole)\(fraction)"))
        #expect(
          plain
            == NormalisedText.canonicalNumber(Substring(Self.grouped(whole) + fraction + "0".prefix(fraction.count))))
        #expect(plain.flatMap(Double.init) == Double("\(whole)\(fraction)"))
      }
    }
    for text in ["", "-", ".", "1..2", "1.2.3", "a1", "1e5", ",1", "1,", "--1"] {
      let found = NormalisedText.canonicalNumber(Substring(text))
      #expect(found == nil || text == "1,", "\(text)")
    }
  }

  @Test func findsNothingWhereNothingIsMarked() {
    for text in ["", "42", "\\boxed{}", "\\boxed{never", "####", "#### \nmore", "The answer is\n"] {
      #expect(FinalAnswer.extracted(from: text) == nil, "\(text)")
    }
  }

  private static func grouped(_ value: Int) -> String {
    var digits = String(value)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }
}
