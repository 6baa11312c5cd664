import Testing

@testable import GatewayCore

/// A list without an element says too little to act on: a rule whose only condition is dropped would hold for everything.
struct EmptyListTests {
  private static func read(_ line: String) -> (configuration: GatewayConfiguration?, problems: [ConfigurationProblem]) {
    let text = """
      providers: {mock: {kind: mock}}
      tiers: [{name: small, targets: [mock/a]}, {name: large, targets: [mock/b]}]
      \(line)
      """
    return ConfigurationFile.read(text: text, path: "g.yaml") { _ in nil }
  }

  @Test(arguments: [
    ("rules: [{name: r, when: {keywords: []}, then: {tier: small}}]", "rules[0].when.keywords"),
    ("rules: [{name: r, when: {languages: []}, then: {tier: small}}]", "rules[0].when.languages"),
    ("rules: [{name: r, when: {keys: []}, then: {tier: small}}]", "rules[0].when.keys"),
    ("rules: [{name: r, when: {tasks: []}, then: {tier: small}}]", "rules[0].when.tasks"),
    ("rules: [{name: r, when: {headers: {x-team: []}}, then: {tier: small}}]", "rules[0].when.headers.x-team"),
    ("rules: [{name: r, then: {forbid: []}}]", "rules[0].then.forbid"),
    ("policies: {p: {pins: {math: []}}}", "policies.p.pins.math"),
    ("observe: {tier: large, keys: []}", "observe.keys"), ("observe: {tier: large, policies: []}", "observe.policies"),
  ])
  func isReportedWhereItStands(line: String, path: String) {
    let (configuration, problems) = Self.read(line)
    #expect(configuration == nil && problems.map(\.path) == [path], "\(problems)")
    #expect(problems.first?.found == "an empty list" && problems.first?.line == 3)
    #expect(problems.first?.remedy.hasPrefix("name one") == true)
  }

  /// A list whose elements are all wrong is reported for these, and not as an empty one.
  @Test func wrongElementsAreToldByThemselves() {
    let problems = Self.read("rules: [{name: r, when: {tasks: [cooking]}, then: {forbid: [huge]}}]").problems
    #expect(problems.map(\.path) == ["rules[0].when.tasks[0]", "rules[0].then.forbid[0]"])
  }

  /// What is left out, and what holds by itself, stays without a word.
  @Test func noListIsNoProblem() {
    let (configuration, problems) = Self.read(
      "rules: [{name: r, when: {keywords: a, headers: {x-team: true, x-other: null}}, then: {forbid: small}}]")
    #expect(problems.isEmpty, "\(problems)")
    #expect(configuration?.rules.first?.conditions.count == 3)
  }
}
