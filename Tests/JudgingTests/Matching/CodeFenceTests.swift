import Testing

@testable import Judging

struct CodeFenceTests {
  @Test(arguments: [
    ("```json\n{\"a\":1}\n```", "{\"a\":1}"), ("```\n{}\n```\n", "{}"), ("  ```JSON\r\n[1]\r\n```  ", "[1]"),
    ("~~~json\n{}\n~~~", "{}"), ("````json\n{}\n````", "{}"), ("```json {\"a\":1} ```", "{\"a\":1}"),
    ("```{\"a\":1}```", "{\"a\":1}"), ("``` \n 1 \n```", "1"), ("```json\n{\"a\":\"```\"}\n```", "{\"a\":\"```\"}"),
  ])
  func takesTheFenceAway(text: String, content: String) { #expect(CodeFence.content(of: text) == content) }

  @Test(arguments: [
    "{}", "", "```", "``````", "```json\n{}", "{}\n```", "Here:\n```json\n{}\n```", "```json\n{}\n```\nThat is all.",
    "```\n1\n```\n```\n2\n```", "``{}``", "```json\n{}\n~~~", "`", "```json\n{}\n``",
  ])
  func leavesEverythingElse(text: String) {
    let content = CodeFence.content(of: text)
    #expect(content == text || content.isEmpty && text.allSatisfy { $0 == "`" })
  }
}
