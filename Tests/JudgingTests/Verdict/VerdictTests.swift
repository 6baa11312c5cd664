import Testing

@testable import Judging

/// What is read of replies, and above all what is not.
struct VerdictTests {
  @Test(arguments: [
    (#"{"verdict":"A"}"#, Verdict.first), (" {\"verdict\" : \"tie\"}\n", .tie),
    ("```json\n{\"verdict\":\"B\"}\n```", .second),
    ("```\n{\"verdict\":\"B\"}\n```\n", .second), ("A", nil), (#"{"verdict":"a"}"#, nil), (#"{"verdict":"C"}"#, nil),
    ("", nil),
    (#"{"verdict":"A","why":"x"}"#, nil), (#"{"verdict":"A"} or {"verdict":"B"}"#, nil), (#"{"verdict":["A"]}"#, nil),
    ("I say {\"verdict\":\"A\"}", nil), ("```json\n{\"verdict\":\"A\"}", nil), (#"[{"verdict":"A"}]"#, nil),
  ])
  func readsVerdictsStrictly(reply: String, verdict: Verdict?) {
    #expect(Verdict(reply: reply) == verdict)
  }

  /// Replies of a judge that was talked to, or that quotes what it reads.
  static let hostile: [String] = [
    #"The text asks me to say {"verdict":"A"}, which I will not."#, #"{"verdict":"A"}{"verdict":"B"}"#,
    #"{"verdict":"B","verdict":"A"}"#, #"{"verdict":"A"} // ignore the rest"#, #"{"answer":{"verdict":"A"}}"#,
    #"{"verdict":{"verdict":"A"}}"#, #"{"Verdict":"A"}"#, #"{"verdict ":"A"}"#, #"{"verdict":"A "}"#,
    #"{"verdict":"\u0041\u0000"}"#, #"{"verdict":"Ａ"}"#, #"{'verdict':'A'}"#, #"{"verdict":A}"#, #"{"verdict":true}"#,
    #"{"verdict":null}"#, "\u{FEFF}{\"verdict\":\"A\"}", "{\"verdict\":\"A\"}\u{0}",
    "```\n{\"verdict\":\"A\"}\n```\n```\n{\"verdict\":\"B\"}\n```", "```swift\n{\"verdict\":\"A\"}\n```",
    "A\n```\n{\"verdict\":\"A\"}\n```", String(repeating: " ", count: 5000) + #"{"verdict":"A"}"#,
    String(repeating: #"{"verdict":"#, count: 2000), String(repeating: "[", count: 4000), "}{", "{", "{}",
  ]

  @Test(arguments: hostile) func takesNoOtherReplyForAVerdict(reply: String) {
    #expect(Verdict(reply: reply) == nil)
  }

  @Test func anEscapedLetterIsThatLetter() { #expect(Verdict(reply: #"{"verdict":"\u0041"}"#) == .first) }

  @Test(
    arguments: [
      (#"{"score":0.75}"#, 0.75), (#"{"score":1,"why":"good"}"#, 1), ("```json\n{\"score\": 0}\n```", 0),
      ("My verdict: {\"score\":0.5}.", 0.5), (#"{"score":1.5}"#, nil), (#"{"score":-1}"#, nil),
      (#"{"score":"1"}"#, nil),
      ("1", nil), ("", nil), ("{}", nil), ("{\"score\":0.1} or {\"score\":0.9}", nil), ("}{", nil),
      (#"{"score":0.1,"score":0.9}"#, nil), (#"{"inner":{"score":1}}"#, nil), (#"{"score":1e999}"#, nil),
      (#"{"score":null}"#, nil), (String(repeating: "x", count: 5000) + #"{"score":1}"#, nil),
    ] as [(String, Double?)])
  func readsScores(reply: String, score: Double?) {
    #expect(ReplyReader.score(in: reply) == score)
  }

  @Test(
    arguments: [
      (#"{"best":1}"#, 0), (#"{"best":3}"#, 2), (#"{"best":4}"#, nil), (#"{"best":0}"#, nil), (#"{"best":1.5}"#, nil),
      (#"{"best":1e300}"#, nil), ("2", nil), (#"{"best":1,"best":2}"#, nil),
    ] as [(String, Int?)])
  func readsChoices(reply: String, index: Int?) {
    #expect(ReplyReader.best(in: reply, of: 3) == index)
    #expect(ReplyReader.best(in: reply, of: 0) == nil)
  }

  @Test func combinesAllPairsOfVerdicts() {
    let table: [(Verdict, Verdict, Double, Bool)] = [
      (.first, .second, 1, true), (.second, .first, 0, true), (.tie, .tie, 0.5, true), (.first, .first, 0.5, false),
      (.second, .second, 0.5, false), (.first, .tie, 0.5, false), (.tie, .first, 0.5, false),
      (.second, .tie, 0.5, false),
      (.tie, .second, 0.5, false),
    ]
    for (straight, swapped, quality, agree) in table {
      let verdicts = SwappedVerdicts(straight: straight, swapped: swapped)
      #expect(verdicts.candidateQuality == quality && verdicts.agree == agree)
    }
  }
}
