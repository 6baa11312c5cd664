import Ockham
import Testing
import TextKit

@testable import RequestLog

/// Logs whose form is found by their rows.
struct FormImportTests {
  private func run(
    _ files: [(String, String)], _ edit: (inout ImportOptions) -> Void = { _ in }
  ) throws -> (records: [LogRecord], summary: ImportSummary, format: ImportFormat) {
    let folder = try ImportFolder()
    let paths = try files.map { try folder.file($0.0, $0.1) }
    var options = ImportOptions()
    edit(&options)
    let format = try FormDetection(ImportFiles(paths)).format
    let log = folder.path + "/out.jsonl"
    let summary = try LogImport(format: format, paths: paths, options: options).run(writingTo: log)
    var reading = LogOptions()
    reading.keepsAnswers = true
    return (try LogSource(paths: [log], options: reading).readAll().records, summary, format)
  }

  @Test(arguments: FormFixture.protocols + FormFixture.products + FormFixture.sets)
  func readsEachForm(fixture: FormFixture) throws {
    let (records, summary, format) = try run([("rows.jsonl", fixture.rows.joined(separator: "\n"))])
    #expect(format.rawValue == fixture.form)
    #expect(records.count == 1 && summary.log.rejectedCount == 0)
    #expect(records.first?.request.segments.last { $0.role == .user }?.text == fixture.asked)
    #expect(records.first?.outcomes == fixture.outcomes)
  }

  @Test(arguments: FormFixture.protocols + FormFixture.products + FormFixture.sets)
  func readsListsAsLines(fixture: FormFixture) throws {
    let (records, _, format) = try run([("rows.json", "[\n" + fixture.rows.joined(separator: ",\n") + "]")])
    #expect(format.rawValue == fixture.form)
    #expect(records.first?.outcomes == fixture.outcomes)
  }

  @Test func joinsBatchesInEitherOrder() throws {
    let batch = try #require(FormFixture.protocols.first { $0.form == "openai-batch" })
    for rows in [batch.rows, batch.rows.reversed()] {
      let (records, _, _) = try run([("a", rows[0]), ("b", rows[1])])
      #expect(records.map(\.outcomes) == [batch.outcomes])
    }
    let error = importError { _ = try run([("b", batch.rows[1])]) }
    #expect(error?.exitStatus == 65 && "\(error!)".contains("name the file with the requests"))
  }

  /// Features see names and sizes; asking again needs the whole, which the line keeps.
  @Test func keepsWhatIsAskedBesideTheMessages() throws {
    let tools =
      #"[{"type":"function","function":{"name":"look","description":"d","parameters":{"type":"object","properties":{"q":{"type":"string"}}}}}]"#
    let format = #"{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}"#
    let row =
      #"{"id":"r","request":{"model":"m","messages":[{"role":"user","content":"q"}],"tools":\#(tools),"response_format":\#(format),"max_tokens":9,"temperature":0.5,"stop":["x"],"tool_choice":"auto","seed":"no"},"response":{"model":"m","choices":[{"message":{"content":"a"}}]}}"#
    let folder = try ImportFolder()
    for name in ["out.jsonl", "out.sqlite"] {
      let paths = [try folder.file("rows.jsonl", row)]
      let format = try FormDetection(ImportFiles(paths)).format
      _ = try LogImport(format: format, paths: paths).run(writingTo: folder.path + "/" + name)
      let reader = try RawLineReader(path: folder.path + "/" + name)
      let line = try #require(try reader.next())
      let node = try JSONParser.parse(line.bytes)
      #expect(node["tools"] == (try JSONParser.parse(Array(tools.utf8))))
      #expect(node["response_format"]?["json_schema"]?["schema"] != nil)
      #expect(node["temperature"]?.number == 0.5 && node["stop"]?.elements?.count == 1 && node["seed"] == nil)
      #expect(node["tool_choice"]?.string == "auto" && node["max_tokens"]?.integer == 9)
      #expect(node["tool_schema_bytes"] == nil)
      let read = try LogSource(paths: [folder.path + "/" + name]).readAll().records[0].request.attributes
      #expect(read.toolNames == ["look"] && read.toolSchemaBytes == 54 && read.responseSchemaBytes > 0)
      #expect(read.responseFormat == .jsonSchema && read.maximumOutputTokens == 9)
    }
    // Imported once more, nothing gets lost.
    let again = try folder.file(
      "again.jsonl", #"{"prompt":"q","tools":\#(tools),"temperature":1,"outcomes":{"m":{"score":1}}}"#)
    _ = try LogImport(format: FormDetection(ImportFiles([again])).format, paths: [again]).run(
      writingTo: folder.path + "/two.jsonl")
    let line = try #require(try RawLineReader(path: folder.path + "/two.jsonl").next())
    #expect(try JSONParser.parse(line.bytes)["tools"]?.elements?.first?["function"]?["parameters"] != nil)
  }

  @Test func namesRecordsThatOnlyTheirIDsKeepApart() throws {
    func row(_ id: Int, _ model: String, _ text: String) -> String {
      #"{"id":"r\#(id)","request":{"model":"\#(model)","messages":[{"role":"user","content":"\#(text)"}]},"response":{"choices":[{"message":{"content":"a"}}]}}"#
    }
    let separate = (0..<6).map { row($0, $0 % 2 == 0 ? "a" : "b", "q\($0 / 2)") }
    let notes = try run([("rows.jsonl", separate.joined(separator: "\n"))]).summary.notes.joined(separator: "\n")
    #expect(
      notes.contains(
        "3 records repeat the request of an earlier one with other models, under ids of their own: --merge content"))
    let same = (0..<6).map { row($0, "a", "q\($0 / 2)") }
    #expect(!(try run([("rows.jsonl", same.joined(separator: "\n"))]).summary.notes.joined().contains("--merge")))
  }

  @Test func readersOfLogsNameTheImport() throws {
    let folder = try ImportFolder()
    for fixture in FormFixture.protocols + FormFixture.products + FormFixture.sets
    where !["log", "wide"].contains(fixture.form) {
      let path = try folder.file("it's.jsonl", fixture.rows.joined(separator: "\n"))
      var found: LogError?
      do throws(LogError) { _ = try RawLineReader(path: path) } catch { found = error }
      #expect(
        found?.description.contains(
          "ockham import '\(path.replacing("'", with: #"'\''"#))' --output 'it'\\''s-log.jsonl'")
          == true, "\(fixture.form): \(found.map { "\($0)" } ?? "no error")")
      #expect(found?.exitStatus == 65)
    }
    for row in [
      #"{"prompt":"q"}"#, #"{"messages":[{"role":"user","content":"q"}]}"#,
      #"{"prompt":"q","model":"m","outcomes":{}}"#,
      #"{"id":"a","prompt":"q","reference":"x","outcomes":{"m":{"answer":"b"}}}"#, "", "not JSON",
    ] {
      let path = try folder.file("log.jsonl", row)
      #expect(throws: Never.self, "\(row)") { try RawLineReader(path: path) }
    }
  }

  @Test func joinsRunsOfTheHarness() throws {
    func row(_ correct: Int) -> String {
      #"{"doc_id":4,"doc":{"q":1},"arguments":{"gen_args_0":{"arg_0":"Q: Why?"}},"resps":[["x"]],"filtered_resps":["x"],"exact_match":\#(correct).0}"#
    }
    let (records, _, format) = try run([
      ("samples_my_task_org__small-1.jsonl", row(0)), ("big/samples_my_task_2025-01-02T03.jsonl", row(1)),
    ])
    #expect(format.rawValue == "lm-eval")
    #expect(records.count == 1 && records[0].id == "my_task/4" && records[0].dataset == "my_task")
    #expect(records[0].qualities == ["org/small-1": 0, "big": 1])
  }

  @Test func makesARecordPerAnswer() throws {
    let turns = ["u1", "a1", "u2", "a2"].map { #"{"from":"\#($0.hasPrefix("u") ? "human" : "gpt")","value":"\#($0)"}"# }
    let line = #"{"id":"s","conversations":[\#(turns.joined(separator: ","))]}"#
    let (records, _, _) = try run([("x", line)]) { $0.chat.model = "m" }
    #expect(records.map(\.id) == ["s/0", "s/1"] && records.map(\.conversation) == ["s", "s"])
    #expect(records[1].request.segments.map(\.text) == ["u1", "a1", "u2"])
    #expect(records[1].outcomes[0].answer == .text("a2"))
  }

  @Test func readsTables() throws {
    let bench = try run([
      (
        "t.csv",
        "sample_id,prompt,eval_name,m1,m1|model_response,m1|total_cost\n7,\"['It''s\\n', \"\"so\"\"]\",mmlu,1.0,['a'],0.5\n"
          .replacing("''", with: "\\'")
      )
    ])
    #expect(bench.format.rawValue == "routerbench" && bench.records[0].id == "7")
    #expect(bench.records[0].request.segments.map(\.text) == ["It's\n", "so"])
    #expect(bench.records[0].outcomes == [ModelOutcome(name: "m1", quality: 1, costUSD: 0.5, answer: .text("a"))])
    let wide = try run([("t.csv", "User Prompt;Score A\nWhy?;1\n")])
    #expect(wide.records[0].qualities == ["A": 1])
    #expect(
      wide.summary.notes.contains { $0.hasSuffix("t.csv: User Prompt is the prompt, Score A is the quality of A") })
    let bare = try run([("t.csv", "prompt,m1,m2\nWhy?,True,False\n")])
    #expect(bare.records[0].qualities == ["m1": 1, "m2": 0])
    let long = try run([("t.csv", "request_id,model,prompt,score\n1,a,Why?,1\n1,b,Why?,0\n")])
    #expect(long.records.count == 1 && long.records[0].qualities == ["a": 1, "b": 0])
    let spend = try run([
      (
        "s.csv",
        "request_id,call_type,spend,model,messages,response\nr,x,0.5,m1,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Why?\"\"}]\",{}\n"
      )
    ])
    #expect(
      spend.format.rawValue == "litellm-spend" && spend.records[0].outcomes == [ModelOutcome(name: "m1", costUSD: 0.5)])
  }

  @Test func mapsScores() throws {
    let rows = (1...5).map { #"{"prompt":"q\#($0)","model":"m","score":\#($0)}"# }.joined(separator: "\n")
    let stars = try run([("x", rows)]) { $0.ratings.range = 1...5 }
    #expect(stars.records.map { $0.outcomes[0].quality } == [0, 0.25, 0.5, 0.75, 1])
    // Without a range, a rating of 1 would pass for the best quality.
    let plain = importError { _ = try run([("x", rows)]) }
    #expect(plain?.exitStatus == 65 && "\(plain!)".contains("x:2: expected scores from 0 to 1"))
    #expect("\(plain!)".contains("--quality-range 1..5"))
    let none = try run([("x", rows)]) { $0.chat.quality = ChatFields.none }
    #expect(none.records.allSatisfy { $0.outcomes.allSatisfy { $0.quality == nil } })
  }

  @Test func saysWhatMatchedNothing() throws {
    let row = #"{"prompt":"q","model":"m","score":1}"#
    let (_, summary, _) = try run([("x", row)]) {
      $0.renames = ["n": "o"]
      $0.prices = ["p": TokenPrice(inputUSDPerMillion: 1, outputUSDPerMillion: 1)]
    }
    let found = summary.notes.filter { $0.hasPrefix("--") }
    #expect(found == ["--rename \"n\": no such model in the files", "--price \"p\": no such model in the files"])
  }

  @Test func refusesWhatItCannotTell() throws {
    func error(_ files: (String, String)...) -> String {
      importError { _ = try run(files) }.map { "\($0.exitStatus) \($0)" } ?? "none"
    }
    #expect(error(("x.csv", "id,tokens_prompt,model\n1,5,m\n")).contains("65"))
    #expect(error(("x.csv", "id,tokens_prompt,model\n1,5,m\n")).contains("no prompts"))
    #expect(error(("x", #"{"zzz":{}}"#)).contains("no prompts"))
    #expect(error(("x", #"{"input":{},"zzz":{}}"#)).contains("--prompt-field"))
    let mixed = error(("x", FormFixture.products[0].rows[0]), ("y", FormFixture.sets[0].rows[0]))
    #expect(mixed.contains("litellm") && mixed.contains("arena"))
    let both =
      #"{"traceId":"t","type":"GENERATION","input":{"messages":[{"role":"user","content":"q"}]},"output":{"choices":[]}}"#
    #expect(error(("x", both)).contains("langfuse and of openpipe"))
  }

  @Test func formsHaveNamesOfTheirOwn() {
    let names = ImportFormat.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { ImportFormat(rawValue: $0)?.rawValue == $0 } && ImportFormat(rawValue: "auto") == nil)
  }
}
