import Testing

@testable import GatewayCore

/// When there is a guess, and when there had better be none.
struct LanguageGuessTests {
  /// One common word is enough in a short text, and two are needed in a longer one.
  @Test func longTextsNeedMoreThanOneWord() {
    #expect(LanguageGuess.language(of: "Warum Katzen schnurren") == "de")
    #expect(LanguageGuess.language(of: "warum") == "de")
    #expect(LanguageGuess.language(of: "Warum Katzen Hunde Vögel Fische") == nil)
    #expect(LanguageGuess.language(of: "Warum Katzen Hunde nicht Fische") == "de")
  }

  /// Where two languages have as many of the words, neither is guessed.
  @Test(arguments: ["the der", "der the", "the und and der", "de", "is", "una"]) func tiesAreNone(text: String) {
    #expect(LanguageGuess.language(of: text) == nil)
  }

  /// The script of most letters decides; a character of the east weighs as three letters.
  @Test(
    arguments: [
      ("Привет and what", "en"), ("Привет, and", "ru"), ("法国 what", "zh"), ("法国 whatever", nil), ("السلام the", "ar"),
      ("これは本 the", "ja"), ("한국 the", "ko"), ("漢字漢字漢字漢字漢字漢か", "zh"), ("漢字漢字漢字漢字漢字か", "ja"), ("한漢", "ko"), ("漢漢한", "zh"),
    ] as [(String, String?)])
  func scriptsAreWeighed(text: String, language: String?) { #expect(LanguageGuess.language(of: text) == language) }

  /// The beginning alone is read, however long the text is.
  @Test func theBeginningIsRead() {
    let english = String(repeating: "what is the ", count: 170)
    #expect(LanguageGuess.language(of: english + String(repeating: "法", count: 100_000)) == "en")
    #expect(LanguageGuess.language(of: String(repeating: " ", count: 2048) + english) == nil)
  }

  /// Every language that a rule may name is guessed of its own commonest words, and no other ever is.
  @Test func everyNamedLanguageCanBeGuessed() {
    let texts = [
      "the and of", "der die und", "le les et", "el los y", "il gli è", "os as é", "het een van", "и в", "的", "の", "의",
      "في",
    ]
    let guesses = texts.compactMap { LanguageGuess.language(of: $0) }
    #expect(guesses.count == texts.count && Set(guesses) == Set(Rule.languages))
  }
}
