import Foundation
import Testing

@testable import TextKit

@Suite struct SafeTextTests {
  @Test(arguments: [
    ("gpt-4o mini", "gpt-4o mini"), ("größer 模型 👩‍👩‍👧", "größer 模型 👩‍👩‍👧"), ("a\nb\r\tc", "a\\nb\\r\\tc"),
    ("\u{1B}]0;owned\u{7}", "\\u{1B}]0;owned\\u{7}"), ("a\u{202E}b", "a\\u{202E}b"), ("a\u{2028}b", "a\\u{2028}b"),
    ("\u{9B}31m", "\\u{9B}31m"), ("a\u{200B}b", "a\\u{200B}b"), ("\r\n", "\\r\\n"), ("", ""),
  ]) func namesShowWhatHides(name: String, shown: String) {
    #expect(SafeText.name(name) == shown)
  }

  @Test func longNamesLoseTheirMiddle() {
    let name = String(repeating: "a", count: 200) + "-tail"
    #expect(SafeText.name(name).count == SafeText.maximumNameScalars)
    #expect(SafeText.name(name).hasSuffix("a-tail"))
    #expect(SafeText.name(name, limit: 8) == "aaaaa…il")
    // One letter under a thousand marks is one character, and a flood.
    let marked = "a" + String(repeating: "\u{301}", count: 1_000)
    #expect(SafeText.name(marked).unicodeScalars.count == SafeText.maximumNameScalars)
    #expect(SafeText.names(["a", "b\n", "c"], shown: 2) == "a, b\\n and 1 more")
  }

  @Test func linesKeepTheirEndsAlone() {
    #expect(SafeText.lines("one\ntwo\r\u{1B}[2J") == "one\ntwo\\r\\u{1B}[2J")
    #expect(SafeText.lines("<script>1 < 2 <- <</b>") == "\\u{3C}script>1 < 2 <- <\\u{3C}/b>")
    #expect(SafeText.lines("a <") == "a <")
  }

  @Test func markdownHasNoMarksOfNames() {
    #expect(SafeText.markdown("a|b`c`<script>&*_[x](y)") == "a\\|b\\`c\\`&lt;script&gt;&amp;\\*\\_\\[x\\](y)")
    #expect(SafeText.markdown("a\n# b") == "a\\\\n\\# b")
    #expect(SafeText.markdownBlock("a\n```\n<script>") == "````\na\n```\n\\u{3C}script>\n````")
    #expect(SafeText.markdownBlock("a") == "```\na\n```")
  }

  /// A shell reads the word back, whatever it holds, and runs nothing of it.
  @Test(arguments: [
    "plain-1.5", "a'; touch PWNED; '", "$(touch PWNED)", "`x`", "a b", "", "=cmd", "~", "*", "a\\'b", "line\nend",
    "\u{1B}]0;x\u{7}'\\", "größer", "a\u{202E}b'c", "<script>'", "'\u{301}; touch PWNED; '\u{301}",
  ]) func shellsReadWordsBack(word: String) throws {
    for quoted in [SafeText.shell(word), SafeText.shellQuoted(word)] {
      #expect(quoted == SafeText.visible(quoted) && quoted == SafeText.lines(quoted))
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments = ["-c", "printf %s \(quoted)"]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      #expect(output.fileHandleForReading.readDataToEndOfFile() == Data(word.utf8))
      process.waitUntilExit()
    }
    #expect(SafeText.shellQuoted("a'b") == "'a'\\''b'")
  }

  @Test func jsonReadsTheSame() throws {
    let text = "<script>\u{202E}\u{9B}\u{E0001}ü"
    let document = JSONNode.object([JSONMember(key: text, value: .string(text))]).jsonText + "\n"
    let safe = SafeText.json(document)
    #expect(safe.contains("\\u003cscript>\\u202e\\u009b\\udb40\\udc01ü"))
    #expect(safe.hasSuffix("}\n"))
    let read = try JSONSerialization.jsonObject(with: Data(safe.utf8)) as? [String: String]
    #expect(read == [text: text])
  }
}
