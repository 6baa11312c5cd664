import Foundation
import Testing

@testable import Labelling

/// Programs that judge answers.
struct CommandTests {
  private func verdict(
    _ words: [String], answer: String = "a", reference: String? = nil, limit: Double = 20
  ) throws -> UnitTestCommand.Verdict {
    let command = try #require(UnitTestCommand(arguments: words, timeLimitSeconds: limit))
    return try command.verdict(answer: answer, reference: reference, question: "q")
  }

  @Test func passesByStatus() throws {
    #expect(try verdict(["true"]) == .passed)
    #expect(try verdict(["sh", "-c", "exit 7", "x"]) == .failed(status: 7))
    #expect(try verdict(["sh", "-c", "kill -9 $$", "x"]) == .failed(status: -9))
  }

  @Test func givesTextsAsFiles() throws {
    let answer = "$(touch /tmp/never) `id` \"quoted\" 'and' ; exit 0\n"
    let script = #"[ "$(cat "$1"; printf .)" = "$(printf '%s' "$EXPECTED"; printf .)" ]"#
    unsafe setenv("EXPECTED", answer, 1)
    defer { unsafe unsetenv("EXPECTED") }
    #expect(try verdict(["sh", "-c", script, "sh"], answer: answer) == .passed)
    #expect(try verdict(["cmp", "-s", "{answer}", "{reference}"], answer: "x", reference: "x") == .passed)
    #expect(try verdict(["cmp", "-s", "{answer}", "{reference}"], answer: "x", reference: "y") == .failed(status: 1))
    #expect(try verdict(["sh", "-c", "grep -qx q \"$1\"", "sh", "{question}"]) == .passed)
  }

  @Test func endsWhatTakesTooLong() throws {
    let folder = try LabelFolder()
    let mark = folder.path + "/mark"
    let start = ContinuousClock.now
    // A grandchild in the background must not outlive the limit either.
    #expect(try verdict(["sh", "-c", "(sleep 2; touch \(mark)) & sleep 30", "x"], limit: 0.3) == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(5))
    Thread.sleep(forTimeInterval: 2.5)
    #expect(!folder.exists("mark"))
  }

  @Test func withholdsSecrets() throws {
    unsafe setenv("SOME_API_KEY", "x", 1)
    defer { unsafe unsetenv("SOME_API_KEY") }
    #expect(try verdict(["sh", "-c", "[ -z \"$SOME_API_KEY\" ] && [ -n \"$PATH\" ]", "x"]) == .passed)
  }

  @Test func namesProgramsThatDoNotStart() async throws {
    let error = await labelError { _ = try verdict(["/nowhere/program"]) }
    guard case .commandNotStarted("/nowhere/program", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.exitStatus == 64)
  }

  @Test func leavesNoFiles() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let marker = UUID().uuidString
    _ = try verdict(["true"], answer: marker)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("answer-") }
    #expect(left.allSatisfy { (try? String(contentsOfFile: "\(folder)/\($0)/answer", encoding: .utf8)) != marker })
    #expect(UnitTestCommand(arguments: [], timeLimitSeconds: 1) == nil)
    #expect(UnitTestCommand(arguments: ["x"], timeLimitSeconds: 0) == nil)
  }

  @Test(arguments: [
    ("a b", ["a", "b"]), ("  a  'b c' \"d e\" ", ["a", "b c", "d e"]), ("a'b'\"c\"", ["abc"]), ("a\\ b", ["a b"]),
    ("''", [""]),
    ("'a\\b'", ["a\\b"]), ("\"a\\\"b\"", ["a\"b"]), ("$HOME *", ["$HOME", "*"]), ("", []), ("'a", nil), ("a\\", nil),
  ])
  func cutsWords(text: String, words: [String]?) {
    #expect(CommandWords.split(text) == words)
  }
}
