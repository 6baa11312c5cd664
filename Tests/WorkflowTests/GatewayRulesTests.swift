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
    ("rules: [{when: {turns: {min: many}}, then: {tier: mid}}]", "rules[0].when.turns: expected a number"),
    ("rules: [{when: {turns: -1}, then: {tier: mid}}]", "rules[0].when.turns: expected a number"),
    (
      "rules: [{when: {text_bytes: {mni: 3}}, then: {tier: mid}}]",
      "rules[0].when.text_bytes: expected min and max, found \"mni\""
    ),
    ("rules: [{when: {keys: a}, then: {at_least: []}}]", "rules[0].then.at_least: expected the name of a tier"),
    ("policies: {default: {thresholds: [0.1]}}", "policies.default.thresholds: expected 2 numbers, found 1"),
    ("policies: {default: {thresholds: [0.1, x, 0.2]}}", "expected 2 numbers, found 2 of 3 values"),
    ("policies: {default: {thresholds: [0.1, .inf]}}", "expected 2 numbers, found 1 of 2 values"),
    ("policies: {default: {pins: {maths: mid}}}", "policies.default.pins: expected kinds of task among"),
    ("policies: {default: {pins: {math: huge}}}", "policies.default.pins: expected tiers among small, mid, frontier"),
    ("rules: [", "expected a YAML file"),
  ]) func faults(yaml: String, words: String) {
    do {
      _ = try rules(yaml)
      Issue.record("expected an error")
    } catch { #expect("\(error)".contains(words), "\(error)") }
  }

  /// Every range, for every number of bytes around its ends.
  @Test(arguments: [
    ("{min: 3, max: 5}", 3...5), ("{min: 4}", 4...9), ("{max: 2}", 0...2), ("4", 4...4), ("{}", 0...9), ("0", 0...0),
  ])
  func rangesAreWhatTheySay(text: String, range: ClosedRange<Int>) throws {
    let rules = try rules("rules: [{when: {text_bytes: \(text)}, then: {tier: mid}}]")
    for count in 0...9 {
      let verdict = rules.verdict(record(String(repeating: "x", count: count)), task: nil)
      #expect(verdict.allowed == (range.contains(count) ? [1] : [0, 1, 2]), "\(count)")
      #expect(verdict.inDoubt == verdict.allowed && verdict.doubtful.isEmpty)
    }
  }

  /// Of all conditions of a rule that the log can decide, one that fails is enough; then no doubt is left.
  @Test func whatOneConditionExcludesIsNotDoubtful() throws {
    let rules = try rules(
      """
      rules:
        - {when: {languages: [de], keys: [a]}, then: {tier: small}}
        - {when: {keys: [b], tools: true, images: false, turns: 1}, then: {forbid: [mid, small]}}
      """)
    let (a, b) = (rules.verdict(record(key: "a"), task: nil), rules.verdict(record(key: "b"), task: nil))
    #expect(a.doubtful == ["rule 1"] && a.inDoubt == [0] && a.allowed == [0, 1, 2])
    #expect(b.doubtful.isEmpty && b.allowed == [0, 1, 2] && b.inDoubt == [0, 1, 2])
    #expect(rules.verdict(record(key: "b", tools: ["f"]), task: nil).allowed == [2])
    #expect(rules.verdict(record(), task: nil).doubtful.isEmpty, "a request of no key is of none of these")
  }

  /// A mapping names tiers as a list does.
  @Test func tiersMayBeAMapping() throws {
    let text = "tiers: {small: {targets: [p/a], images: false}, mid: {targets: [p/b]}}"
    let file = FileManager.default.temporaryDirectory.appending(path: "ockham-rules-\(UUID().uuidString).yaml")
    try Data((text + "\nrules: [{then: {target: p/b}}, {then: {target: p/zz}}]").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let rules = try GatewayRules(path: file.path, tiers: ["small", "mid"])
    #expect(rules.verdict(record(), task: nil).allowed == [1])
    #expect(
      rules.policy.tiers[0].capabilities.contains(.tools) && !rules.policy.tiers[0].capabilities.contains(.images))
    #expect(throws: WorkflowError.self) { try GatewayRules(path: file.path, tiers: ["mid", "small"]) }
  }

  @Test func otherTiersAreRefused() {
    for tiers in [["small", "huge"], ["mid", "small"]] {
      #expect(throws: WorkflowError.self) { try rules("", tiers: tiers) }
    }
    #expect(throws: WorkflowError.self) { try GatewayRules(path: "/no/such/file", tiers: ["small", "mid"]) }
  }
}
