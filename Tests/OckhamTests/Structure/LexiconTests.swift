import Testing

@testable import Ockham

struct LexiconTests {
  /// Each word with its classes, read from the lists without hashing.
  private static let listed: [String: UInt64] = {
    var masks: [String: UInt64] = [:]
    for lexicalClass in LexicalClass.allCases {
      for word in lexicalClass.words.description.split(separator: " ") {
        masks[String(word), default: 0] |= 1 << UInt64(lexicalClass.rawValue)
      }
    }
    return masks
  }()

  @Test func everyListedWordHasExactlyItsClasses() {
    let lexicon = Lexicon()
    for (word, mask) in Self.listed { #expect(lexicon.classes(of: WordHash.hash(word: word.utf8)) == mask, "\(word)") }
    #expect(Self.listed.count > 900)
    #expect(LexicalClass.allCases.count <= 64)
  }

  @Test func otherWordsHaveNone() {
    let lexicon = Lexicon()
    var draws = SplitMix64(seed: 9)
    for _ in 0..<10_000 { #expect(lexicon.classes(of: draws.next()) == 0) }
    #expect(lexicon.classes(of: 0) == 0)
    #expect(lexicon.classes(of: .max) == 0)
  }

  @Test func everyListedWordIsOneFoldedWord() {
    for word in Self.listed.keys {
      let bytes = Array(word.utf8)
      var scanner = WordScanner(0..<bytes.count)
      let found = scanner.next(in: bytes.span)
      #expect(found?.count == bytes.count, "\(word)")
      #expect(word == word.lowercased())
    }
  }
}
