import Statistics
import Testing

@testable import GatewayCore

/// The search for words in bytes against a plain one in Unicode scalars.
struct KeywordTests {
  /// The words of a text, cut where no letter, digit, mark or `_` is: in scripts with spaces between words.
  private static func words(of text: String) -> [String] {
    text.lowercased().unicodeScalars.split { scalar in
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
        .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
        false
      default: scalar != "_"
      }
    }.map { String($0) }
  }

  private static let letters = Array("ab1_é ж.-,’“”—«»()\u{A0}/")

  /// All words of one and two letters in texts of many marks: found where the text has them as words.
  @Test func wordsAreCutAsTheyAreRead() {
    var random = SplitMix64(seed: 5)
    let wanted = ["a", "b", "ab", "1", "a1", "é", "ж", "aé", "_", "a_b"]
    for _ in 0..<3000 {
      let text = String(
        (0..<random.next() % 12).map { _ in Self.letters[Int(random.next() % UInt64(Self.letters.count))] })
      let words = Self.words(of: text)
      for word in wanted {
        #expect(Keywords([word]).occur(in: text) == words.contains(word), "\(word) in \(text)")
      }
    }
  }

  /// Marks that typesetters put around words are no part of them: a rule for privacy must not miss a quoted word.
  @Test(arguments: [
    "“secret”", "‘secret’", "„secret“", "«secret»", "the secret—again", "the secret – again", "secret…", "·secret·",
    "secret’s end", "→secret", "“SECRET”", "秘密。secret、", "€secret£", "secret\u{2028}", "¿secret?", "§secret¶",
  ])
  func typographyIsNoPartOfAWord(text: String) { #expect(Keywords(["secret"]).occur(in: text)) }

  @Test(arguments: [
    "sécret", "secrets", "_secret", "secret1", "secretß", "жsecret", "secret\u{302}", "1secret", "secretª",
  ])
  func lettersAre(text: String) { #expect(!Keywords(["secret"]).occur(in: text), "\(text)") }

  /// Several words are found wherever one of them is, and the order in which they are named says nothing.
  @Test func anyWordIsEnough() {
    let words = ["alpha", "beta", "два", "翻译"]
    for text in ["only beta here", "здесь два слова", "请翻译这", "alpha"] {
      #expect(Keywords(words).occur(in: text) && Keywords(words.reversed()).occur(in: text))
      #expect(words.count { Keywords([$0]).occur(in: text) } == 1)
    }
    #expect(!Keywords(words).occur(in: "alphabet, betas, двадцать") && !Keywords([]).occur(in: "alpha"))
  }

  /// What lies behind the window is not read; a word that the window cuts is not found in part.
  @Test func theWindowIsRead() {
    let room = Keywords.window
    func text(before bytes: Int) -> String { String(repeating: " ", count: bytes) + "secret code" }
    #expect(Keywords(["secret"]).occur(in: text(before: room - 7)))
    #expect(!Keywords(["secret"]).occur(in: text(before: room - 5)))
    #expect(!Keywords(["secret"]).occur(in: text(before: room + 100)))
  }
}
