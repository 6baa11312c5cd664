import Foundation
import Ockham
import RequestLog
import Testing

@testable import Workflow

@Suite struct GatewayRulesTests {
  private func rules(_ yaml: String, tiers: [String] = ["small", "mid", "frontier"]) throws -> GatewayRules {
    let file = FileManager.default.temporaryDirectory.appending(path: "ockham-rules-\(UUID().uuidString).yaml")
    try Data((Self.tiers + yaml).utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try GatewayRules(path: file.path, tiers: tiers)
  }

  private static let tiers = """
    providers: {p: {base_url: "http://127.0.0.1"}}
    tiers:
      - {name: small, targets: [p/a], context_tokens: 2000, tools: false}
      - {name: mid, targets: [{provider: p, model: b, name: middle}]}
      - {name: frontier, targets: [p/c]}

    """

  private func record(_ text: String = "hello", key: String? = nil, tools: [String] = []) -> LogRecord {
    var request = Request(prompt: text)
    request.attributes.toolNames = tools
    return LogRecord(id: "r", dataset: key, request: request)
  }

  @Test func actionsNarrowInOrder() throws {
    let rules = try rules(
      """
      rules:
        - {name: interns, when: {keys: [interns]}, then: {at_most: mid}}
        - {name: long, when: {text_bytes: {min: 100}}, then: {at_least: mid}}
        - {name: no small code, when: {tasks: [code]}, then: {forbid: [small]}}
        - {name: vip, when: {keys: vip}, then: {tier: frontier}}
        - {name: local, when: {keys: local}, then: {target: middle}}
        - {name: never, when: {keys: vip}, then: {forbid: frontier}}
      """)
    let all = rules.verdict(record(), task: "chat")
    #expect(all == .init(allowed: [0, 1, 2], inDoubt: [0, 1, 2]))
    #expect(rules.verdict(record(key: "interns"), task: "chat").allowed == [0, 1])
    #expect(rules.verdict(record(String(repeating: "x", count: 200)), task: "chat").allowed == [1, 2])
    #expect(rules.verdict(record(), task: "code").allowed == [1, 2])
    #expect(rules.verdict(record(key: "vip"), task: "code").allowed == [2], "a pin ends the search")
    let local = rules.verdict(record(key: "local"), task: "chat")
    #expect(local == .init(allowed: [1], inDoubt: [1]), "a target stands for its tier")
  }

  @Test func whatTheLogCannotTellIsDoubtful() throws {
    let rules = try rules(
      """
      rules:
        - {name: private, when: {headers: {x-class: private}}, then: {tier: small}}
        - {name: trial, when: {share: 0.1, keys: [b]}, then: {policy: careful}}
      """)
    let plain = rules.verdict(record(key: "a"), task: nil)
    #expect(plain.allowed == [0, 1, 2] && plain.inDoubt == [0] && plain.doubtful == ["private"])
    let both = rules.verdict(record(key: "b"), task: nil)
    #expect(both.inDoubt == [] && both.doubtful == ["private", "trial"])
    let unknownTask = try self.rules("rules: [{name: t, when: {tasks: [code]}, then: {forbid: small}}]")
    #expect(unknownTask.verdict(record(), task: nil).doubtful == ["t"])
  }

  @Test func limitsPinsAndSteps() throws {
    let rules = try rules(
      "policies: {default: {thresholds: [0.1, 0.2], pins: {math: [frontier]}, minimum_quality: 0.5, exploration: 0.1}}")
    #expect(rules.thresholds == Thresholds(increments: [0.1, 0.2]))
    #expect(rules.notes == ["policies.default.minimum_quality of the configuration is not replayed."])
    #expect(rules.verdict(record(tools: ["f"]), task: nil).allowed == [1, 2])
    #expect(rules.verdict(record(String(repeating: "word ", count: 4_000)), task: nil).allowed == [1, 2])
    #expect(rules.verdict(record(), task: "math").allowed == [2])
    let some = try GatewayRulesTests().rules("", tiers: ["small", "frontier"])
    #expect(some.verdict(record(), task: nil).allowed == [0, 1])
  }

  @Test(arguments: [
    ("rules: [{name: a, then: {tier: huge}}]", "rules[0].then.tier: expected tiers among small, mid, frontier"),
    ("rules: [{name: a, then: {jump: small}}]", "rules[0].then.jump: expected one of tier"),
    ("rules: [{name: a}]", "rules[0].then: expected what the rule does"),
    ("rules: [{when: {kyes: [a]}, then: {tier: mid}}]", "rules[0].when.kyes: expected a condition"),
    ("rules: [{when: {tools: maybe}, then: {tier: mid}}]", "rules[0].when.tools: expected true or false"),
    ("rules: [{when: {turns: {min: 3, max: 1}}, then: {tier: mid}}]", "rules[0].when.turns: expected a number"),
    ("policies: {default: {thresholds: [0.1]}}", "policies.default.thresholds: expected 2 numbers, found 1"),
    ("rules: [", "expected a YAML file"),
  ]) func faults(yaml: String, words: String) {
    do {
      _ = try rules(yaml)
      Issue.record("expected an error")
    } catch { #expect("\(error)".contains(words), "\(error)") }
  }

  @Test func otherTiersAreRefused() {
    for tiers in [["small", "huge"], ["mid", "small"]] {
      #expect(throws: WorkflowError.self) { try rules("", tiers: tiers) }
    }
    #expect(throws: WorkflowError.self) { try GatewayRules(path: "/no/such/file", tiers: ["small", "mid"]) }
  }
}
