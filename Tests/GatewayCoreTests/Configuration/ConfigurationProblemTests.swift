import Foundation
import Testing

@testable import GatewayCore

/// What is wrong with a file: everything at once, each with its place, and never a secret.
struct ConfigurationProblemTests {
  /// A file that is right but for one line, which is its line 4.
  private static func file(_ line: String) -> String {
    """
    providers: {mock: {kind: mock}, open: {kind: openai, base_url: "https://api.example.com/v1", key_env: SET}}
    tiers: [{name: small, targets: [mock/a]}, {name: large, targets: [mock/b]}]

    \(line)
    """
  }

  private func problems(_ text: String) -> [ConfigurationProblem] {
    let (configuration, problems) = ConfigurationFile.read(text: text, path: "g.yaml") { $0 == "SET" ? "x" : nil }
    #expect((configuration == nil) == problems.contains { $0.severity == .error })
    return problems
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var line: String
    var path: String
    var says: String
    var testDescription: String { line }

    init(_ line: String, _ path: String, _ says: String) { (self.line, self.path, self.says) = (line, path, says) }
  }

  @Test(arguments: [
    Case("polices: {}", "polices", "did you mean policies?"),
    Case("xyzzy: 1", "xyzzy", "use one of"),
    Case("listen: 8080", "listen", "host:port"),
    Case("listen: \"localhost:99999\"", "listen", "0 to 65535"),
    Case("decision_cache: -1", "decision_cache", "0 to 10000000"),
    Case("decision_cache: lots", "decision_cache", "\"lots\""),
    Case("sessions: {sticky: yes}", "sessions.sticky", "true or false"),
    Case("sessions: {sticky: \"true\"}", "sessions.sticky", "without quotes"),
    Case("sessions: [1]", "sessions", "found a list"),
    Case("sessions: {ttl_s: .nan}", "sessions.ttl_s", "a number"),
    Case("sessions: {header: \"a b\"}", "sessions.header", "name of a header"),
    Case("retries: {base_ms: 900, max_ms: 100}", "retries", "max_ms of at least base_ms"),
    Case("retries: {attempts_per_target: 1.5}", "retries.attempts_per_target", "integer"),
    Case("breaker: {failure_rate: 0}", "breaker.failure_rate", "above 0"),
    Case("breaker: {failure_rate: 50}", "breaker.failure_rate", "at most 1"),
    Case("policies: {a: {cascade: {max_s: 0}}}", "policies.a.cascade.max_s", "0.001"),
    Case("policies: {a: {ensemble: {max_usd: -1}}}", "policies.a.ensemble.max_usd", "at least 0"),
    Case("alerts: {webhook: {url: https://x.example}}", "alerts.webhook", "secret_env"),
    Case("alerts: {webhook: {url: http://x.example, secret_env: S}}", "alerts.webhook.url", "write https://"),
    Case("alerts: {webhook: {url: ftp://x, secret_env: S}}", "alerts.webhook.url", "a URL such as"),
    Case("admin: {listen: \"0.0.0.0:9090\"}", "admin", "roles with keys"),
    Case("admin: {listen: 9090}", "admin.listen", "host:port"),
    Case("admin: {listen: \"127.0.0.1:8080\"}", "admin", "another address"),
    Case("admin: {roles: {ann: {role: read}}}", "admin.roles.ann", "key_env or sha256"),
    Case("admin: {roles: {ann: {key_env: SET, role: boss}}}", "admin.roles.ann.role", "one of read, rate, administer"),
    Case("admin: {roles: {ann: {key_env: SET}}}", "admin.roles.ann", "role"),
    Case("admin: {roles: {ann: {key_env: SET, sha256: aa, role: read}}}", "admin.roles.ann", "one of the two"),
    Case("admin: {roles: {ann: {sha256: aa, role: read}}}", "admin.roles.ann.sha256", "64 hexadecimal digits"),
    Case(
      "admin: {roles: {a: {key_env: SET, role: read}, b: {key_env: SET, role: rate}}}", "admin.roles.b",
      "a key that no other name has"),
    Case("drift: {days_to_false_alarm: 5}", "drift.days_to_false_alarm", "from 30 to"),
    Case("drift: {}\ntelemetry: {path: null}", "drift", "telemetry.path"),
    Case("canary_prompts: {}", "canary_prompts", "prompts"),
    Case("canary_prompts: {prompts: []}", "canary_prompts.prompts", "at least one prompt"),
    Case("canary_prompts: {prompts: [{prompt: x}]}", "canary_prompts.prompts[0]", "exact or contains"),
    Case(
      "canary_prompts: {prompts: [{prompt: x, exact: y, contains: z}]}", "canary_prompts.prompts[0]",
      "exact or contains"),
    Case("canary_prompts: {prompts: [{exact: y}]}", "canary_prompts.prompts[0]", "what is asked"),
    Case(
      "canary_prompts: {targets: [mock/z], prompts: [{prompt: x, exact: y}]}", "canary_prompts.targets[0]", "a target"),
    Case("shadow: {audit: 0.1}", "shadow", "usd_per_day"),
    Case("shadow: {usd_per_day: 0}", "shadow.usd_per_day", "above 0"),
    Case("shadow: {usd_per_day: 1, audit: 2}", "shadow.audit", "from 0 to 1"),
    Case("shadow: {usd_per_day: 1, tiers: [smal]}", "shadow.tiers[0]", "did you mean small?"),
    Case("shadow: {usd_per_day: 1, tiers: [small], baseline: large}", "shadow.baseline", "add it to shadow.tiers"),
    Case("shadow: {usd_per_day: 1, judge: mock/a}", "shadow.judge", "another family"),
    Case("shadow: {usd_per_day: 1, judge: absent}", "shadow.judge", "a target"),
    Case("shadow: {usd_per_day: 1, method: pairs}", "shadow.method", "pairwise"),
    Case("shadow: {usd_per_day: 1, without_keys: [x]}", "shadow.without_keys[0]", "a key"),
    Case("shadow: {usd_per_day: 1, without_tasks: [codes]}", "shadow.without_tasks[0]", "did you mean code?"),
    Case("shadow: {usd_per_day: 1, providers: {mock: open}}", "shadow.providers.mock", "of the kind mock"),
    Case("shadow: {usd_per_day: 1, providers: {mock: nil}}", "shadow.providers.mock", "a provider"),
    Case("telemetry: {prompts: ful}", "telemetry.prompts", "did you mean full?"),
    Case("telemetry: {otlp_endpoint: \"collector:4318\"}", "telemetry.otlp_endpoint", "no http"),
    Case("targets: [{provider: mok, model: x}]", "targets[0].provider", "did you mean mock?"),
    Case("targets: [mok/x]", "targets[0]", "did you mean mock?"),
    Case("targets: [mock]", "targets[0]", "provider/model"),
    Case("targets: [{provider: mock}]", "targets[0]", "add model"),
    Case("targets: [mock/a]", "targets[0]", "no other tier or target"),
    Case("targets: [{provider: mock, model: x, name: small}]", "targets[0].name", "no other tier or target"),
    Case("targets: [{provider: mock, model: x, name: auto}]", "targets[0].name", "auto"),
    Case("targets: [{provider: mock, model: x, name: router-a-0.1}]", "targets[0].name", "router-"),
    Case("targets: [{provider: mock, model: x, weight: -1}]", "targets[0].weight", "from 0 to"),
    Case("strict: 1", "strict", "true or false"),
    Case("observe: large", "observe", "a mapping"),
    Case("experiments: {e: {arms: {a: {share: 0.5}}}}", "experiments.e.arms", "two arms"),
    Case("experiments: {e: {arms: {a: {share: 0.7}, b: {share: 0.7}}}}", "experiments.e.arms", "come to 1 at most"),
    Case("experiments: {e: {arms: {a: {share: 0}, b: {share: 0.5}}}}", "experiments.e.arms.a.share", "above 0"),
    Case(
      "experiments: {e: {arms: {a: {share: 0.5}, b: {share: 0.5, policy: defautl}}}}", "experiments.e.arms.b.policy",
      "did you mean default?"),
    Case("observe: {share: 0.5}", "observe", "add tier"),
    Case("observe: {tier: larg}", "observe.tier", "did you mean large?"),
    Case("observe: {tier: large, share: 0}", "observe.share", "above 0"),
    Case("observe: {tier: large, share: 20}", "observe.share", "at most 1"),
    Case("observe: {tier: large, polices: [a]}", "observe.polices", "did you mean policies?"),
    Case("observe: {tier: large, keys: [absent]}", "observe.keys[0]", "the name of a key"),
    Case("observe: {tier: large, keys: []}", "observe.keys", "an empty list"),
    Case("observe: {tier: large, policies: []}", "observe.policies", "an empty list"),
    Case("observe: {tier: large, policies: defalt}", "observe.policies", "did you mean default?"),
    Case("observe: {tier: large, models: [b]}", "observe.models", "a mapping of models to tiers"),
    Case("observe: {tier: large, models: {bb: large}}", "observe.models.bb", "did you mean b?"),
    Case("observe: {tier: large, models: {auto: large}}", "observe.models.auto", "a model, a target or a tier"),
    Case("observe: {tier: large, models: {b: small}}", "observe.models.b", "write large"),
    Case("observe: {tier: large, models: {b: huge}}", "observe.models.b", "the name of a tier"),
    Case("sessions: {lower_turns: 0}", "sessions.lower_turns", "from 1 to 1000"),
    Case("targets: [{provider: mock, model: x, strict: maybe}]", "targets[0].strict", "true or false"),
    Case(
      "targets: [{provider: mock, model: x, supports: {tool: true}}]", "targets[0].supports.tool", "did you mean tools?"
    ),
    Case(
      "targets: [{provider: mock, model: x, supports: {images: no}}]", "targets[0].supports.images", "true or false"),
    Case(
      "targets: [{provider: mock, model: x, parameters: {dropp: [seed]}}]", "targets[0].parameters.dropp",
      "did you mean drop?"),
    Case(
      "targets: [{provider: mock, model: x, parameters: {drop: [messages]}}]", "targets[0].parameters.drop[0]",
      "a request can be without"),
    Case(
      "targets: [{provider: mock, model: x, parameters: {forbid: ['a b']}}]", "targets[0].parameters.forbid[0]",
      "letters, digits"),
    Case(
      "targets: [{provider: mock, model: x, parameters: {clamp: {temperature: 1}}}]",
      "targets[0].parameters.clamp.temperature", "a list"),
    Case(
      "targets: [{provider: mock, model: x, parameters: {clamp: {temperature: [1, 0]}}}]",
      "targets[0].parameters.clamp.temperature", "the smaller first"),
    Case(
      "targets: [{provider: mock, model: x, parameters: {rename: {seed: [a]}}}]",
      "targets[0].parameters.rename.seed", "the name of a parameter"),
    Case(
      "targets: [{provider: mock, model: x, parameters: {drop: [seed], forbid: [seed]}}]", "targets[0].parameters",
      "one rule for a parameter"),
    Case("policies: {default: {thresholds: [0.1, 0.2]}}", "policies.default.thresholds", "1 for 2 tiers"),
    Case("policies: {p: {exploration: 0.6}}", "policies.p.exploration", "0.5"),
    Case("policies: {p: {pins: {maths: small}}}", "policies.p.pins.maths", "did you mean math?"),
    Case("policies: {p: {pins: {math: smal}}}", "policies.p.pins.math", "did you mean small?"),
    Case("policies: {p: {cascade: {judge: mock/c}}}", "policies.p.cascade.judge", "did you mean mock/a?"),
    Case("policies: {p: {cascade: {explore: 0.1}}}", "policies.p.cascade.explore", "add learned: true"),
    Case("policies: {p: {cascade: {learned: true, explore: 0.6}}}", "policies.p.cascade.explore", "0.5"),
    Case("policies: {p: {cascade: {learned: yes}}}", "policies.p.cascade.learned", "true or false"),
    Case("policies: {p: {ensemble: {choose: judge}}}", "policies.p.ensemble", "add judge"),
    Case("policies: {p: {ensemble: {}, cascade: {}}}", "policies.p", "found both"),
    Case("policies: {p: {max_cost_usd: 0}}", "policies.p.max_cost_usd", "above 0"),
    Case("rules: [{name: r, then: {}}]", "rules[0].then", "one of tier"),
    Case("rules: [{name: r, then: {tier: small, policy: default}}]", "rules[0].then", "one rule per action"),
    Case("rules: [{name: r, then: {policy: defualt}}]", "rules[0].then.policy", "did you mean default?"),
    Case("rules: [{name: r, then: {forbid: [tiny]}}]", "rules[0].then.forbid[0]", "large, small"),
    Case("rules: [{name: r, when: {languages: xx}, then: {tier: small}}]", "rules[0].when.languages", "use one of"),
    Case("rules: [{name: r, when: {turns: {min: 3, max: 2}}, then: {tier: small}}]", "rules[0].when.turns", "swap"),
    Case("rules: [{name: r, when: {share: 2}, then: {tier: small}}]", "rules[0].when.share", "from 0 to 1"),
    Case("rules: [{name: r, when: {tasks: [cod]}, then: {tier: small}}]", "rules[0].when.tasks[0]", "code"),
    Case("rules: [{then: {tier: small}}]", "rules[0]", "add name"),
    Case("keys: [{name: k}]", "keys[0]", "add sha256"),
    Case("keys: [{name: k, sha256: abc}]", "keys[0].sha256", "sha256sum"),
    Case("admin_key_env: \"a b\"", "admin_key_env", "environment variable"),
    Case("model: [a]", "model", "the path of a model"),
  ])
  func eachIsReported(_ row: Case) throws {
    let found = problems(Self.file(row.line)).filter { $0.severity == .error }
    let problem = try #require(found.first { $0.path == row.path }, "\(found)")
    #expect(problem.line == 4)
    #expect(problem.description.contains(row.says), "\(problem)")
    #expect(problem.description.hasPrefix("g.yaml:4:"))
    #expect(found.count == 1, "\(found)")
  }

  @Test(arguments: [
    ("open: {kind: openai, base_url: \"http://api.example.com/v1\", key_env: SET}", "https"),
    ("open: {kind: openai, base_url: \"https://user:pass@example.com/v1\"}", "a user or a password"),
    ("open: {kind: openai, base_url: \"https://example.com/v1?api-version=1\"}", "query"),
    ("open: {kind: openai, base_url: \"https:///v1\"}", "no host"),
    ("open: {kind: openai, base_url: \"https://h:123456\"}", "a port that is none"),
    ("open: {kind: openapi}", "did you mean openai?"),
    ("open: {base_url: \"https://h\"}", "add kind"),
    ("open: {kind: openai, api_key: abc}", "key_env"),
    ("open: {kind: openai, headers: {Authorization: abc}}", "key_header"),
    ("open: {kind: openai, query: \"key=abc\"}", "key_env"),
    ("open: {kind: openai, timeouts: {idle: 3}}", "did you mean idle_s?"),
    ("open: {kind: azure}", "https://NAME.openai.azure.com"),
    ("open: {kind: azure, base_url: \"https://r.openai.azure.com/openai/deployments/x\"}", "before /deployments"),
    ("open: {kind: bedrock}", "add region"),
    ("open: {kind: bedrock, region: US East}", "small letters"),
    ("open: {kind: bedrock, region: r, key_parts_env: {secrt: SET}}", "did you mean secret?"),
    ("open: {kind: openai, region: us-east-1}", "remove region"),
    ("open: {kind: vertex_ai, base_url: \"https://x.googleapis.com\"}", "publishers/google"),
    ("open: {kind: openai, key_command: []}", "an empty list"),
    ("open: {kind: openai, key_command: gcloud}", "a list"),
    ("open: {kind: openai, key_command: [a], key_env: SET}", "either key_env or key_command"),
    ("open: {kind: openai, key_ttl_s: 5}", "add key_command"),
  ])
  func providersAreChecked(provider: String, says: String) {
    let text = "tiers: [{name: small, targets: [open/a]}]\nproviders:\n  \(provider)"
    let found = problems(text).filter { $0.severity == .error }
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.description.contains(says) == true, "\(found)")
    #expect(found.first?.line == 3)
  }

  @Test(arguments: [
    "http://127.0.0.1:1/v1", "http://localhost/v1", "http://10.1.2.3/v1", "http://172.20.0.1", "http://192.168.1.1",
    "http://[::1]:80/v1", "http://[fd00::1]/", "http://vllm:8000/v1", "http://gpu.internal/v1",
  ])
  func plainHTTPIsForPrivateNetworks(url: String) {
    let text = """
      tiers: [{name: small, targets: [p/a]}]
      providers: {p: {kind: openai, key_env: SET, base_url: "\(url)"}}
      """
    #expect(problems(text).isEmpty)
  }

  @Test func everythingIsReportedAtOnce() {
    let text = """
      listen: nowhere
      providers:
        mock: {kind: mock}
      tiers:
        - {name: small, targets: [mock/a, mock/a]}
        - {name: small, targets: []}
      rules: 7
      keys:
        - {name: a, sha256: short}
      """
    let found = problems(text)
    #expect(found.map(\.line) == [1, 5, 6, 7, 9], "\(found)")
  }

  @Test func duplicateKeysDoNotHideTheRest() {
    let text = Self.file("model: a\nmodel: b\nlimits: {drain_s: 1, drain_s: -2}")
    let found = problems(text)
    #expect(found.map(\.line) == [4, 6, 6], "\(found)")
    #expect(found[0].found.contains("twice"))
    #expect(found[2].path == "limits.drain_s")
  }

  @Test(arguments: [
    "a: [1, 2", "a: b: c", "\ta: 1", "a: *nowhere", "--- 1\n--- 2", "a: \"open", "\u{0}", "%YAML 9", "[]", "just text",
  ])
  func brokenFilesAreReported(text: String) {
    #expect(problems(text).contains { $0.severity == .error })
  }

  @Test func deepAndHugeFilesAreRefused() {
    #expect(!problems(String(repeating: "[", count: 100_000)).isEmpty)
    #expect(!problems(String(repeating: "# a\n", count: 1 << 19)).isEmpty)
    let laughs = (1..<24).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }.joined(separator: "\n")
    #expect(!problems("a0: &a0 x\n" + laughs).isEmpty)
  }

  /// Aliases count as what they stand for, and the parser is not asked to compare trees of them.
  @Test(arguments: ["? *a23\n: 1", "{? [*a23] : 1}", "{[*a23]:x}: 1", "*a23 : 1"])
  func aliasesNeverTakeLong(key: String) {
    let laughs = (1..<24).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
    #expect(problems("a0: &a0 x\n\(laughs)\(key)").contains { $0.expected.contains("names as keys") })
    let list =
      "rules: [&r {when: {keywords: [\(String(repeating: "x,", count: 2000))]}}\(String(repeating: ",*r", count: 2000))]"
    #expect(problems(Self.file(list)).map(\.expected).contains { $0.hasPrefix("at most 524288 values") })
  }

  @Test func aFewAliasesAreFine() {
    let text = """
      providers: {mock: {kind: mock}}
      tiers: [{name: small, targets: &t [mock/a]}]
      listen: "[::1]:8080"
      cors_origins: &o ["https://a.example"]
      allowed_hosts: *o
      """
    #expect(problems(text).isEmpty)
  }

  /// The parser reports the first of the keys that stand twice in an order that changes where one of them is no name.
  @Test func readAgainAFileHasTheSameProblems() {
    let text = "a: 1\n? [x]\n: 1\nb: 1\n? [x]\n: 1\na: 1\n? {y: z}\n: 1\nb: 1\n? {y: z}\n: 1\n"
    let first = problems(text)
    #expect(first.map(\.expected) == ["names as keys"])
    for _ in 0..<50 { #expect(problems(text) == first) }
  }

  /// With a tag and without, a name is two keys for the parser.
  @Test func keysThatStandTwiceWithATagToo() {
    let text = "query: 1\nquery: 2\n!t query: 3\n!t query: 4\n"
    let first = problems(text)
    #expect(first.map(\.expected) == ["each key once"])
    for _ in 0..<50 { #expect(problems(text) == first) }
  }

  @Test func notMoreThanAThousandAreTold() {
    let found = problems(Self.file("keys: [\(String(repeating: "x,", count: 5000))]"))
    #expect(found.count == 1001)
    #expect(found.contains { $0.found == "more" })
  }

  /// What stands where secrets are written, or holds one, is not quoted; nor is what would break the line.
  @Test(arguments: [
    "providers: {api_key: hunter2}", "tiers: {Password: [hunter2]}", "listen: \"Token sk-0123456789hunter2\"",
    "\"a sk-0123456789hunter2\": 1", "listen: \"hunter2\\u2028\"", "\"hunter2\\n\": 1",
    "providers: {sk-0123456789hunter2: {kind: openai}}",
  ])
  func nothingHiddenIsTold(line: String) {
    let found = problems(line)
    #expect(found.contains { $0.severity == .error })
    #expect(!found.contains { $0.description.contains("hunter2") }, "\(found)")
  }

  /// Files with lines and bytes lost, doubled and changed: read to an end, with a configuration or an error.
  @Test func damagedFilesNeverStopTheReader() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let text = try String(contentsOf: root.appending(path: "Sources/OckhamServe/gateway.example.yaml"), encoding: .utf8)
    var state: UInt64 = 7
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let marks = Array("{}[]:,-#&*!|>'\"%@`? \n\t\0\u{7F}0a".utf8)
    for _ in 0..<200 {
      var bytes = Array(text.utf8)
      for _ in 0...draw(4) {
        let place = draw(bytes.count)
        switch draw(4) {
        case 0: bytes[place] = marks[draw(marks.count)]
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(marks[draw(marks.count)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + draw(200)))
        }
      }
      _ = problems(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func secretsAreRefusedAndNotRepeated() {
    let secret = "sk-proj-0123456789abcdef"
    for line in [
      "model: \(secret)", "admin_key_env: \(secret)", "keys: [{name: a, sha256: \(secret)}]", "xyz: \(secret)",
      "\(secret): 1", "policies: {a: {minimum_quality: \(secret)}}",
    ] {
      let found = problems(Self.file(line))
      #expect(found.contains { $0.severity == .error }, "\(line)")
      #expect(!found.contains { $0.description.contains("0123456789") }, "\(found)")
    }
  }

  @Test func missingVariablesAreWarnings() throws {
    let text = Self.file("admin_key_env: NOT_THERE")
    let found = problems(text)
    #expect(found.map(\.severity) == [.warning])
    #expect(found[0].line == 4)
    #expect(found[0].description.contains("NOT_THERE"))
  }

  @Test func formerNamesAreReadWithAWarning() {
    func warnings(_ member: String) -> [ConfigurationProblem] {
      problems(Self.file("policies: {a: {cascade: {judge: mock/a, \(member)}}}")).filter { $0.severity == .warning }
    }
    let old = warnings("min_mark: 0.7")
    #expect(old.count == 1)
    #expect(
      old.first?.description.contains("expected min_score, found min_mark, its former name; write min_score") == true)
    #expect(warnings("min_score: 0.7").isEmpty)
  }

  @Test func keysInRulesMustExist() {
    let key = "keys: [{name: interns, sha256: \(String(repeating: "a", count: 64))}]"
    let found = problems(Self.file(key + "\nrules: [{name: r, when: {keys: intern}, then: {tier: small}}]"))
    #expect(found.count == 1)
    #expect(found.first?.remedy == "did you mean interns?")
  }
}
