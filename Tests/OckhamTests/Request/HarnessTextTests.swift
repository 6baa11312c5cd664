import Testing

@testable import Ockham

/// What is left of a request once the program around the model is taken out.
struct HarnessTextTests {
  private static let texts: [(role: Role, text: String, left: HarnessText)] = [
    (.user, "Fix the bug.", .none),
    (.user, "Fix <b>this</b> and <env> too", .none),
    (.user, "a < b, and <T: P>(x) -> </T>", .none),
    (.user, "Fix it.\n<system-reminder>\nDo not show.\n</system-reminder>", .rest("Fix it.")),
    (.user, "<system-reminder>a</system-reminder>\n\n<system-reminder>b</system-reminder>", .all),
    (.user, "one <SYSTEM_REMINDER>x</SYSTEM_REMINDER> two", .rest("one\ntwo")),
    (.user, "one <systemReminder id=\"3\">x</systemReminder> two", .rest("one\ntwo")),
    (.user, "<env>a<env>b</env>c</env>d", .rest("d")),
    (.user, "<env>a<reminder>b</env>c</reminder>d", .rest("d")),
    (.user, "</env>a<env>b", .none),
    (.user, "<permissions instructions>never</permissions instructions>Go", .rest("Go")),
    (.user, "<environment_context>\n  <cwd>/a</cwd>\n</environment_context>", .all),
    (
      .user, "<task>Add a test</task>\n<environment_details>\n# Time\n</environment_details>",
      .rest("<task>Add a test</task>")
    ),
    (.user, "# AGENTS.md instructions for /a\n\n<INSTRUCTIONS>\nBe brief.\n</INSTRUCTIONS>", .all),
    (.user, "Say <instructions>this</instructions>", .none),
    (
      .user, "<command-name>/fix</command-name><command-args>issue 3</command-args>",
      .rest("<command-args>issue 3</command-args>")
    ),
    (.user, "This is the Gemini CLI. We are setting up the context for our chat.\nToday is Monday.", .all),
    (.user, "<tool_response>\n{\"a\":1}\n</tool_response>", .result),
    (.user, "<tool_response>1</tool_response> Now what?", .rest("Now what?")),
    (.user, "[read_file for 'a.swift'] Result:\nlet a = 1", .result),
    (.user, "[attempt_completion] Result:\n<environment_details>x</environment_details>", .result),
    (.user, "[1] Result: is this right?", .none),
    (.system, "x-agent-billing: v=1; n=7;\nx-more: 2\nYou are an agent.", .rest("You are an agent.")),
    (.system, "<env>\nToday: 1\n</env>\nx-agent-billing: 7\nYou help.", .rest("You help.")),
    (.system, "You are an agent.\nx-agent: 1", .none),
    (.system, "x-ray images are what you read.", .none),
    (.user, "x-api-key: 1", .none),
    (.system, "x-agent-billing: v=1", .all),
  ]

  @Test(arguments: texts.indices) func textsAreWhatAPersonSaid(index: Int) {
    let (role, text, left) = Self.texts[index]
    #expect(HarnessText(in: text, of: role) == left, "\(text)")
  }

  @Test func requestsKeepWhatWasAsked() {
    let request = Request(
      segments: [
        Segment(role: .system, text: "x-billing-header: 1\nYou help."),
        Segment(role: .user, text: "<system-reminder>r</system-reminder>\nWhy?"),
        Segment(role: .assistant, text: "ls {}"),
        Segment(role: .tool, text: "a.swift"), Segment(role: .user, text: "<system-reminder>s</system-reminder>"),
      ], attributes: RequestAttributes(toolNames: ["ls"], maximumOutputTokens: 7))
    let left = request.withoutHarnessText()
    #expect(
      left.segments == [
        Segment(role: .system, text: "You help."), Segment(role: .user, text: "Why?"),
        Segment(role: .assistant, text: "ls {}"), Segment(role: .tool, text: ""),
      ])
    #expect(left.attributes == request.attributes)
    #expect(left.isToolContinuation && !request.isToolContinuation)
  }

  @Test func aRequestOfNothingElseKeepsItsUsersTexts() {
    let request = Request(segments: [
      Segment(role: .system, text: "<env>a</env>"), Segment(role: .user, text: "<system-reminder>Go</system-reminder>"),
    ])
    #expect(request.withoutHarnessText().segments == [request.segments[1]])
    let empty = Request(segments: [Segment(role: .user, text: ""), Segment(role: .assistant, text: "a")])
    #expect(empty.withoutHarnessText() == empty)
  }

  /// Texts made of all parts that mean something, in any order: nothing is cut twice, and no text is invented.
  @Test func twiceIsOnce() {
    var generator = SplitMix64(seed: 3)
    let parts = [
      "<env>", "</env>", "<reminder>", "</reminder>", "<tool_result>", "</tool_result>", "<en", "v>", "x-a: 1", "\n",
      " ",
      "word", "[ls] Result:", "</", ">", "<INSTRUCTIONS>", "</INSTRUCTIONS>", "# AGENTS.md instructions", "é",
      "<a b=\"c\">",
    ]
    for _ in 0..<20_000 {
      let segments = (0..<3).map { _ in
        let roles: [Role] = [.system, .user, .user, .assistant, .tool]
        let text = (0..<generator.next() % 12).map { _ in parts[Int(generator.next() % UInt64(parts.count))] }.joined()
        return Segment(role: roles[Int(generator.next() % 5)], text: text)
      }
      let request = Request(segments: segments)
      let once = request.withoutHarnessText()
      #expect(once.withoutHarnessText() == once, "\(request)")
      #expect(once.textBytes <= request.textBytes)
    }
  }
}
