import RequestLog
import Testing

@testable import Labelling

/// Whole runs without a judge.
struct LabelRunTests {
  @Test func keepsEveryOtherByte() async throws {
    let lines = [
      #"{ "id":1, "x":1.50e1,"odd":"\u00e4", "reference":"a", "outcomes":{ "small":{ "answer":"a" , "cost_usd":0.5 }, "frontier" :{"quality": null,"answer":"b"}, "mid":null} }"#,
      "not json",
      #"{"outcomes":{"small":{"answer":"q"},"frontier":{"answer":"q"}}}"#,
    ]
    let (out, summary) = try await LabelFolder().label(lines, .text(.exact))
    #expect(
      out[0]
        == #"{ "id":1, "x":1.50e1,"odd":"\u00e4", "reference":"a", "outcomes":{ "small":{"quality":1, "answer":"a" , "cost_usd":0.5 }, "frontier" :{"quality": 0,"answer":"b"}, "mid":null} }"#
    )
    #expect(out[1] == lines[1])
    #expect(out[2] == #"{"outcomes":{"small":{"quality":1,"answer":"q"},"frontier":{"quality":1,"answer":"q"}}}"#)
    #expect(summary.lines == 3 && summary.labelledRecords == 2 && summary.rejected == 1)
    #expect(summary.problems[0].position == .line(2))
    let small = try #require(summary.tiers.first { $0.name == "small" })
    #expect(small.shareGood == 1 && small.costUSD == 0.5 && small.priced == 1)
  }

  @Test func comparesNumbersAndSaysWhereTheFrontierStandsIn() async throws {
    let lines = [
      #"{"reference":42,"outcomes":{"small":{"answer":"42"},"frontier":{"answer":"41"}}}"#,
      #"{"reference":true,"outcomes":{"small":{"answer":"true"},"frontier":{"answer":"no"}}}"#,
      #"{"target":"b","outcomes":{"small":{"answer":"b"},"frontier":{"answer":"a"}}}"#,
    ]
    let (out, summary) = try await LabelFolder().label(lines, .text(.exact))
    #expect(out[0].contains(#""small":{"quality":1"#) && out[1].contains(#""small":{"quality":1"#))
    #expect(summary.comparedWithFrontier == 1 && summary.unreadReferences == ["target": 1])
  }

  @Test func keepsQualitiesUnlessAsked() async throws {
    let line = #"{"reference":"a","outcomes":{"small":{"quality":0.3,"answer":"a"},"frontier":{"answer":"a"}}}"#
    let (kept, _) = try await LabelFolder().label([line], .text(.exact))
    #expect(kept[0].contains(#""quality":0.3"#) && kept[0].contains(#"{"quality":1,"answer":"a"}"#))
    var options = LabelOptions()
    options.replacesQualities = true
    let (new, _) = try await LabelFolder().label([line], .text(.exact), options)
    #expect(new[0].contains(#"{"quality":1,"answer":"a"},"frontier":{"quality":1"#))
  }

  @Test(arguments: [
    (#"{"id":1}"#, "outcomes"), (#"[1]"#, "an array"), (#"{"outcomes":[]}"#, "an array"),
    (#"{"outcomes":{"small":{"answer":5}}}"#, "outcomes[\"small\"].answer"),
    (#"{"outcomes":{"small":{"answer":{"id":"x"}}}}"#, "content, tool_calls or finish_reason"),
    (#"{"outcomes":{"small":{"answer":{"content":5}}}}"#, "outcomes[\"small\"].answer.content"),
    (#"{"outcomes":{"small":{"answer":{"tool_calls":{}}}}}"#, "outcomes[\"small\"].answer.tool_calls"),
    (#"{"outcomes":{"small":{"answer":"a","answer":"b"}}}"#, "each key once"),
    (#"{"outcomes":{"small":{"answer":"a"}}}"#, "--frontier"),
    (#"{"reference":["a","b"],"outcomes":{"small":{"answer":"a"}}}"#, "reference"),
    (#"{"outcomes":{"small":7}}"#, "an object"),
    (#"{"reference":"a","outcomes":{"small":{"quality":2,"answer":"a"}}}"#, "from 0 to 1, found 2"),
  ])
  func namesBadLines(line: String, words: String) async throws {
    let good = #"{"reference":"a","outcomes":{"small":{"answer":"a"}}}"#
    let (out, summary) = try await LabelFolder().label([good, line], .text(.exact))
    #expect(out[1] == line)
    let problem = try #require(summary.problems.first)
    #expect(problem.description.contains(words) && problem.position == .line(2), "\(problem)")
    var strict = LabelOptions()
    strict.isStrict = true
    let folder = try LabelFolder()
    #expect(
      await labelError { _ = try await folder.label([good, line], .text(.exact), strict) }
        == .log(
          .rejected(LogProblem(path: folder.path + "/in.jsonl", position: .line(2), violation: problem.violation))))
    #expect(!folder.exists("out.jsonl"))
  }

  @Test func refusesALogWithoutAnswers() async throws {
    let folder = try LabelFolder()
    let error = await labelError {
      _ = try await folder.label([#"{"outcomes":{"small":{"quality":null}}}"#], .text(.exact))
    }
    #expect(error == .nothingLabelled(path: folder.path + "/in.jsonl", rejected: 0) && error?.exitStatus == 65)
  }

  @Test func checksSchemas() async throws {
    let format =
      #""response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","required":["a"]}}}"#
    let lines = [
      "{\(format),\"outcomes\":{\"small\":{\"answer\":\"{\\\"a\\\":1}\"},\"frontier\":{\"answer\":\"{}\"},\"mid\":{\"answer\":\"a: 1\"}}}",
      #"{"response_format":{"type":"json_object"},"outcomes":{"small":{"answer":" {} "},"frontier":{"answer":"[]"}}}"#,
      #"{"outcomes":{"small":{"answer":"{}"}}}"#,
      #"{"response_format":{"type":"json_schema","json_schema":{"schema":{"if":true}}},"outcomes":{"small":{"answer":"{}"}}}"#,
    ]
    let (out, summary) = try await LabelFolder().label(lines, .jsonSchema)
    #expect(
      out[0].contains(#""small":{"quality":1"#) && out[0].contains(#""frontier":{"quality":0"#)
        && out[0].contains(#""mid":{"quality":0"#))
    #expect(out[1].contains(#""small":{"quality":1"#) && out[1].contains(#""frontier":{"quality":0"#))
    #expect(out[2] == lines[2] && out[3] == lines[3])
    #expect(summary.problems.map(\.position) == [.line(3), .line(4)])
    #expect(summary.problems[1].description.contains("#/\"if\""))
  }

  @Test func takesJSONInACodeFence() async throws {
    let fenced = #"```json\n{\"a\":1}\n```"#
    let line =
      #"{"response_format":{"type":"json_object"},"outcomes":{"a":{"answer":"\#(fenced)"},"b":{"answer":"Here: \#(fenced)"},"c":{"answer":{"content":"~~~\n[1]\n~~~"}},"d":{"answer":{"content":null,"tool_calls":[{"function":{"name":"f"}}]}}}}"#
    let (out, summary) = try await LabelFolder().label([line], .jsonSchema)
    #expect(out[0].contains(#""a":{"quality":1"#) && out[0].contains(#""b":{"quality":0"#))
    #expect(out[0].contains(#""c":{"quality":0"#) && out[0].contains(#""d":{"answer""#))
    #expect(summary.missing(.onlyCallsTools) == 1)
  }

  /// Answers as messages: the text counts, and calls are compared as JSON.
  @Test func readsMessages() async throws {
    func call(_ arguments: String) -> String {
      #"{"content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":\#(arguments)}}],"finish_reason":"tool_calls"}"#
    }
    let lines = [
      #"{"reference":"Paris","outcomes":{"a":{"answer":{"content":"The answer is Paris.","finish_reason":"stop"}},"b":{"answer":{"content":[{"type":"text","text":"Rome"}]}}}}"#,
      #"{"outcomes":{"same":{"answer":\#(call(#""{\"x\": 1}""#))},"object":{"answer":\#(call(#"{"x":1}"#))},"other":{"answer":\#(call(#""{\"x\":2}""#))},"text":{"answer":"f {x:1}"},"frontier":{"answer":\#(call(#""{\"x\":1}""#))}}}"#,
    ]
    let (out, summary) = try await LabelFolder().label(lines, .text(.normalised))
    #expect(out[0].contains(#""a":{"quality":1"#) && out[0].contains(#""b":{"quality":0"#))
    for (name, quality) in [("same", 1), ("object", 1), ("other", 0), ("text", 0), ("frontier", 1)] {
      #expect(out[1].contains("\"\(name)\":{\"quality\":\(quality)"), "\(name)")
    }
    #expect(summary.rejected == 0)
  }

  @Test func stopsWhenAsked() async throws {
    var options = LabelOptions()
    options.isCancelled = { true }
    let folder = try LabelFolder()
    let error = await labelError {
      _ = try await folder.label([#"{"outcomes":{"frontier":{"answer":"a"}}}"#], .text(.exact), options)
    }
    #expect(error == .cancelled && error?.exitStatus == 130 && !folder.exists("out.jsonl"))
  }
}
