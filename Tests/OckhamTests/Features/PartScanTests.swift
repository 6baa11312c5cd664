import Testing

@testable import Ockham

/// The pass over blocks against the pass over single words, on texts of every shape.
struct PartScanTests {
  private static let pieces = [
    " ", "  ", "\n", "\n\n", "\r\n", "\t", ".", ". ", "!", "? ", "a.", "A) ", "b) ", "12. ", "3.14", "1999", "2", "x1",
    "GPT4", "USA",
    "iPhone", "I", "the", "What", "please", "Which", "prove", "don't", "f(x)", "_", "__", "___", "```", "`", "``",
    "\\frac", "\\",
    "(", "[", "{", "<", "=", "-", "- ", "\n* ", "\n# ", "\n| ", "\n> ", "\n  ", "\n\t", "é", "naïve", "漢字", "か", "。",
    "…", "🙂", "한국",
    "internationalisation", "sixteenletters16", "seventeenletters1", "eightlet", "ninelette",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "----------------------------------------------------------------------", "\u{0}", "\u{7F}", "@", "%", "$", ",",
    ";", ":",
  ]

  private static func text(_ draws: inout SplitMix64, upTo byteCount: Int) -> String {
    let common = pieces.shuffled(using: &draws).prefix(Int.random(in: 1...pieces.count, using: &draws))
    let count = Int.random(in: 0...byteCount, using: &draws)
    var text = ""
    while text.utf8.count < count { text += common.randomElement(using: &draws)! }
    return text
  }

  /// Everything that a scan leaves behind.
  private struct Outcome: Equatable {
    var buckets: [UInt32] = []
    var grams = 0
    var dense: [Float] = []
  }

  private static func scan(
    _ text: String, _ range: Range<Int>, _ namespace: Namespace, _ options: FeatureOptions, inBlocks: Bool
  ) -> Outcome {
    var vector = FeatureVector(options: options)
    var statistics = TextStatistics()
    statistics.questionBytes = text.utf8.count
    var scan = PartScan(range, of: namespace, options: options, inBlocks: inBlocks)
    vector.bucketSet.write(atMost: NGramWriter.most(bytes: range.count, options: options)) { writer in
      Lexicon().read { scan.run(text.utf8.span, lexicon: $0, writer: &writer, statistics: &statistics) }
    }
    _ = vector.bucketSet.endGroup()
    vector.describe(&statistics, RequestAttributes())
    return Outcome(buckets: vector.buckets, grams: statistics.grams, dense: vector.dense)
  }

  @Test(arguments: 1...8) func blocksAgreeWithWords(seed: UInt64) {
    var draws = SplitMix64(seed: seed)
    let options = FeatureOptions(bucketBits: 12, wordPairs: seed % 3 != 0, characterGrams: seed % 4 == 0)
    for round in 0..<150 {
      let text = Self.text(&draws, upTo: 600)
      let bounds = [0, text.utf8.count, Int.random(in: 0...text.utf8.count, using: &draws)].sorted()
      let range = round % 3 == 0 ? bounds[0]..<bounds[1] : round % 3 == 1 ? bounds[1]..<bounds[2] : 0..<bounds[2]
      for namespace in Namespace.allCases {
        let found = Self.scan(text, range, namespace, options, inBlocks: true)
        let expected = Self.scan(text, range, namespace, options, inBlocks: false)
        #expect(found == expected, "\(text.debugDescription) \(range) \(namespace)")
      }
    }
  }
}
