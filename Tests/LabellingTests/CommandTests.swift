import Foundation
import Testing

@testable import Labelling

/// Programs that judge answers.
struct CommandTests {
  private func verdict(
    _ words: [String], answer: String = "a", reference: String? = nil, limit: Double = 20, variables: [String] = []
  ) throws -> UnitTestCommand.Verdict {
    let command = try #require(UnitTestCommand(arguments: words, timeLimitSeconds: limit, variables: variables))
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
    #expect(try verdict(["sh", "-c", script, "sh"], answer: answer, variables: ["EXPECTED"]) == .passed)
    #expect(try verdict(["cmp", "-s", "{answer}", "{reference}"], answer: "x", reference: "x") == .passed)
    #expect(try verdict(["cmp", "-s", "{answer}", "{reference}"], answer: "x", reference: "y") == .failed(status: 1))
    #expect(try verdict(["sh", "-c", "grep -qx q \"$1\"", "sh", "{question}"]) == .passed)
  }

  @Test func endsWhatTakesTooLong() throws {
    let folder = try LabelFolder()
    let mark = folder.path + "/mark"
    let start = ContinuousClock.now
    // A grandchild in the background must not outlive the limit either.
    #expect(try verdict(["sh", "-c", "(sleep 2; touch \(mark)) & sleep 6000", "x"], limit: 0.3) == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(3000))
    Thread.sleep(forTimeInterval: 2.5)
    #expect(!folder.exists("mark"))
  }

  @Test func passesNoEnvironmentButWhatIsNamed() throws {
    for name in ["SOME_API_KEY", "DATABASE_URL", "HARMLESS"] { unsafe setenv(name, "x", 1) }
    defer { for name in ["SOME_API_KEY", "DATABASE_URL", "HARMLESS"] { unsafe unsetenv(name) } }
    let script = #"[ -z "$SOME_API_KEY$DATABASE_URL" ] && [ -n "$PATH" ] && [ "$HARMLESS" = "$0" ]"#
    #expect(try verdict(["sh", "-c", script, ""]) == .passed)
    #expect(try verdict(["sh", "-c", script, "x"], variables: ["HARMLESS"]) == .passed)
  }

  @Test func tellsAMissingProgramFromAWrongAnswer() throws {
    for words in [["sh", "-c", "/nowhere/check", "x"], ["sh", "-c", "exit 126", "x"], ["/nowhere/check"]] {
      #expect(throws: LabelError.self) { try verdict(words) }
    }
    func missing(_ words: [String]) -> String? {
      UnitTestCommand(arguments: words, timeLimitSeconds: 1)?.missingScript
    }
    #expect(missing(["python3", "/nowhere/check.py", "{answer}"]) == "/nowhere/check.py")
    #expect(missing(["/usr/bin/python3.12", "/nowhere/check.py"]) == "/nowhere/check.py")
    #expect(missing(["bash", "/bin/sh"]) == nil && missing(["sh", "-c", "exit 1"]) == nil)
    #expect(
      missing(["sh", "{answer}"]) == nil && missing(["shasum", "/nowhere/file"]) == nil && missing(["sh"]) == nil)
  }

  /// The three ends of a program: a label of 1, a label of 0, and no label, which is counted.
  @Test func leavesAnswersThatTakeTooLongWithoutALabel() async throws {
    let command = try #require(
      UnitTestCommand(
        arguments: ["sh", "-c", #"case "$(cat "$1")" in slow) sleep 30;; good) exit 0;; *) exit 3;; esac"#, "sh"],
        timeLimitSeconds: 1))
    let line =
      #"{"prompt":"q","outcomes":{"a":{"answer":"good"},"b":{"answer":"bad"},"c":{"answer":"slow","quality":0.5}}}"#
    var options = LabelOptions()
    options.replacesQualities = true
    let (out, summary) = try await LabelFolder().label([line], .command(command), options)
    #expect(
      out[0]
        == #"{"prompt":"q","outcomes":{"a":{"quality":1,"answer":"good"},"b":{"quality":0,"answer":"bad"},"c":{"answer":"slow","quality":null}}}"#
    )
    #expect(summary.missing(.timedOut) == 1 && summary.rejected == 0)
    #expect(summary.tiers.map(\.labelled) == [1, 1, 0])
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
