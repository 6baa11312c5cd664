import Ockham
import Testing

@testable import Evaluation

@Suite struct SuffixSearchTests {
  private let vocabulary = SuffixVocabulary(marks: ["a", "b", "c"], words: [])

  /// A made-up model with a weight per token, and one per pair of neighbours, so that order matters.
  private func scorer(seed: UInt64) -> TierScorer {
    var made = MadeUpLog(seed: seed)
    let single = (0..<3).map { _ in Float(made.unit()) * 0.2 - 0.05 }
    let pair = (0..<9).map { _ in Float(made.unit()) * 0.2 - 0.1 }
    return tinyScorer { text in
      let tokens = text.split(separator: " ").compactMap { ["a", "b", "c"].firstIndex(of: String($0)) }
      let pairs = zip(tokens, tokens.dropFirst()).map { pair[$0 * 3 + $1] }
      return (tokens.map { single[$0] } + pairs).reduce(0.3, +)
    }
  }

  private func lead(_ scorer: TierScorer, _ tokens: [Int]) -> Float {
    scorer.score(Request(prompt: "q" + vocabulary.suffix(tokens))).lead
  }

  /// The first step is the best single token, the second the best one behind it, and no pair is beaten that shares the
  /// first token.
  @Test(arguments: 1...40) func stepsAreTheBestOfAll(seed: UInt64) throws {
    let scorer = scorer(seed: seed)
    let search = SuffixSearch(scorer: scorer, vocabulary: vocabulary, maximumTokens: 2)
    let found = search.run(Request(prompt: "q"), longBytes: 100)
    #expect(found.scores.count == found.tokens.count + 1)
    let singles = (0..<3).map { lead(scorer, [$0]) }
    let best = try #require(singles.max())
    guard best > lead(scorer, []) else { return #expect(found.tokens.isEmpty) }
    try #require(found.tokens.first == singles.firstIndex(of: best))
    #expect(found.scores[1].lead == best)
    let pairs = (0..<3).map { lead(scorer, [found.tokens[0], $0]) }
    let bestPair = try #require(pairs.max())
    guard bestPair > best else { return #expect(found.tokens.count == 1) }
    try #require(found.tokens.count == 2)
    #expect(found.tokens.last == pairs.firstIndex(of: bestPair))
    let exhaustive = (0..<9).map { lead(scorer, [$0 / 3, $0 % 3]) }.max()
    #expect(found.scores[2].lead <= exhaustive ?? 0)
  }

  @Test func theSearchStopsWhereNothingHelps() {
    let falling = tinyScorer { 0.9 - Float($0.utf8.count) / 100 }
    let found = SuffixSearch(scorer: falling, vocabulary: vocabulary).run(Request(prompt: "q"), longBytes: 100)
    #expect(found.tokens.isEmpty)
    #expect(found.scores.count == 1)
    #expect(found.long == found.scores[0])
    #expect(found.score(after: 8) == found.scores[0])
  }

  @Test func theRepeatedSuffixFitsItsBytes() {
    var longest = 0
    let rising = tinyScorer { text in
      longest = max(longest, text.utf8.count)
      return 0.1 + Float(min(text.utf8.count, 50)) / 100
    }
    let search = SuffixSearch(scorer: rising, vocabulary: vocabulary)
    let found = search.run(Request(prompt: "q"), longBytes: 99)
    #expect(found.tokens == [Int](repeating: 0, count: 8))
    #expect(longest == 1 + 16 * 6)
    #expect(found.long.gain > found.score(after: 8).gain)
    #expect(found.score(after: 2) == found.scores.dropFirst(2).first)
  }

  @Test func onlyTheLastUserMessageIsTouched() {
    let request = Request(segments: [
      Segment(role: .user, text: "first"), Segment(role: .user, text: "second"), Segment(role: .assistant, text: "x"),
    ])
    #expect(request.question == "second")
    #expect(request.replacingQuestion(with: "new").segments.map(\.text) == ["first", "new", "x"])
    let without = Request(segments: [Segment(role: .system, text: "x")])
    #expect(without.question == nil)
    #expect(without.replacingQuestion(with: "new") == without)
    let search = SuffixSearch(scorer: tinyScorer { _ in 0.5 }, vocabulary: vocabulary)
    #expect(search.run(without, longBytes: 10).tokens.isEmpty)
  }

  @Test func theVocabularyIsFrequentWordsBehindTheMarks() {
    let prompts = ["Zebra apple apple, why 7", "apple zebra pear", String(repeating: "x", count: 33)]
    let vocabulary = SuffixVocabulary(questionsOf: prompts.map { Request(prompt: $0) }, wordLimit: 3)
    #expect(vocabulary.markCount == SuffixVocabulary.marks.count)
    #expect(vocabulary.tokens.dropFirst(vocabulary.markCount) == ["apple", "zebra", "7"])
    #expect(Set(SuffixVocabulary.marks).count == SuffixVocabulary.marks.count)
    #expect(SuffixVocabulary(marks: ["why"], words: ["why", "how"]).tokens == ["why", "how"])
  }
}
