import Ockham
import Testing

@testable import RequestLog
@testable import TextKit

/// What rows mean where a careless reading would turn scores around, lose a part, or make up a model.
struct ImportedMeaningTests {
  private func read(
    _ text: String, name: String = "rows", _ edit: (inout ImportOptions) -> Void = { _ in }
  ) throws -> (records: [LogRecord], notes: [String], lines: [JSONNode], form: String) {
    let folder = try ImportFolder()
    var options = ImportOptions()
    edit(&options)
    let files = ImportFiles([try folder.file(name, text)])
    let format = try FormDetection(files).format
    let log = folder.path + "/out.jsonl"
    let summary = try LogImport(format: format, files: files, options: options).run(writingTo: log)
    let records = try LogSource(paths: [log], options: LogOptions(keepsAnswers: true)).readAll().records
    let reader = try RawLineReader(path: log)
    var lines: [JSONNode] = []
    while let line = try reader.next() { lines.append(try JSONParser.parse(line.bytes)) }
    return (records, summary.notes + summary.log.problems.map { "\($0)" }, lines, format.rawValue)
  }

  private func error(_ text: String, name: String = "rows", _ edit: (inout ImportOptions) -> Void = { _ in }) -> String
  {
    importError { _ = try read(text, name: name, edit) }.map { "\($0)" } ?? "none"
  }

  // MARK: Scores

  @Test(arguments: [
    (#"{"prompt":"p","model":"m","stars":3.5}"#, "0..5"), (#"{"prompt":"p","model":"m","rating":7.5}"#, "0..10"),
  ])
  func refusesMarksBetweenWholeNumbers(row: String, range: String) {
    let low = row.replacing("3.5", with: "0.5").replacing("7.5", with: "0.5").replacing(#""p""#, with: #""q""#)
    #expect(error(row + "\n" + low).contains("--quality-range \(range)"))
  }

  @Test func mapsOfWordsKeepTheCheckOfNumbers() throws {
    let rows = [("a", #""fine""#), ("b", "4"), ("c", "1")].map {
      #"{"prompt":"\#($0.0)","model":"m","rating":\#($0.1)}"#
    }.joined(separator: "\n")
    #expect(error(rows) { $0.ratings.words = ["fine": 1] }.contains("--quality-range"))
    #expect(
      try read(rows) { $0.ratings.words = ["fine": 1, "4": 1, "1": 0] }.records.map(\.qualities) == [
        ["m": 1], ["m": 1], ["m": 0],
      ])
  }

  @Test(arguments: [
    ("ThumbsDown", 0.0), ("thumbs-up", 1), ("Wrong.", 0), ("not helpful", 0), ("\u{1F44E}\u{1F3FE}", 0),
  ])
  func readsWordsHoweverWritten(word: String, quality: Double) {
    #expect(RatingScale().quality(of: .string(word)) == quality)
  }

  @Test func namesWordsThatAreNoScores() throws {
    let rows = ["up", "so-so"].map { #"{"prompt":"\#($0)?","model":"m","feedback":"\#($0)"}"# }.joined(separator: "\n")
    #expect(try read(rows).notes.contains { $0.contains("words that are no scores: ") && $0.contains("so-so") })
  }

  @Test func choosesAmongSeveralScores() throws {
    func row(_ scores: String) -> String {
      #"{"request_id":"h","request_created_at":"2025-01-02","request_body":{"model":"m","messages":[{"role":"user","content":"q"}]},"response_body":{"choices":[{"message":{"content":"a"}}]},"scores":{\#(scores)}}"#
    }
    let usual = try read(row(#""length":0.1,"accuracy":1"#))
    #expect(usual.records[0].qualities == ["m": 1] && usual.notes.contains { $0.contains("accuracy counts") })
    let none = try read(row(#""length":0.1,"tone":1"#))
    #expect(none.records[0].qualities == ["m": nil] && none.notes.contains { $0.contains("none counts") })
  }

  // MARK: References

  @Test(arguments: [
    ("reference", #""Riga""#, "Riga"), ("expected_output", "12.50", "12.50"), ("groundTruth", "true", "true"),
    ("gold", #"["Riga"]"#, "Riga"), ("target", #""Riga""#, "Riga"),
  ])
  func keepsReferences(key: String, value: String, text: String) throws {
    let plain = try read(#"{"prompt":"Capital?","model":"m","response":"Riga","\#(key)":\#(value)}"#)
    #expect(plain.lines[0]["reference"]?.string == text && plain.lines[0]["outcomes"]?["m"] != nil)
    let log = try read(#"{"prompt":"Capital?","\#(key)":\#(value),"outcomes":{"m":{"answer":"Riga"}}}"#)
    #expect(log.lines[0]["reference"]?.string == text)
    let chat = try read(
      #"{"model":"m","\#(key)":\#(value),"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}"#
    )
    #expect(chat.lines[0]["reference"]?.string == text && !chat.notes.contains { $0.contains("skipped") })
  }

  @Test func keepsReferencesInDatabases() throws {
    let folder = try ImportFolder()
    let path = try folder.file("rows.csv", "question,model,answer,reference\nCapital?,m,Riga,Riga\n")
    let log = folder.path + "/log.sqlite"
    _ = try LogImport(format: FormDetection(ImportFiles([path])).format, paths: [path]).run(writingTo: log)
    let line = try #require(try RawLineReader(path: log).next())
    #expect(try JSONParser.parse(line.bytes)["reference"]?.string == "Riga")
  }

  @Test func leavesOutReferencesThatAreNoText() throws {
    let (_, notes, lines, _) = try read(#"{"prompt":"p","model":"m","response":"r","reference":["a","b"]}"#)
    #expect(lines[0]["reference"] == nil && notes.contains { $0.contains("reference that is no single text") })
    // A target may be a tier.
    let tier = try read(#"{"prompt":"p","target":"m","outcomes":{"m":{"quality":1}}}"#)
    #expect(tier.lines[0]["reference"] == nil)
  }

  // MARK: Models

  @Test(arguments: [
    #"{"prompt":"p","response":"r","blocked":false,"success":true}"#,
    #"{"prompt":"p","response":"r","score":1,"cached_hit":false}"#,
    "prompt,response,escalate\np,r,1\n", "id,prompt,is_legal,reward,weight\n1,p,1,0,1\n",
  ])
  func columnsOfFlagsAreNoModels(text: String) throws {
    let (records, notes, _, _) = try read(text)
    #expect(records.allSatisfy { $0.outcomes.isEmpty })
    #expect(text.contains("is_legal") || notes.contains { $0.contains("--model") })
  }

  @Test func columnsOfModelsAreFoundByTheirCompany() throws {
    let units = try read(
      "Question,fast Score (0-1),fast Cost (USD),slow Score (0-1),slow Cost (EUR)\np?,1,0.5,0,0.7\n", name: "t.csv")
    #expect(
      units.records[0].outcomes == [
        ModelOutcome(name: "fast", quality: 1, costUSD: 0.5), ModelOutcome(name: "slow", quality: 0),
      ])
    let bare = try read("prompt,fast,slow,cost fast,cost slow,has_tools\np,1,0,2,3,1\n", name: "t.csv")
    #expect(bare.records[0].qualities == ["fast": 1, "slow": 0])
    let named = try read("prompt,answer,llama-9,qwen9\np,x,1,0\n", name: "t.csv")
    #expect(named.records[0].qualities == ["llama-9": 1, "qwen9": 0])
    let marks = try read("prompt,fast_acc,slow correct?\np,1,no\n", name: "t.csv")
    #expect(marks.records[0].qualities == ["fast": 1, "slow": 0])
    let nested = try read(#"{"prompt":"p","fast":{"score":1,"cost":2},"slow":{"score":0}}"#)
    #expect(
      nested.records[0].outcomes == [
        ModelOutcome(name: "fast", quality: 1, costUSD: 2), ModelOutcome(name: "slow", quality: 0),
      ])
  }

  @Test(arguments: ["arm", "served", "action"]) func readsDrawsOfBandits(key: String) throws {
    let record = try read("id,prompt,\(key),reward,pscore\n1,p,m,1,0.25\n", name: "t.csv").records[0]
    #expect(record.qualities == ["m": 1] && record.propensity == 0.25 && record.served == "m")
  }

  @Test func readsProvidersByTheirIDs() throws {
    let record = try read(#"{"prompt":"p","provider":{"id":"x:m"},"response":{"output":"r"},"score":1,"testIdx":0}"#)
      .records[0]
    #expect(record.qualities == ["x:m": 1])
  }

  // MARK: Requests

  @Test(arguments: [
    #"{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"response":"a"}"#,
    #"{"request":{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a "}]},"response":{"choices":[{"message":{"content":"a"}}]}}"#,
    #"{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"output":{"model":"m","choices":[{"message":{"content":"a"}}]}}"#,
    #"{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}],"response":{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}"#,
  ])
  func takesTheAnswerOutOfTheRequest(row: String) throws {
    let (records, notes, _, _) = try read(row)
    #expect(records[0].request.segments.map(\.text) == ["q"] && records[0].outcomes.map(\.name) == ["m"])
    #expect(notes.contains { $0.contains("answer that also ends the messages") })
  }

  @Test func keepsAnotherLastTurn() throws {
    let row =
      #"{"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"{"}],"response":"\"a\":1}"}"#
    #expect(try read(row).records[0].request.segments.count == 2)
  }

  @Test func keepsWhatAnInstructionIsAbout() throws {
    let rows = ["one", "two"].map {
      #"{"instruction":"Shorten:","input":"text \#($0)","output":"x","model":"m\#($0)","score":1}"#
    }
    #expect(
      try read(rows.joined(separator: "\n")).records.map(\.prompt) == ["Shorten:\n\ntext one", "Shorten:\n\ntext two"])
    let asked = try read(#"{"question":"Who?","context":"Ann came.","response":"Ann","model":"m"}"#)
    #expect(asked.records[0].prompt == "Who?\n\nAnn came.")
    let pair = try read(
      #"{"instruction":"Shorten:","input":"text","chosen":"a","rejected":"b","chosen_model":"m","rejected_model":"n"}"#)
    #expect(pair.records[0].prompt == "Shorten:\n\ntext")
  }

  @Test(arguments: ["input", "modelInput", "payload"]) func keepsWhatStandsBesideNestedMessages(key: String) throws {
    let row =
      #"{"\#(key)":{"model":"m","system":"S","max_tokens":7,"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"q"}]},"output":"a"}"#
    let request = try read(row).records[0].request
    #expect(request.segments.map(\.text) == ["S", "q"] && request.attributes.toolNames == ["f"])
    #expect(request.attributes.maximumOutputTokens == 7)
  }

  // MARK: Messages

  @Test func putsRowsOfMessagesTogether() throws {
    let table =
      "thread_id,role,content,model,rating\nt,user,u1,,\nt,assistant,a1,m,1\ns,user,v1,,\nt,user,u2,,\nt,assistant,a2,m,0\n"
    let (records, _, _, form) = try read(table, name: "t.csv")
    #expect(
      form == "messages" && records.map { $0.request.segments.map(\.text) } == [["u1"], ["u1", "a1", "u2"], ["v1"]])
    #expect(records.map(\.qualities) == [["m": 1], ["m": 0], [:]])
    #expect(error("role,content,rating,model\nuser,q,,\nassistant,a,1,m\n").contains("add a column conversation_id"))
    let tree = [("1", "null", "user"), ("2", #""1""#, "assistant"), ("3", #""1""#, "assistant")].map {
      #"{"message_id":"\#($0.0)","parent_id":\#($0.1),"message_tree_id":"t","role":"\#($0.2)","text":"x"}"#
    }
    #expect(error(tree.joined(separator: "\n")).contains("a row per path"))
  }

  @Test(arguments: [
    #"{"sender":"user","text":"q"},{"sender":"bot","text":"a"}"#,
    #"{"speaker":"human","text":"q"},{"speaker":"ai","text":"a"}"#,
    #"{"author":{"role":"user"},"content":"q"},{"author":{"role":"assistant"},"content":"a"}"#,
  ])
  func readsSpeakersUnderOtherKeys(turns: String) throws {
    for key in ["messages", "conversation", "dialogue"] {
      let record = try read(#"{"model":"m","\#(key)":[\#(turns)],"score":1}"#).records[0]
      #expect(record.request.segments.map(\.text) == ["q"] && record.outcomes[0].answer?.text == "a")
      #expect(record.qualities == ["m": 1])
    }
  }

  @Test func refusesSpeakersThatItDoesNotRead() {
    let text = error(#"{"model":"m","messages":[{"who":"user","text":"q"},{"who":"bot","text":"a"}],"score":1}"#)
    #expect(text.contains("call that key role"))
  }

  // MARK: Calls

  @Test(arguments: [
    #"{"request":{"model":"m","messages":[{"role":"user","content":"q"}]},"response":{"error":{"message":"x"}},"cost":0,"latency_ms":5}"#,
    #"{"request":{"model":"m","messages":[{"role":"user","content":"q"}]},"response":null,"cost":0,"score":1,"status":503}"#,
    #"{"prompt":"q","model":"m","response":null,"error":"timeout","cost":0}"#,
  ])
  func failedCallsHaveNoOutcome(row: String) throws {
    let good = #"{"prompt":"g","model":"m","response":"x","cost":1}"#
    let other =
      #"{"request":{"model":"m","messages":[{"role":"user","content":"g"}]},"response":{"choices":[{"message":{"content":"x"}}]}}"#
    let (records, notes, _, _) = try read(row + "\n" + (row.contains("request") ? other : good))
    #expect(records.map { $0.outcomes.count } == [0, 1])
    #expect(notes.contains { $0.contains("request that failed: no outcome") })
  }

  @Test func leavesOutWhatIsNoChat() throws {
    func call(_ type: String, _ text: String) -> String {
      #"{"id":"\#(text)","call_type":"\#(type)","response_cost":1,"model":"m","messages":[{"role":"user","content":"\#(text)"}],"response":{"choices":[{"message":{"content":"a"}}]}}"#
    }
    let calls = try read(call("acompletion", "q") + "\n" + call("aembedding", "e"))
    #expect(calls.records.map(\.prompt) == ["q"] && calls.notes.contains { $0.contains("no completion") })
    #expect(error(call("acompletion", "redacted-by-litellm")).contains("let LiteLLM keep prompts"))
    func span(_ operation: String) -> String {
      #"{"spanId":"\#(operation)","attributes":{"gen_ai.operation.name":"\#(operation)","gen_ai.request.model":"m","gen_ai.prompt":"q","gen_ai.completion":"a"}}"#
    }
    #expect(try read(span("invoke_agent") + "\n" + span("chat")).records.map(\.id) == ["chat"])
  }

  @Test(arguments: [
    #"{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"q"}],"content":[{"type":"text","text":"a"}],"usage":{"output_tokens":2},"stop_reason":"end_turn"}"#,
    #"{"id":"b","input":[{"role":"user","content":"q"}],"output":[{"finish_reason":"stop","message":{"role":"assistant","content":"a"}}],"metadata":{"model":"m"},"output_tokens":2}"#,
    #"{"metadata":{"model":"m"},"completion_tokens":2,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}"#,
    #"{"request":{"model":"m","messages":[{"role":"user","content":"q"}]},"response":[{"choices":[{"delta":{"content":""}}]},{"choices":[{"delta":{"content":"a"}}]},{"choices":[],"usage":{"completion_tokens":2}}]}"#,
    #"{"request":{"model":"m","messages":[{"role":"user","content":"q"}]},"response":"event: x\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m\"}}\n\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"a\"}}\n\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":2}}\n"}"#,
    #"{"spanId":"s","attributes":{"gen_ai.request.model":"m","ai.prompt.messages":"[{\"role\":\"user\",\"content\":\"q\"}]","ai.response.text":"a","ai.usage.outputTokens":2}}"#,
    #"{"id":"o","type":"llm","input":{"messages":[{"role":"user","content":"q"}]},"output":{"choices":[{"message":{"content":"a"}}]},"model":"m","usage":{"completion_tokens":2},"feedback_scores":[]}"#,
    #"{"hits":{"hits":[{"_id":"1","_source":{"prompt":"q","model":"m","response":"a","output_tokens":2}},{"_id":"2","_source":{"prompt":"r","model":"m","response":"b"}}]}}"#,
  ])
  func keepsModelAnswerAndTokens(row: String) throws {
    let record = try read(row).records[0]
    #expect(record.request.segments.last?.text == "q" && record.outcomes.map(\.name) == ["m"])
    #expect(record.outcomes[0].answer?.text == "a" && record.outcomes[0].outputTokens == 2)
  }

  // MARK: Cells

  @Test(arguments: [
    ("1,900", FieldPart.latency, 1900.0), ("1 024", .outputTokens, 1024), ("900ms", .latency, 900),
    ("1.5 s", .latency, 1500),
    ("0.002 USD", .cost, 0.002), ("$1,234.5", .cost, 1234.5), ("0,5", .quality, 0.5), ("-3", .cost, -3),
  ])
  func readsNumbersWithUnits(text: String, part: FieldPart, number: Double) {
    #expect(JSONNode.string(text).number(as: part) == number)
  }

  @Test(arguments: ["€0.5", "12,34,5", "1,2345,678", "x", "1.2.3"]) func leavesOtherCellsAlone(text: String) {
    #expect(JSONNode.string(text).number(as: .cost) == nil)
  }

  @Test func readsTablesWithDecimalCommas() throws {
    let (records, notes, _, _) = try read(
      "prompt;model;score;cost;latency_ms\np;m;1;0,02;2.500\nq;m;0,5;free;900\n", name: "t.csv")
    #expect(
      records.map { $0.outcomes[0] } == [
        ModelOutcome(name: "m", quality: 1, costUSD: 0.02, latencyMilliseconds: 2500),
        ModelOutcome(name: "m", quality: 0.5, latencyMilliseconds: 900),
      ])
    #expect(notes.contains { $0.contains("cost in USD that cannot be read as a number") })
  }

  @Test func refusesColumnsTwice() throws {
    #expect(error("prompt,m_score,m_score,n_score\np,1,0,0\n", name: "t.csv").contains("each column once"))
    // One that is not used does no harm.
    #expect(try read("prompt,model,score,memo,memo\np,m,1,a,b\n", name: "t.csv").records.count == 1)
  }

  @Test func dropsThePaddingOfCells() throws {
    let padded = try read("prompt, model, score\np, m, 1\nq,m,0\n", name: "t.csv").records
    #expect(padded.map(\.qualities) == [["m": 1], ["m": 0]])
    let lined = try read(
      " id | prompt | model | score \n  1 | p      | m     |     1\n  1 | p      | n     |     0\n", name: "t.txt"
    ).records
    #expect(lined.map(\.id) == ["1"] && lined[0].prompt == "p" && lined[0].qualities == ["m": 1, "n": 0])
  }

  // MARK: Votes

  private func vote(_ winner: String, models: (String, String) = ("model_a", "model_b")) -> String {
    #"{"prompt":"p","\#(models.0)":"m","\#(models.1)":"n","winner":\#(winner)}"#
  }

  @Test(arguments: [
    (#""A>B""#, 1.0), (#""b>>a""#, 0), (#""A=B""#, 0.5), (#""[[C]]""#, 0.5), (#""second""#, 0), (#""both good""#, 0.5),
    (#""same""#, 0.5), (#""both are bad""#, 0),
  ])
  func readsVotesHoweverWritten(winner: String, quality: Double) throws {
    #expect(try read(vote(winner)).records[0].qualities["m"] == quality)
  }

  @Test func readsSidesHoweverNamed() throws {
    for models in [("left_model", "right_model"), ("generator_1", "generator_2"), ("first_model", "second_model")] {
      let (records, _, _, form) = try read(vote(#""second""#, models: models))
      #expect(form == "arena" && records[0].qualities == ["m": 0, "n": 1])
    }
    let share = try read(#"{"instruction":"p","generator_1":"m","generator_2":"n","preference":1.25}"#)
    #expect(share.records[0].qualities == ["m": 0.75, "n": 0.25])
    let scores = try read(#"{"prompt":"p","model_a":"n","model_b":"m","score_a":0,"score_b":1}"#)
    #expect(scores.records[0].qualities == ["m": 1, "n": 0])
  }

  @Test func namesVotesThatItCannotRead() {
    let text = error(vote("0") + "\n" + vote("1"))
    #expect(text.contains(#"found "0""#) && text.contains("count from 0 or from 1"))
    #expect(error(vote(#""skip""#)).contains("skip"))
  }
}
