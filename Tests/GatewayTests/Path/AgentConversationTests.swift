import Foundation
import Ockham
import RequestLog
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Conversations as agents send them: what their programs add changes from turn to turn, and neither hides the conversation
/// nor is scored.
struct AgentConversationTests {
  /// One agent's form of the same conversation.
  struct Form: Sendable, CustomTestStringConvertible {
    var name: String
    var apiFormat: any ClientFormat
    /// The first turn, the result of a tool that follows it, and the next turn; each with other news.
    var bodies: [String]

    var testDescription: String { name }

    func requests() throws -> [ChatRequest] {
      try bodies.map { try apiFormat.request(from: Array($0.utf8), reading: LogRequestReader.read) }
    }
  }

  static let forms = [claudeCode, codex, cline, geminiCLI, openCode]

  /// A billing line and a reminder around what is said.
  private static let claudeCode: Form = {
    func body(_ news: Int, _ more: String = "") -> String {
      """
      {"model":"auto","max_tokens":500,"tools":[{"name":"ls","input_schema":{"type":"object"}}],
      "system":[{"type":"text","text":"x-anthropic-billing-header: cch=\(news);"},
      {"type":"text","text":"You are a coding agent.\\n<env>\\nToday: \(news)\\n</env>"}],"messages":[
      {"role":"user","content":[{"type":"text","text":"<system-reminder>\\nTodo \(news)\\n</system-reminder>"},
      {"type":"text","text":"Why does it hang?"}]}\(more)]}
      """
    }
    let loop = """
      ,{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"ls","input":{}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"a.swift"},
      {"type":"text","text":"<system-reminder>Be careful.</system-reminder>"}]}
      """
    let next =
      #","#
      + #"{"role":"assistant","content":"It waits."},{"role":"user","content":"thanks <system-reminder>x</system-reminder>"}"#
    return Form(
      name: "Claude Code", apiFormat: MessagesFormat(), bodies: [body(1), body(2, loop), body(3, loop + next)])
  }()

  /// Instructions and surroundings as messages of their own.
  private static let codex: Form = {
    func body(_ news: Int, _ more: String = "") -> String {
      """
      {"model":"auto","instructions":"You are Codex.","tools":[{"type":"function","name":"ls","parameters":{}}],"input":[
      {"type":"message","role":"user","content":[{"type":"input_text",
      "text":"# AGENTS.md instructions for /w\\n\\n<INSTRUCTIONS>\\nRule \(news)\\n</INSTRUCTIONS>"}]},
      {"type":"message","role":"user","content":[{"type":"input_text",
      "text":"<environment_context>\\n  <cwd>/w\(news)</cwd>\\n</environment_context>"}]},
      {"type":"message","role":"user","content":[{"type":"input_text","text":"Why does it hang?"}]}\(more)]}
      """
    }
    let loop = """
      ,{"type":"function_call","call_id":"c1","name":"ls","arguments":"{}"},
      {"type":"function_call_output","call_id":"c1","output":"a.swift"}
      """
    let next = """
      ,{"type":"message","role":"assistant","content":[{"type":"output_text","text":"It waits."}]},
      {"type":"message","role":"user","content":[{"type":"input_text","text":"<turn_aborted>1</turn_aborted>"}]},
      {"type":"message","role":"user","content":[{"type":"input_text","text":"thanks"}]}
      """
    return Form(name: "Codex", apiFormat: ResponsesFormat(), bodies: [body(1), body(2, loop), body(3, loop + next)])
  }()

  /// Calls of tools in plain text, results as the user, surroundings behind each message.
  private static let cline: Form = {
    func details(_ news: Int) -> String { "<environment_details>\\nTime \(news)\\n</environment_details>" }
    func body(_ news: Int, _ more: String = "") -> String {
      """
      {"model":"auto","messages":[{"role":"system","content":"You are Cline."},{"role":"user","content":[
      {"type":"text","text":"Why does it hang?"},{"type":"text","text":"\(details(news))"}]}\(more)]}
      """
    }
    let loop = """
      ,{"role":"assistant","content":"<list_files><path>.</path></list_files>"},{"role":"user","content":[
      {"type":"text","text":"[list_files for '.'] Result:"},{"type":"text","text":"a.swift"},
      {"type":"text","text":"\(details(7))"}]}
      """
    let next = #",{"role":"assistant","content":"It waits."},{"role":"user","content":"thanks\n\#(details(8))"}"#
    return Form(
      name: "Cline", apiFormat: ChatCompletionsFormat(), bodies: [body(1), body(2, loop), body(3, loop + next)])
  }()

  /// A context that is set up by an exchange of its own.
  private static let geminiCLI: Form = {
    func body(_ news: Int, _ more: String = "") -> String {
      """
      {"model":"auto","messages":[{"role":"user","content":
      "This is the Gemini CLI. We are setting up the context for our chat.\\nToday's date is \(news)."},
      {"role":"assistant","content":"Got it. Thanks for the context!"},
      {"role":"user","content":"Why does it hang?"}\(more)]}
      """
    }
    return Form(
      name: "Gemini CLI", apiFormat: ChatCompletionsFormat(),
      bodies: [body(1), body(2, Self.loop), body(3, Self.loop + Self.next)])
  }()

  /// Surroundings in the system message.
  private static let openCode: Form = {
    func body(_ news: Int, _ more: String = "") -> String {
      """
      {"model":"auto","messages":[{"role":"system","content":
      "You are opencode.\\n<env>\\n  Today's date: \(news)\\n</env>\\n<git_status>\(news) files</git_status>"},
      {"role":"user","content":"Why does it hang?"}\(more)]}
      """
    }
    return Form(
      name: "opencode", apiFormat: ChatCompletionsFormat(),
      bodies: [body(1), body(2, Self.loop), body(3, Self.loop + Self.next)])
  }()

  private static let loop = """
    ,{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"ls","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c","content":"a.swift"}
    """
  private static let next =
    #","#
    + #"{"role":"assistant","content":"It waits."},{"role":"user","content":"<system_reminder>1</system_reminder>thanks"}"#

  @Test(arguments: forms) func conversationsAreKnown(form: Form) throws {
    let requests = try form.requests()
    let conversations = requests.map { Conversation($0.scored, name: nil, key: nil) }
    #expect(Set(conversations.map(\.id)).count == 1)
    #expect(conversations.map(\.isToolContinuation) == [false, true, false])
    let others = try Self.forms.filter { $0.name != form.name }.map {
      Conversation(try $0.requests()[0].scored, name: nil, key: nil).id
    }
    #expect(!others.contains(conversations[0].id))
  }

  @Test(arguments: forms) func onlyWhatTheUserSaidIsAsked(form: Form) throws {
    let requests = try form.requests()
    let questions = requests.map { $0.scored.segments.last { $0.role == .user }?.text }
    #expect(questions == ["Why does it hang?", "Why does it hang?", "thanks"])
    for request in requests {
      let text = request.scored.segments.map(\.text).joined(separator: "\n")
      for word in ["reminder", "a.swift", "billing", "environment", "Today", "Rule"] {
        #expect(!text.contains(word), "\(text)")
      }
      // What limits, rules and providers see is whole.
      #expect(request.request.textBytes > request.scored.textBytes)
    }
  }

  /// Trained as served: the same requests in a log are read as what was scored.
  @Test(arguments: forms) func logsAreReadAsRequestsAreScored(form: Form) throws {
    for request in try form.requests() {
      var encoder = RecordEncoder()
      let folder = try TelemetryFolder()
      for row in [encoder.object(for: request.request), encoder.object(for: request.scored)] {
        let path = folder.path + "/row.jsonl"
        try row.write(toFile: path, atomically: true, encoding: .utf8)
        let read = LogSource(paths: [path], options: LogOptions(isStrict: true, featureOptions: [FeatureOptions()]))
        #expect(try read.readAll().records[0].request == request.scored)
        // Who labels or asks again sees the request as it stands.
        let whole = try LogSource(paths: [path], options: LogOptions(isStrict: true)).readAll().records[0].request
        #expect(encoder.object(for: whole) == row)
      }
    }
  }

  /// Over HTTP, with a router that proposes the middle tier: the first turn asked for quality, the others stay with it.
  @Test(arguments: forms) func turnsStayInTheirTier(form: Form) async throws {
    var configuration = GatewayConfiguration.demo(tierNames: ["t0", "t1"])
    configuration.telemetry.path = nil
    configuration.rules = [
      Rule(name: "first", conditions: [.header(name: "x-first", values: [])], action: .atLeast(tier: "t1"))
    ]
    let gateway = try await TestGateway.start(configuration)
    defer { gateway.stop() }
    let path = [
      APIFormat.messages: "/v1/messages", .responses: "/v1/responses", .chatCompletions: "/v1/chat/completions",
    ][form.apiFormat.apiFormat]!
    let first = try await gateway.send(path, form.bodies[0], headers: [("x-first", "1")])
    #expect(first.status == 200 && first.headers["x-ockham-tier"] == "t1", "\(first.text)")
    for body in form.bodies.dropFirst() {
      let turn = try await gateway.send(path, body)
      #expect(turn.status == 200 && turn.headers["x-ockham-tier"] == "t1", "\(turn.text)")
      #expect(turn.headers["x-ockham-reason"] == "session")
    }
  }
}
