import Ockham
import Testing
import TextKit

@testable import RequestLog

/// A file as some program writes it, and what must be read from its first record.
struct Variant: Sendable, CustomStringConvertible {
  var form: String
  var text: String
  var asked = "Why?"
  var quality: [String: Double?]
  var answer: String?
  var name = "rows"

  var description: String { "\(form): \(text.prefix(70))" }

  init(
    _ form: String, _ quality: [String: Double?], answer: String? = nil, asked: String = "Why?", name: String = "rows",
    _ text: String
  ) {
    (self.form, self.quality, self.answer, self.asked, self.name, self.text) = (
      form, quality, answer, asked, name, text
    )
  }
}

/// The known forms as exports vary: other orders, missing and null fields, JSON in texts, Python's print of it, parts,
/// calls of tools.
@Suite struct VariantTests {
  private static let chat = #""messages":[{"role":"user","content":"Why?"}]"#
  private static let chatText = #"[{\"role\":\"user\",\"content\":\"Why?\"}]"#
  private static let completion = #"{"model":"m1","choices":[{"message":{"content":"So."}}],"usage":null}"#
  private static let completionText = #"{\"model\":\"m1\",\"choices\":[{\"message\":{\"content\":\"So.\"}}]}"#

  static let protocols: [Variant] = [
    Variant("chat", ["m": nil], answer: "So.", #"{"response":"So.","model":"m",\#(chat)}"#),
    Variant(
      "chat", ["m": 1], answer: "So.",
      #"{"score":"yes","output":{"content":[{"type":"text","text":"So."}]},"model":"m","tools":"none",\#(chat)}"#),
    Variant(
      "chat", ["m": 0.5], answer: #"{"a":1}"#,
      #"{"completion":"{\"a\":1}","model":"m","score":0.5,"messages":[{"role":"User","content":[{"type":"text","text":"Why?"}]}]}"#
    ),
    Variant(
      "chat", ["m": nil], answer: "",
      #"{"model":"m","messages":[{"role":"developer","content":"S"},{"role":"user","content":"Why?"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}}]}"#
    ),
    Variant(
      "gateway", ["m1": 1], answer: "So.",
      #"{"latency":null,"request":"{\"model\":\"x\",\"messages\":\#(chatText)}","response":"\#(completionText)","feedback":{"score":true}}"#
    ),
    Variant(
      "gateway", ["g": nil], answer: "So.",
      #"{"request":{"contents":[{"parts":[{"text":"Why?"}]}],"messages":null,"prompt":"Why?","model":"g"},"response":{"candidates":[{"content":{"parts":[{"text":"So."}]},"finishReason":"STOP"}],"usageMetadata":{"candidatesTokenCount":2}}}"#
    ),
    Variant(
      "openai-stored", ["m1": nil], answer: "So.",
      #"{"object":"list","data":[{"choices":[{"message":{"content":"So."}},{"message":{"content":"No."}}],"model":"m1",\#(chat)}],"has_more":false}"#
    ),
    Variant(
      "openai-responses", ["m1": 0.87], answer: "So.",
      #"{"score":"87%","response":{"output":[{"type":"message","content":[{"type":"output_text","text":"So.","logprobs":[{"logprob":-0.5}]}]}],"model":"m1"},"request":{"input":"Why?"}}"#
    ),
    Variant(
      "anthropic-batch", ["m1": nil], answer: "So.",
      #"{"result":{"type":"succeeded","message":{"content":[{"type":"text","text":"So."}],"model":"m1"}},"custom_id":"a"}"#
        + "\n"
        + #"{"params":{"system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"Why?"}]},"custom_id":"a"}"#
    ),
    Variant(
      "openai-batch", ["m1": nil], answer: "So.",
      #"{"custom_id":"a","body":"{\"model\":\"m1\",\"messages\":\#(chatText)}"}"# + "\n"
        + #"{"custom_id":"a","response":{"body":"\#(completionText)"}}"#),
  ]

  static let products: [Variant] = [
    Variant(
      "litellm-spend", ["m1": nil], answer: "So.",
      "request_id,call_type,spend,model,messages,response,metadata\n"
        + #"r,acompletion,0.5,m1,"[{'role': 'user', 'content': ""Why?""}]","{'choices': [{'message': {'content': 'So.', 'tool_calls': None}}]}",{}"#
    ),
    Variant(
      "litellm", ["m1": 1],
      #"{"call_type":"completion","response_cost":null,"model":"m1","messages":"Why?","response":{},"metadata":"{\"score\":1}","response_time":2,"prompt_tokens":1,"completion_tokens":2}"#
        .replacing(#""response_cost":null"#, with: #""response_cost":0"#)),
    Variant(
      "langfuse", ["m1": 1], answer: "So.",
      #"{"output":"So.","input":"Why?","trace_id":"t","type":"generation","provided_model_name":"m1","scores":{"good":"yes"},"end_time":null}"#
    ),
    Variant(
      "langfuse", ["m1": 0], answer: #"{"k":2}"#,
      #"{"traceId":"t","type":"GENERATION","model":"m1","input":{"messages":[[{"id":["langchain","HumanMessage"],"kwargs":{"content":"Why?"},"type":"constructor"}]]},"output":{"k":2},"scores":[{"name":"x","value":0},{"name":"y","value":1}]}"#
    ),
    Variant(
      "langfuse-traces", ["m1": 1], answer: "So.",
      #"{"id":"t","timestamp":"2025-01-02T03:04:05Z","name":"chat","input":{"question":"Why?"},"output":"So.","sessionId":"s","metadata":{"model":"m1"},"scores":[{"value":1}]}"#
    ),
    Variant(
      "langfuse-traces", ["m1": 0.5], answer: "So.",
      #"{"id":"t","input":null,"observations":[{"id":"o1","type":"SPAN"},{"id":"o2","type":"GENERATION","model":"m1","input":[{"role":"user","content":"Why?"}],"output":{"content":"So.","role":"assistant"}}],"scores":[{"value":0.5}]}"#
    ),
    Variant(
      "helicone", ["m2": 1], answer: "So.",
      #"{"response_body":"\#(completionText)","request_body":"{\"messages\":\#(chatText)}","response_model":"m2","feedback_rating":null,"scores":{"ok":1},"costUSD":"$0.25"}"#
    ),
    Variant(
      "portkey", ["m1": 0], answer: "So.",
      #"{"ai_model":"m1","response":{"body":"\#(completionText)"},"request":{"body":{\#(chat)}},"feedback":[{"value":-5}]}"#
    ),
    Variant(
      "openpipe", ["m1": nil], answer: "So.",
      #"{"respPayload":\#(completion),"reqPayload":{\#(chat)},"requestedAt":1700000000000,"receivedAt":1700000001500}"#),
    Variant(
      "otel", ["m1": nil], answer: "So.",
      #"{"name":"s","attributes":{"llm.model_name":"m1","llm.input_messages.0.message.role":"user","llm.input_messages.0.message.content":"Why?","llm.output_messages.0.message.content":"So.","llm.token_count.completion":7}}"#
    ),
    Variant(
      "otel", ["m1": nil], answer: "So.",
      #"{"attributes":{"llm":{"model_name":"m1","input_messages":[{"message":{"role":"user","content":"Why?"}}],"output_messages":[{"message":{"role":"assistant","content":"So."}}]}}}"#
    ),
    Variant(
      "otel", ["m1": nil], answer: "So.",
      #"{"attributes":{"gen_ai.request.model":"m1"},"events":[{"name":"gen_ai.user.message","attributes":{"content":"Why?"}},{"name":"gen_ai.choice","body":{"message":{"content":"So."},"finish_reason":"stop"}}]}"#
    ),
    Variant(
      "otel", ["m1": nil], answer: "So.",
      #"{"attributes":{"gen_ai.request.model":"m1"},"events":[{"name":"gen_ai.content.prompt","attributes":{"gen_ai.prompt":"\#(chatText)"}},{"name":"gen_ai.content.completion","attributes":{"gen_ai.completion":"[{\"role\":\"assistant\",\"content\":\"So.\"}]"}}]}"#
    ),
    Variant(
      "otel", ["m1": nil], answer: "So.",
      #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"gen_ai.response.model","value":{"stringValue":"m1"}},{"key":"gen_ai.input.messages","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"user"}},{"key":"parts","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"type","value":{"stringValue":"text"}},{"key":"content","value":{"stringValue":"Why?"}}]}}]}}}]}}]}}},{"key":"gen_ai.completion","value":{"stringValue":"So."}}]}]}]}]}"#
    ),
    Variant(
      "otel", ["m1": nil], answer: "So.",
      #"{"data":[{"traceID":"t","spans":[{"traceID":"t","spanID":"s","duration":1500,"startTime":1700000000000000,"tags":[{"key":"llm.prompts.0.content","type":"string","value":"Why?"},{"key":"llm.completions.0.content","value":"So."},{"key":"llm.request.model","value":"m1"}]}]}]}"#
    ),
  ]

  static let sets: [Variant] = [
    Variant(
      "lm-eval", ["gpt-x": 1], answer: "4", asked: "Q: Why?", name: "samples_t_gpt-x",
      #"{"acc":true,"filtered_resps":["4"],"resps":[["4"]],"arguments":[["Q: Why?",{"until":[]}]],"doc":{},"doc_id":1,"target":null}"#
    ),
    Variant(
      "arena", ["m1": 0, "m2": 1], answer: "x",
      #"{"winner":"model_b","conversation_b":"[{'content': 'Why?', 'role': 'user'}\n {'content': 'y', 'role': 'assistant'}]","conversation_a":"[{'content': 'Why?', 'role': 'user'}\n {'content': 'x', 'role': 'assistant'}]","model_b":"m2","model_a":"m1"}"#
    ),
    Variant(
      "arena", ["m1": 1, "m2": 0], answer: "x",
      #"{"winner":"m1","model_1":"m1","model_2":"m2","question":"Why?","answer_1":"x","answer_2":"y"}"#),
    Variant(
      "arena", ["m1": 0.5, "m2": 0.5], answer: "x",
      "Model A,Model B,Prompt,Response A,Response B,preference\nm1,m2,Why?,x,y,Tie\n"),
    Variant(
      "arena", ["m1": 0, "m2": 0], answer: "x",
      #"{"id":"u","model_a":"m1","model_b":"m2","winner":"both_bad","conversation_a":[{"role":"user","content":[{"type":"text","text":"Why?","image":null}]},{"role":"assistant","content":[{"type":"text","text":"x"}]}],"conversation_b":null,"full_conversation":[]}"#
    ),
    Variant(
      "lmsys-chat", ["m": nil], answer: "So.",
      #"{"conversation_hash":"h","timestamp":"2025-01-02 03:04:05","conversation":"[{\"content\":\"Why?\",\"role\":\"user\"},{\"content\":\"So.\",\"role\":\"assistant\",\"toxic\":false}]","model":"m"}"#
    ),
    Variant(
      "sharegpt", ["gpt-4": nil], answer: "So.",
      #"{"model":"gpt-4","conversations":[{"from":"system","value":"S"},{"from":"human","value":"Why?"},{"from":"gpt","value":"So."}]}"#
    ),
    Variant(
      "routerbench", ["a/b": 0, "m": 1], answer: "x",
      "prompt,a/b,m,a/b|total_cost,m|total_cost,a/b|model_response\n\"[\"\"Why?\"\"]\",False,1.0,0.5,,\"['x']\"\n"),
    Variant(
      "routellm", ["a/b": 0, "m": 1], answer: "x", name: "mmlu_tea",
      ",prompt,a/b,a/b_response,m\n0,Why?,False,x,True\n1,What?,True,y,True\n"),
  ]

  static let tables: [Variant] = [
    Variant(
      "long", ["m": 1], answer: "So.", "Request Text,Response Text,LLM,User Rating,Total Cost\nWhy?,So.,m,👍,$0.5\n"),
    Variant("long", ["m": 0.87], answer: "So.", #"{"input":"Why?","output":"So.","modelName":"m","accuracy":"87%"}"#),
    Variant(
      "long", ["m": 1], answer: "2",
      #"{"answer":"2","question":"Why?","llm_model":"m","performance":1.0,"model_response":"z"}"#),
    Variant("long", ["m": 0.5], #"{"query":"['Why?']","model":"m","quality":"1/2"}"#),
    Variant(
      "wide", ["a": 1, "b": 0], answer: "x", "question,a_response,a_correct,b_response,b_correct\nWhy?,x,True,y,False\n"
    ),
    Variant("wide", ["a": 0.5, "b": 1], "User Prompt,a (score),b (score),a (cost)\nWhy?,50%,100%,0.5\n"),
    Variant("wide", ["gpt 4": 1, "m": 0], "prompt;Score: gpt 4;Score: m\nWhy?;yes;no\n"),
    Variant("wide", ["a": nil, "b": nil], answer: "x", "prompt\ta answer\tb answer\nWhy?\tx\ty\n"),
    Variant("fields", ["a": 1, "b": 0], #"{"question":"Why?","scores":{"a":1,"b":0}}"#),
    Variant(
      "fields", ["a": 1, "b": 0], answer: "x",
      #"{"prompt":"Why?","responses":{"a":"x","b":"y"},"scores":{"a":1,"b":0}}"#),
    Variant(
      "fields", ["a": 1, "b": 0.25], answer: "x",
      #"{"instruction":"Why?","completions":[{"model":"a","response":"x","overall_score":1},{"model":"b","response":"y","overall_score":0.25}]}"#
    ),
    Variant(
      "fields", ["m": 1], answer: "So.",
      #"{"call":{"in":{"user_prompt":"Why?"},"out":{"text":{"response":"So."}},"meta":{"model":"m"}},"eval":{"is_correct":"True"}}"#
    ),
    Variant(
      "langsmith", ["m": nil], answer: "So.",
      #"{"run_type":"llm","inputs":{"messages":[[{"type":"human","content":"Why?"}]]},"outputs":{"generations":[[{"text":"So."}]]},"extra":{"metadata":{"ls_model_name":"m"}}}"#
    ),
    Variant("log", ["a": 1, "b": 0], #"{"prompt":"Why?","outcomes":{"a":{"score":true},"b":0}}"#),
  ]

  private func read(
    _ text: String, name: String = "rows", _ edit: (inout ImportOptions) -> Void = { _ in }
  ) throws -> (form: String, records: [LogRecord], notes: [String]) {
    let folder = try ImportFolder()
    var options = ImportOptions()
    edit(&options)
    let files = ImportFiles([try folder.file(name, text)])
    let format = try FormDetection(files).format
    let summary = try LogImport(format: format, files: files, options: options).run(
      writingTo: folder.path + "/out.jsonl")
    let records = try LogSource(paths: [folder.path + "/out.jsonl"], options: LogOptions(keepsAnswers: true)).readAll()
    return (format.rawValue, records.records, summary.notes)
  }

  @Test(arguments: protocols + products + sets + tables)
  func comesIn(variant: Variant) throws {
    let (form, records, _) = try read(variant.text, name: variant.name)
    #expect(form == variant.form)
    let first = try #require(records.first)
    #expect(first.request.segments.last { $0.role == .user }?.text == variant.asked)
    #expect(first.qualities == variant.quality)
    #expect(variant.answer == nil || first.outcomes.first?.answer?.text == variant.answer)
  }

  /// Indented objects one after another, in a list, or in an object around it.
  @Test(arguments: [
    "{\n  \"prompt\": \"Why?\",\n  \"model\": \"m\", \"meta\": {\"a\": [1]},\n  \"score\": 1\n}\n{\n \"prompt\": \"And?\", \"model\": \"m\",\n \"score\": 0}\n",
    "[\n  {\n    \"prompt\": \"Why?\", \"model\": \"m\", \"score\": 1\n  },\n  {\"prompt\": \"And?\", \"model\": \"m\", \"score\": 0}\n]",
    "{\n \"total\": 2,\n \"rows\": [\n {\"prompt\": \"Why?\", \"model\": \"m\", \"score\": 1},\n {\"prompt\": \"And?\", \"model\": \"m\", \"score\": 0}\n ]\n}",
    "{\"prompt\":\"Why?\",\"model\":\"m\",\"score\":1}{\"prompt\":\"And?\",\"model\":\"m\",\"score\":0}",
    "\u{FEFF}{\"prompt\":\"Why?\",\"model\":\"m\",\"score\":1,\"x\":NaN}\r\n{\"prompt\":\"And?\",\"model\":\"m\",\"score\":0,\"s\":\"NaN\"}\r\n",
  ])
  func readsAnyLayout(text: String) throws {
    let (form, records, _) = try read(text)
    #expect(form == "long" && records.map(\.prompt) == ["Why?", "And?"])
    #expect(records.map { $0.qualities } == [["m": 1], ["m": 0]])
  }

  @Test func namesTheFieldsOfPaths() throws {
    let text =
      #"{"a":{"req":{"messages":[{"role":"user","content":"Why?"}]}},"b":[{"text":{"content":"So."}}],"c":{"who":"m"},"n":7,"vote":"up"}"#
    let folder = try ImportFolder()
    var options = ImportOptions()
    options.chat.messagesField = "a.req.messages"
    options.chat.responseField = "b[0].text.content"
    options.chat.modelField = "c.who"
    options.chat.idField = "n"
    options.chat.quality = "vote"
    options.ratings.words = ["up": 1, "down": 0]
    let (records, _) = try folder.run(.fields, [try folder.file("x", text)], options)
    #expect(records[0].id == "7" && records[0].prompt == "Why?" && records[0].qualities == ["m": 1])
    options.chat.modelField = "c.whom"
    options.chat.model = "fallback"
    let (_, summary) = try folder.run(.fields, [try folder.file("x", text)], options)
    #expect(
      summary.notes.contains { $0.hasPrefix("--model-field: no row has that field; the first row has \"a\", \"b\"") })
    options.chat.messagesField = "a.request"
    let error = importError { _ = try folder.run(.fields, [try folder.file("x", text)], options) }
    #expect(
      error?.exitStatus == 65 && "\(error!)".contains("x:1: ") && "\(error!)".contains("--messages-field: no row"))
  }

  @Test func saysWhichKeysWerePassedOver() throws {
    let row = #"{"prompt":"q","model":"m","score":1,"team":"x","note":null}"#
    let notes = try read("\n" + row + "\n" + #"{"prompt":"r","model":"m","score":1,"region":"eu","team":"y"}"#).notes
    let found = try #require(notes.first { $0.hasPrefix("keys that were skipped") })
    #expect(
      found.contains("team (2 rows, first ") && found.contains("rows:2)") && found.contains("region (1 rows, first "))
    #expect(!found.contains("note (") && !found.contains("score ("))
  }

  @Test func joinsLongRowsByIDOrPrompt() throws {
    func rows(_ ids: [String]) throws -> [[String: Double?]] {
      let cells = zip(ids, [("m1", "p", 1), ("m2", "p", 0), ("m1", "q", 0), ("m2", "q", 1)])
      let text = "id,model,prompt,score\n" + cells.map { "\($0),\($1.0),\($1.1),\($1.2)\n" }.joined()
      return try read(text).records.map { $0.qualities }
    }
    let joined: [[String: Double?]] = [["m1": 1, "m2": 0], ["m1": 0, "m2": 1]]
    #expect(try rows(["1", "1", "2", "2"]) == joined)
    #expect(try rows(["1", "2", "3", "4"]) == joined)
    // An id of models, not of prompts.
    #expect(try rows(["1", "2", "1", "2"]) == joined)
  }

  @Test func averagesWhatOneModelSaidTwice() throws {
    let (_, records, notes) = try read("id,model,prompt,score\n1,m,p,1\n1,m,p,0\n")
    #expect(records.map { $0.qualities } == [["m": 0.5]])
    #expect(notes.contains { $0.contains("qualities of one model differ: the mean counts") })
  }

  @Test func keepsToolsLimitsAndTokens() throws {
    let text = #"""
      {"model":"m","tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object"}}]}],"max_tokens":9,"response_format":{"type":"json_object"},"messages":[{"role":"user","content":[{"type":"text","text":"Why?"},{"type":"image_url","image_url":{"url":"u"}}]}],"response":{"choices":[{"finish_reason":"tool_calls","logprobs":{"content":[{"token":"a","logprob":-0.25},{"token":"b","logprob":1e-9}]},"message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}}
      """#
    let record = try read(text.trimmingSpaces).records[0]
    let attributes = record.request.attributes
    #expect(attributes.toolNames == ["f"] && attributes.maximumOutputTokens == 9 && attributes.imageCount == 1)
    #expect(attributes.responseFormat == .jsonObject)
    let message = try #require(record.outcomes[0].answer?.message)
    #expect(message.logprobs == [-0.25, 0] && message.finishReason == "tool_calls")
    #expect(message.toolCalls == [.init(name: "f", arguments: "{}")])
  }

  @Test func leavesOutFormatsThatItDoesNotKnow() throws {
    let text =
      #"{"model":"m","response_format":{"type":"grammar"},"response":"x","messages":[{"role":"user","content":"q"}]}"#
    let (_, records, notes) = try read(text)
    #expect(records.count == 1 && notes.contains { $0.contains("response format that is not known") })
  }

  @Test(arguments: [
    ("2025-06-01 10:00:00.5 UTC", "2025-06-01T10:00:00.5Z"), ("Sun, 01 Jun 2025 10:00:00 GMT", "2025-06-01T10:00:00Z"),
    ("Jun 1, 2025, 1:05:00 PM", "2025-06-01T13:05:00"), ("2025/06/01 10:00", "2025-06-01T10:00"),
    ("1748772000", "2025-06-01T10:00:00Z"), ("1748772000123", "2025-06-01T10:00:00.123Z"),
    ("2025-06-01T12:00:00+02:00", "2025-06-01T12:00:00+02:00"), ("06/01/2025 10:00", nil), ("yesterday", nil),
  ])
  func readsTimes(text: String, expected: String?) {
    #expect(ExchangeTime.timestamp(.string(text)) == expected)
  }

  @Test func subtractsTimesOfZones() {
    let start = JSONNode.string("2025-06-01T12:00:00+02:00")
    #expect(ExchangeTime.milliseconds(from: start, to: .string("2025-06-01T10:00:01.5Z")) == 1500)
    #expect(ExchangeTime.seconds(.object(["$date": .string("1970-01-01T00:00:05Z")])) == 5)
  }

  @Test(arguments: [
    ("['a', \"it's\", 'b\\'c\\n']", #"["a","it's","b'c\n"]"#),
    ("{'a': None, 'b': (True, -1.5), 3: []}", #"{"a":null,"b":[true,-1.5],"3":[]}"#),
    ("[{'x': 1}\n {'x': nan}]", #"[{"x":1},{"x":null}]"#), ("[array(['q'], dtype=object)]", #"[["q"]]"#),
    ("{'t': datetime.datetime(2025, 1, 2, tzinfo=datetime.timezone.utc)}", #"{"t":null}"#),
    ("['\\u00e9\\x41']", #"["éA"]"#),
    ("['open", nil), ("[INST] hi [/INST]", nil), ("[see above]", nil), ("{x}", nil), ("['a'] b", nil),
  ])
  func readsPythonLiterals(text: String, json: String?) {
    #expect(PythonLiteral.parse(text)?.jsonText == json)
  }

  @Test func textsThatLookLikeListsStayTexts() throws {
    let (_, records, _) = try read(
      #"{"prompt":"[1, 2, 3]","model":"m","score":1}"# + "\n" + #"{"prompt":"{\"a\": 1}","model":"m","score":1}"#)
    #expect(records.map(\.prompt) == ["[1, 2, 3]", #"{"a": 1}"#])
  }

  @Test func readsLogsOnAnotherScale() throws {
    let text =
      #"{"id":"r","prompt":"q","served":"b","propensity":0.5,"outcomes":{"a":{"quality":1,"cost":0.5,"answer":"x"},"b":{"quality":5}}}"#
    let records = try read(text) { $0.ratings.range = 1...5 }.records
    #expect(
      records[0].outcomes == [
        ModelOutcome(name: "a", quality: 0, costUSD: 0.5, answer: .text("x")), ModelOutcome(name: "b", quality: 1),
      ])
    #expect(records[0].propensity == 0.5 && records[0].served == "b")
    #expect(importError { _ = try read(text) }.map { "\($0)" }?.contains("--quality-range 1..5") == true)
  }

  @Test func readsConversationsTurnByTurn() throws {
    let text =
      #"{"id":"c","model":"m","score":1,"messages":[{"role":"system","content":"S"},{"role":"user","content":"u1"},{"role":"assistant","content":"a1"},{"role":"user","content":"u2"},{"role":"assistant","content":"a2"}]}"#
    let records = try read(text).records
    #expect(records.map(\.conversation) == ["c", "c"] && records.map(\.id) == ["c/0", "c/1"])
    #expect(records[1].request.segments.map(\.text) == ["S", "u1", "a1", "u2"])
    #expect(records.map { $0.outcomes[0].quality } == [nil, 1])
  }

  /// Exports with wrappers, marks and encodings around their rows.
  @Test(arguments: [
    Variant("long", ["m": 1], answer: "So.", "sep=;\r\nprompt;model;answer;quality\r\nWhy?;m;So.;100 %\r\n"),
    Variant("long", ["m": 0.5], answer: "So.", "\u{FEFF}prompt;model;answer;quality\nWhy?;m;So.;50%\n"),
    Variant(
      "wide", ["a": 1, "b": 0], answer: "x",
      "question,a answer,a thumbs,b answer,b thumbs\nWhy?,x,\u{1F44D},y,\u{1F44E}\n"),
    Variant(
      "long", ["m": 1], answer: nil,
      #"{"q1":{"prompt":"Why?","model":"m","correct":true},"q2":{"prompt":"How?","model":"m","correct":false}}"#),
    Variant(
      "chat", ["m": nil], answer: "So.",
      #"{"exported":"x","conversations":[{"id":"c","messages":[{"role":"user","content":"Why?"},{"role":"assistant","content":"So.","model":"m"}]}]}"#
    ),
    Variant(
      "bedrock", ["claude": nil], answer: "So.",
      #"{"schemaType":"ModelInvocationLog","requestId":"b","modelId":"claude","timestamp":"2025-05-01T10:00:00Z","input":{"inputBodyJson":{"system":[{"text":"S"}],"messages":[{"role":"user","content":[{"text":"Why?"}]}]},"inputTokenCount":3},"output":{"outputBodyJson":{"output":{"message":{"role":"assistant","content":[{"text":"So."}]}}},"outputTokenCount":2}}"#
    ),
    Variant(
      "langsmith", ["m": 1], answer: "So.",
      #"{"id":"l","run_type":"llm","session_id":"project","start_time":"2025-05-01T10:00:00","end_time":"2025-05-01T10:00:01","inputs":{"messages":[[{"id":["HumanMessage"],"kwargs":{"content":"Why?","type":"human"}}]]},"outputs":{"generations":[[{"text":"So."}]]},"extra":{"invocation_params":{"model":"m"}},"feedback_stats":{"user":{"n":1,"avg":1.0}}}"#
    ),
    Variant(
      "preferences", ["g": 1, "v": 0], answer: "good",
      #"{"chosen":[{"role":"user","content":"Why?"},{"role":"assistant","content":"good"}],"rejected":[{"role":"user","content":"Why?"},{"role":"assistant","content":"bad"}],"chosen_model":"g","rejected_model":"v"}"#
    ),
    Variant(
      "otel", ["m": nil], answer: "So.",
      #"{"context.span_id":"x","attributes.llm.model_name":"m","attributes.llm.input_messages":[{"message.role":"user","message.content":"Why?"}],"attributes.llm.output_messages":[{"message.role":"assistant","message.content":"So."}]}"#
    ),
    Variant(
      "fields", ["m": 1], answer: "So.",
      #"{"id":"b","input":{"question":"Why?"},"output":"So.","scores":{"exact":1},"metadata":{"model":"m"}}"#),
    Variant(
      "fields", ["m": nil], answer: "So.",
      #"{"id":"b","input":{"question":"Why?"},"output":"So.","scores":{"exact":1,"factual":0.5},"metadata":{"model":"m"}}"#
    ),
  ])
  func readsExportsInTheirWrappers(variant: Variant) throws {
    let (form, records, _) = try read(variant.text)
    #expect(form == variant.form)
    let first = try #require(records.first)
    #expect(first.request.segments.last { $0.role == .user }?.text == "Why?")
    #expect(Dictionary(uniqueKeysWithValues: first.outcomes.map { ($0.name, $0.quality) }) == variant.quality)
    #expect(first.outcomes.first?.answer?.text == variant.answer)
    #expect(first.conversation == nil)
  }

  @Test func takesTheScoresOfTurns() throws {
    let text =
      #"{"conversations":[{"id":"c","turns":[{"role":"user","content":"u1"},{"role":"assistant","content":"a1","model":"m","rating":"thumbs_up"},{"role":"user","content":"u2"},{"role":"assistant","content":"a2","model":"n","rating":"thumbs_down"}]}]}"#
    let records = try read(text).records
    #expect(records.map(\.qualities) == [["m": 1], ["n": 0]] && records.map(\.conversation) == ["c", "c"])
  }

  @Test func readsUTF16() throws {
    let text = "prompt\tmodel\tquality\r\nWarum \u{1F600} é?\tm\t1\r\n"
    let folder = try ImportFolder()
    for isBigEndian in [false, true] {
      let bytes = ("\u{FEFF}" + text).utf16.flatMap { unit -> [UInt8] in
        let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
        return isBigEndian ? [high, low] : [low, high]
      }
      let paths = [try folder.file("rows.csv", bytes)]
      let (records, _) = try folder.run(FormDetection(ImportFiles(paths)).format, paths)
      #expect(records.map(\.prompt) == ["Warum \u{1F600} é?"])
      let broken = [try folder.file("broken.csv", bytes.dropLast() + [])]
      #expect(importError { _ = try folder.run(.fields, broken) }.map { "\($0)" }?.contains("half a character") == true)
    }
  }

  @Test func namesScoresOfSeveralKinds() throws {
    let text =
      #"{"input":{"question":"Why?"},"output":"So.","scores":{"exact":1,"factual":0.5},"metadata":{"model":"m"}}"#
    #expect(try read(text).notes.contains { $0.contains("scores holds scores of several kinds and is left out") })
    let named = try read(text) { $0.chat.quality = "scores.factual" }.records
    #expect(named[0].outcomes.map(\.quality) == [0.5])
  }

  @Test func namesWhatMatchesNothingForEveryReader() throws {
    let folder = try ImportFolder()
    let path = try folder.file("mmlu_law.csv", "prompt,good,bad\nWhy?,True,False\n")
    var options = ImportOptions()
    options.renames = ["good": "best", "god": "x"]
    options.prices = [
      "bad": TokenPrice(inputUSDPerMillion: 1, outputUSDPerMillion: 1),
      "absent": TokenPrice(inputUSDPerMillion: 1, outputUSDPerMillion: 1),
    ]
    let (_, summary) = try folder.run(.routeLLMMMLU, [path], options)
    #expect(
      summary.notes.filter { $0.contains("no such model") } == [
        #"--rename "god": no such model in the files"#, #"--price "absent": no such model in the files"#,
      ])
  }

  @Test func showsTheNamesOfColumns() throws {
    let folder = try ImportFolder()
    let path = try folder.file("rows.csv", "Frage (lang),\u{1B}[31mrot,\(String(repeating: "x", count: 70))\na,b,c\n")
    let error = try #require(importError { _ = try FormDetection(ImportFiles([path])) })
    #expect("\(error)".contains(#""Frage (lang)", "\u{1B}[31mrot", a string of 70 bytes"#), "\(error)")
    #expect("\(error)".contains("--prompt-field"))
  }
}
