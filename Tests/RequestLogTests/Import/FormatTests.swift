import Foundation
import Ockham
import Testing

@testable import RequestLog
@testable import TextKit

/// Public sets, each by a small made-up input of its form.
struct FormatTests {
  @Test func readsRouteLLMSubjects() throws {
    let folder = try ImportFolder()
    let text = """
      prompt,org/weak-model,strong-model
      "Which, of these?
      A. 1
      B. 2
      Answer:",False,True
      "He said ""no"".",True,True
      bad row,maybe,True

      """
    let path = try folder.file("mmlu_making_tea.csv", text)
    let (records, summary) = try folder.run(.routeLLMMMLU, [path])
    #expect(records.map(\.id) == ["mmlu_making_tea/0", "mmlu_making_tea/1"])
    #expect(records.allSatisfy { $0.dataset == "mmlu_making_tea" })
    #expect(records[0].prompt == "Which, of these?\nA. 1\nB. 2\nAnswer:")
    #expect(records[0].qualities == ["org/weak-model": 0, "strong-model": 1])
    #expect(records[0].outcomes.allSatisfy { $0.costUSD == nil && $0.outputTokens == nil })
    #expect(summary.log.problems.map(\.position) == [.line(7)])
    #expect(summary.log.problems[0].description.contains("expected True or False"))
    #expect(summary.outcomes == ["org/weak-model": 2, "strong-model": 2])
  }

  @Test func readsRouteLLMGSM8K() throws {
    let folder = try ImportFolder()
    let text = "prompt,m/a,m/a_response,b,b_response\nq1,True,one,False,two\nq2,False,x,True,y\n"
    let (records, _) = try folder.run(.routeLLMGSM8K, [try folder.file("gsm8k_responses.csv", text)])
    #expect(records.map(\.id) == ["gsm8k/0", "gsm8k/1"])
    #expect(records.map(\.dataset) == ["gsm8k", "gsm8k"])
    #expect(records[1].qualities == ["m/a": 0, "b": 1])
  }

  @Test func countsRowsBeforeBadOnes() throws {
    let folder = try ImportFolder()
    let path = try folder.file("s.csv", "prompt,m\n ,True\nsecond,True\n")
    let (records, summary) = try folder.run(.routeLLMMMLU, [path])
    #expect(records.map(\.id) == ["s/1"])
    #expect(summary.log.problems.map(\.reason) == [.emptyPrompt])
  }

  @Test func readsMMLUPro() throws {
    let folder = try ImportFolder()
    func item(_ id: Int, _ prediction: String) -> String {
      #"{"question_id": \#(id), "question": "Q\#(id)?", "options": ["x", "y {[\""], "answer": "B", "category": "tea", "pred": \#(prediction), "model_outputs": "…"}"#
    }
    let one = try folder.file(
      "model_outputs_Small-1_5shots.json", "[\(item(10, #""B""#)),\n\(item(9, "null")), \(item(2, #""A""#))]")
    let two = try folder.file(
      "model_outputs_Big-2_5shots.json",
      #"{"tea": [\#(item(10, #""B""#)), \#(item(9, #""B""#))], "other": \#(item(2, #""B""#))}"#)
    let partial = try folder.file("model_outputs_Partial_5shots.json", "[\(item(2, #""B""#))]")
    let (records, summary) = try folder.run(.mmluPro, [one, two, partial])
    #expect(records.map(\.id) == ["mmlu_pro/2", "mmlu_pro/9", "mmlu_pro/10"])
    #expect(records[0].prompt == "Q2?\nA. x\nB. y {[\"")
    #expect(records[0].dataset == "mmlu_pro/tea")
    #expect(
      records.map { $0.qualities } == [
        ["Small-1": 0, "Big-2": 1], ["Small-1": 0, "Big-2": 1], ["Small-1": 1, "Big-2": 1],
      ])
    #expect(summary.notes.count == 1 && summary.notes[0].contains("Partial"))
  }

  @Test func readsZeroEval() throws {
    let folder = try ImportFolder()
    func item(_ id: String, _ output: String, answer: String = "1,000") -> String {
      let quoted = JSONQuote.quote(output)
      return #"{"id": "\#(id)", "question": "Q\#(id)", "output": [\#(quoted)], "answer": "\#(answer)"}"#
    }
    let weak = try folder.file(
      "math-l5/weak.json", "[\(item("0", #"{"reasoning": "r", "answer": "$999"}"#)), \(item("1", "no idea"))]")
    let strong = try folder.file(
      "math-l5/strong.json",
      "[\(item("0", #"Sure: {"answer": "1000"} done"#)), \(item("1", #"so \boxed{1000}"#))]")
    let short = try folder.file("math-l5/short.json", "[\(item("0", "x"))]")
    let code = try folder.file(
      "crux/strong.json",
      #"[{"session_id": "crux_7", "problem": "f(1)?", "output": ["{\"answer\": \"'ab'\"}"], "answer": "'ab'"}]"#)
    let (records, summary) = try folder.run(.zeroEval, [weak, strong, short, code])
    #expect(records.map(\.id) == ["math-l5/0", "math-l5/1", "crux/crux_7"])
    #expect(records.map(\.dataset) == ["math-l5", "math-l5", "crux"])
    #expect(records[0].qualities == ["weak": 0, "strong": 1])
    #expect(records[1].qualities == ["weak": 0, "strong": 1])
    #expect(records[2].qualities == ["strong": 1])
    #expect(summary.notes.count == 1)
  }

  @Test func readsLLMRouter() throws {
    let folder = try ImportFolder()
    let train = try folder.file(
      "train.json",
      #"[{"question": "q one", "scores": {"a": 1.0000001, "b": -0.2, "c": 0.25}}, {"question": "q two", "scores": {"a": 0}}]"#
    )
    let queries = try folder.file("default_query_train.jsonl", #"{"query": "q one", "task_name": "tea"}"# + "\n")
    let (records, _) = try folder.run(.llmRouter, [train, queries])
    #expect(records.map(\.id) == ["train/0", "train/1"])
    #expect(records.map(\.dataset) == ["tea", "unknown"])
    #expect(records[0].qualities == ["a": 1, "b": 0, "c": 0.25])
  }

  @Test func writesSQLiteByName() throws {
    let folder = try ImportFolder()
    let path = try folder.file("s.csv", "prompt,m\none,True\n")
    let (records, _) = try folder.run(.routeLLMMMLU, [path], output: "log.sqlite")
    #expect(records.map(\.id) == ["s/0"])
    let head = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/log.sqlite")).prefix(6)
    #expect(head == Data("SQLite".utf8))
  }

  @Test func renamesModels() throws {
    let folder = try ImportFolder()
    var options = ImportOptions()
    options.renames = ["m": "small"]
    options.dataset = "mine"
    let (records, _) = try folder.run(.routeLLMMMLU, [try folder.file("s.csv", "prompt,m\none,True\n")], options)
    #expect(records[0].qualities == ["small": 1])
    #expect(records[0].dataset == "mine" && records[0].id == "s/0")
  }

  @Test(arguments: ["[1, 2", "{\"a\": [{\"b\": 1}", "[{\"question_id\": 1}] x", "]", "[{\"a\": \"never closed}]"])
  func refusesBrokenJSONFiles(_ text: String) throws {
    let folder = try ImportFolder()
    let path = try folder.file("model_outputs_m.json", text)
    let error = importError { _ = try folder.run(.mmluPro, [path]) }
    guard case .log(.notALog) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.exitStatus == 65)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out.jsonl"))
  }

  @Test func refusesPipesWhereNamesCount() {
    #expect(importError { _ = try ImportFolder().run(.mmluPro, ["-"]) } == .needsFile(format: .mmluPro))
  }

  @Test func refusesMissingFilesBeforeWork() {
    let error = importError { _ = try ImportFolder().run(.csv, ["/nowhere.csv"], Self.anyQuality) }
    #expect(error == .log(.missing(path: "/nowhere.csv")) && error?.exitStatus == 66)
  }

  private static var anyQuality: ImportOptions {
    var options = ImportOptions()
    options.columns.quality = [NamedColumn(model: "m", column: "m")]
    return options
  }
}

/// Writes JSON strings for made-up inputs.
private enum JSONQuote {
  static func quote(_ text: String) -> String {
    var json = JSONBuilder()
    json.append(string: text)
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

/// What a set's own scoring rules make of free text.
struct ZeroEvalScoreTests {
  @Test(arguments: [
    (#"{"answer": "42"}"#, "42", 1.0), (#"{"answer": 42}"#, "42.0", 1), (#"{"answer": "1/2"}"#, "0.5", 1),
    (#"{"answer": "$1,200 in all"}"#, "#### 1200", 1), (#"{"answer": "-3"}"#, "3", 0),
    ("{\"reasoning\": \"a\nb\", \"answer\": \"7\"}", "7", 1),
    (#"{"answer": "7""#, "7", 1), ("answer: 7, since", "7", 1), (#"\boxed{3} no \boxed{7}"#, "7", 1), ("", "7", 0),
    ("seven", "7", 0),
    (#"{"answer": "none"}"#, "7", 0), (#"{"answer": "7"} {"answer": "8"}"#, "7", 1),
  ])
  func scoresMathematics(output: String, answer: String, score: Double) {
    #expect(ZeroEvalScore(output: output, answer: answer).mathematics == score)
  }

  @Test(arguments: [
    (#"{"answer": "'ab'"}"#, "ab", 1.0), (#"{"answer": [1, 2]}"#, "[1,2]", 1), (#"{"answer": true}"#, "True", 1),
    (#"{"answer": "a b"}"#, "'a b'", 1), (#"{"answer": "ab"}"#, "abc", 0), ("no", "no", 0),
  ])
  func scoresCode(output: String, answer: String, score: Double) {
    #expect(ZeroEvalScore(output: output, answer: answer).crux == score)
  }

  @Test func namesTheModelOfAFile() {
    #expect(MMLUProReader.model(path: "a/model_outputs_X-1_5shots.json") == "X-1")
    #expect(MMLUProReader.model(path: "model_outputs_X-1_5shots/part1.json") == "X-1")
    #expect(MMLUProReader.model(path: "x/y.json.gz") == "y")
  }
}
