import Testing

@testable import Evaluation

/// What every kind of noise changes, and what it leaves.
@Suite struct NoiseTests {
  private static let prompt =
    "Fix Code:\n\n```swift\nfunc f2() {\n    return 10  // why not twelve\n}\n```\nPlease explain O(n) für 2026."

  private func apply(_ noise: Noise, _ text: String, seed: UInt64 = 1) -> String { noise.apply(to: text, seed: seed) }

  @Test func caseChangesLeaveEverythingElse() {
    #expect(apply(.lowerCase, "Prove ÉTÉ > 2?\n") == "prove été > 2?\n")
    #expect(apply(.upperCase, "Prove été > 2?\n") == "PROVE ÉTÉ > 2?\n")
    #expect(apply(.titleCase, "don't stop  at\nline 2b, (a) éclair") == "Don't Stop  At\nLine 2b, (a) Éclair")
    for noise in [Noise.lowerCase, .upperCase, .titleCase] {
      #expect(apply(noise, Self.prompt).lowercased() == Self.prompt.lowercased(), "\(noise)")
    }
  }

  @Test func whiteSpaceChangesLeaveWords() {
    #expect(apply(.doubleSpaces, "a b\n  c") == "a  b\n    c")
    #expect(apply(.trailingNewline, "a b") == "a b\n")
    #expect(Array(apply(.carriageReturns, "a\nb\r\n\nc").utf8) == Array("a\r\nb\r\n\r\nc".utf8))
    for noise in [Noise.doubleSpaces, .trailingNewline, .carriageReturns, .tabIndent] {
      let words = apply(noise, Self.prompt).split(whereSeparator: \.isWhitespace)
      #expect(words == Self.prompt.split(whereSeparator: \.isWhitespace), "\(noise)")
      #expect(apply(noise, Self.prompt) != Self.prompt, "\(noise)")
    }
  }

  @Test func tabsReplaceIndentsOnly() {
    #expect(apply(.tabIndent, "a  b\n    c\n        d  e\n     f\n g") == "a  b\n\tc\n\t\td  e\n\t f\n g")
    #expect(apply(.tabIndent, "a\n  b\n    c") == "a\n\tb\n\t\tc")
    #expect(apply(.tabIndent, "a\n b  c\n") == "a\n b  c\n")
  }

  @Test(arguments: [
    Noise.please, .greeting, .thanks, .spanishFrame, .germanFrame, .frenchFrame, .chineseFrame,
  ]) func framesLeaveThePromptUntouched(noise: Noise) {
    let framed = apply(noise, Self.prompt)
    #expect(framed.contains(Self.prompt))
    #expect(framed.count > Self.prompt.count)
    #expect(framed.hasPrefix(Self.prompt) == (noise == .thanks))
    #expect(framed.hasSuffix(Self.prompt) == [.please, .greeting].contains(noise))
  }

  @Test func everyKindButTyposIgnoresTheSeed() {
    for noise in Noise.allCases where noise != .typos {
      #expect(apply(noise, Self.prompt) == apply(noise, Self.prompt, seed: 2), "\(noise)")
    }
    let text = String(repeating: "several words that somebody mistypes ", count: 20)
    #expect(apply(.typos, text) == apply(.typos, text))
    #expect(apply(.typos, text) != apply(.typos, text, seed: 2))
  }

  @Test func emptyTextsAreFine() {
    for noise in Noise.allCases { #expect(apply(noise, "").contains("\n\n") == noise.rawValue.hasSuffix("_frame")) }
  }

  @Test func namesAreDifferent() { #expect(Set(Noise.allCases.map(\.title)).count == Noise.allCases.count) }
}

@Suite struct TyposTests {
  private func typos(_ text: String, seed: UInt64 = 1) -> String {
    var typos = Typos(seed: seed)
    return typos.apply(to: text)
  }

  @Test(arguments: 1...20) func whatIsSparedStays(seed: UInt64) {
    let spared = String(repeating: "the cat 12345 1048576 abc123def snake_case_name 3.14159 _____ §§§§ ", count: 30)
    #expect(typos(spared, seed: seed) == spared)
    let fenced = "```\n" + String(repeating: "identifier whatever ", count: 100) + "\n```"
    #expect(typos(fenced, seed: seed) == fenced)
  }

  @Test func textBehindAFenceIsHitAgain() {
    let words = String(repeating: "identifier whatever ", count: 100)
    let parts = typos(words + "```" + words + "```" + words).split(separator: "```", omittingEmptySubsequences: false)
    #expect(parts.map { $0 == words } == [false, true, false])
  }

  /// Every word of one letter repeated stays of that letter, so lengths distinguish drops from doublings.
  @Test func aboutOneLetterInFiftyIsHit() {
    let words = Array(repeating: "abcdefghij", count: 5_000)
    let found = typos(words.joined(separator: " ")).split(separator: " ").map(String.init)
    #expect(found.count == words.count)
    let hit = found.filter { $0 != "abcdefghij" }
    // 9 letters in 10 can be hit: 900 slips in 45,000 letters, about 830 words.
    #expect((700...950).contains(hit.count))
    for length in 9...11 { #expect(hit.count { $0.count == length } > 150) }
    #expect(found.allSatisfy { $0.first == "a" })
  }
}
