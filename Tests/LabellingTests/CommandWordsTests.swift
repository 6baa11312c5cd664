import Testing

@testable import Labelling

/// Commands cut into words, without a shell.
struct CommandWordsTests {
  /// A word in each of the ways in which it can be written.
  private static func spellings(_ word: String) -> [String] {
    var all = ["'" + word.replacing("'", with: #"'\''"#) + "'"]
    all.append("\"" + word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"")
    if !word.isEmpty { all.append(word.map { "\\" + String($0) }.joined()) }
    // Half in one way and half in the other, with an empty part between.
    let half = word.index(word.startIndex, offsetBy: word.count / 2)
    let (front, back) = (String(word[..<half]), String(word[half...]))
    all.append("'" + front.replacing("'", with: #"'\''"#) + "'\"\"" + back.map { "\\" + String($0) }.joined())
    return all
  }

  private static let words: [String] = {
    let letters = ["a", " ", "'", "\"", "\\", "é", "$"]
    var words = ["", "\n", "\t x", "*?[]{}|;&<>#~`$(id)", "{answer}"] + letters
    for one in letters { words += letters.map { one + $0 } }
    return words
  }()

  /// Every word comes back from every way of writing it, alone and among others, whatever white space is between.
  @Test func whatIsQuotedComesBack() {
    for word in Self.words {
      for spelling in Self.spellings(word) {
        #expect(CommandWords.split(spelling) == [word], "\(spelling)")
        #expect(CommandWords.split(" x \t\(spelling)\n y") == ["x", word, "y"], "\(spelling)")
      }
    }
  }

  /// What is plain needs no quotes, and nothing in it is expanded.
  @Test(arguments: ["a", "$HOME", "~", "*.py", "{answer}", "a=b", "#c", "a|b", "`id`", "日本"])
  func plainWordsStay(word: String) { #expect(CommandWords.split("\(word)  \(word)") == [word, word]) }

  @Test(arguments: ["'", "\"", "\\", "a 'b", "a \"b", "a\\", "'a\\'b'", "\"a\\\"", "''\"", "'\"'\""])
  func whatIsNotClosedIsNone(text: String) { #expect(CommandWords.split(text) == nil) }

  @Test func nothingHasNoWords() {
    for text in ["", " ", "\t\n "] { #expect(CommandWords.split(text) == []) }
    #expect(CommandWords.split("''") == [""] && CommandWords.split("'' \"\"") == ["", ""])
  }
}
