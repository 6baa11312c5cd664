import Foundation
import Judging
import RequestLog
import TextKit
import Testing

@testable import Labelling

/// Asking for answers, against an endpoint on this machine.
struct CollectTests {
  private static let price = TokenPrice(inputUSDPerMillion: 10, outputUSDPerMillion: 100)
  /// What a call of the mock costs: 100 and 10 tokens.
  private static let callUSD = 0.002

  private func target(
    _ mock: MockJudge, tier: String = "small", model: String = "mini", key: String? = nil, timeout: Double = 20
  ) throws -> CollectTarget {
    let endpoint = try ChatEndpoint(
      address: mock.address, model: model, apiKey: key, timeLimitSeconds: timeout, connections: 8)
    return CollectTarget(tier: tier, model: model, endpoint: endpoint, price: Self.price)
  }

  /// Collects; returns the lines written, the summary and what was spent.
  private func collect(
    _ lines: [String], _ targets: [CollectTarget], _ folder: LabelFolder, selection: CollectPlan.Selection = .all,
    amount: CollectPlan.Amount? = nil, cap: Double? = 100, concurrency: Int = 1, attempts: Int = 3,
    deviation: ((RawLineReader.Line) -> Double?)? = nil
  ) async throws -> (lines: [String], summary: CollectSummary, spentUSD: Double) {
    let log = try folder.file("in.jsonl", lines.joined(separator: "\n") + "\n")
    let plan = try CollectPlan(
      logPath: log, targets: targets, selection: selection, maximumTokens: 64, options: LabelOptions(),
      deviation: deviation)
    var retry = CollectRun.patience
    retry.firstPauseSeconds = 0.01
    retry.attempts = attempts
    let run = CollectRun(
      inputPath: log, outputPath: folder.path + "/out.jsonl", targets: targets, plan: plan,
      rate: amount.map { plan.rate(for: $0) } ?? plan.fullRate,
      journal: try CollectJournal(path: folder.path + "/journal"),
      budget: JudgeBudget(capUSD: cap, tokenPrice: nil), retry: retry, maximumTokens: 64, concurrency: concurrency)
    let summary = try await run.run()
    return (try folder.read("out.jsonl").split(separator: "\n").map(String.init), summary, run.budget.spentUSD)
  }

  private static func line(_ id: Int) -> String {
    #"{"id":\#(id),"prompt":"question \#(id)","outcomes":{"big":{"answer":"known"}}}"#
  }

  private static func latencyless(_ line: String) -> String {
    line.replacing(/"latency_ms":[0-9.e+-]+,/, with: "")
  }

  @Test func addsOutcomesAndKeepsTheRest() async throws {
    let mock = try MockJudge { _ in .text("an answer") }
    defer { mock.stop() }
    let lines = [
      #"{ "id":1, "x":1.50e1, "prompt":"q1", "outcomes":{ "big":{"answer":"b"} } }"#, #"{"prompt":"q2"}"#,
      #"{"prompt":"q3","outcomes":null}"#, #"{"prompt":"q4","outcomes":{}}"#,
      #"{"prompt":"q5","outcomes":{"small":{"answer":"here"}}}"#,
      #"{"prompt":"q6","outcomes":{"small":{"quality":0.5}}}"#,
      #"{"prompt":"q7","outcomes":{"small":{"cost_usd":9},"big":{"quality":1}}}"#, "not json",
    ]
    let (out, summary, spent) = try await collect(lines, [try target(mock)], try LabelFolder())
    let new = #"{"answer":"an answer","cost_usd":0.002,"output_tokens":10,"origin":"collected","inclusion":1}"#
    #expect(
      out.map(Self.latencyless) == [
        #"{ "id":1, "x":1.50e1, "prompt":"q1", "outcomes":{ "big":{"answer":"b"} ,"small":\#(new)} }"#,
        #"{"prompt":"q2","outcomes":{"small":\#(new)}}"#, #"{"prompt":"q3","outcomes":{"small":\#(new)}}"#,
        #"{"prompt":"q4","outcomes":{"small":\#(new)}}"#, lines[4], lines[5],
        #"{"prompt":"q7","outcomes":{"small":\#(new),"big":{"quality":1}}}"#, lines[7],
      ])
    #expect(summary.drawn == 5 && summary.tiers[0].answers == 5 && summary.replaced == 1 && summary.lines == 8)
    #expect(mock.calls.count == 5 && abs(spent - 5 * Self.callUSD) < 1e-12)
    // What was written is a log.
    let folder = try LabelFolder()
    let path = try folder.file("log.jsonl", out.dropLast().joined(separator: "\n"))
    let records = try LogSource(paths: [path], options: LogOptions(keepsAnswers: true)).readAll().records
    #expect(records[0].outcomes.map(\.name) == ["big", "small"] && records[0].outcomes[1].origin == .collected)
    #expect(records[1].outcomes[0].inclusion == 1 && records[1].outcomes[0].answer?.text == "an answer")
  }

  @Test func namesOutcomesAsTheLogDoes() async throws {
    let mock = try MockJudge { _ in .text("x") }
    defer { mock.stop() }
    let lines = [#"{"prompt":"q1"}"#, #"{"prompt":"q2","outcomes":{"mini":{"quality":0.5}}}"#]
    let (out, _, _) = try await collect(lines, [try target(mock)], try LabelFolder())
    #expect(out[0].hasPrefix(#"{"prompt":"q1","outcomes":{"mini":{"#) && out[1] == lines[1] && mock.calls.count == 1)
  }

  @Test func sendsWhatTheRequestHas() async throws {
    let mock = try MockJudge { _ in
      MockJudge.Reply(
        body:
          #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},"finish_reason":"tool_calls"}]}"#
      )
    }
    defer { mock.stop() }
    let line =
      #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":{"y":2}}}]},{"role":"tool","content":"t"}],"tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"web_search"}],"tool_choice":"auto","response_format":{"type":"json_schema","schema":{"type":"object"}},"max_completion_tokens":77,"temperature":0.5,"metadata":{"user":"hidden"}}"#
    let (out, summary, spent) = try await collect([line], [try target(mock, key: "sk-test")], try LabelFolder())
    let body = try json(mock.calls[0].body)
    #expect(
      body.jsonText
        == #"{"model":"mini","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"y\":2}"}}]},{"role":"tool","content":"t","tool_call_id":"call_1"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}},"temperature":0.5,"tool_choice":"auto","max_tokens":77}"#
    )
    #expect(mock.calls[0].head.contains("Bearer sk-test") && mock.calls.count == 1)
    let outcome = try #require(try json(out[0])["outcomes"]?["small"])
    #expect(
      outcome["answer"]?.jsonText
        == #"{"content":"","tool_calls":[{"function":{"name":"f","arguments":"{\"x\":1}"}}],"finish_reason":"tool_calls"}"#
    )
    // No usage: what the call cost is unknown, and the budget counts the most it can have cost.
    #expect(outcome["cost_usd"] == nil && spent > Self.callUSD)
    #expect(summary.strippedTools == 1 && summary.tiers[0].toolCalls == 1)
    let folder = try LabelFolder()
    let path = try folder.file("log.jsonl", out[0])
    let record = try LogSource(paths: [path], options: LogOptions(keepsAnswers: true)).readAll().records[0]
    #expect(record.outcomes[0].answer?.message?.toolCalls.first?.name == "f")
  }

  @Test(arguments: [
    #"{"prompt":"q","tools":[{"name":"f"}],"tool_schema_bytes":90}"#,
    #"{"prompt":"q","response_format":{"type":"json_schema"}}"#, #"{"prompt":"q","image_count":2}"#,
    #"{"messages":[{"role":"user","content":"a"},{"role":"tool","content":"b"}]}"#,
    #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"outcomes":{}}"#,
    #"{"outcomes":{}}"#,
  ])
  func asksNothingThatTheLogHasLost(line: String) async throws {
    let mock = try MockJudge { _ in .text("x") }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let log = try folder.file("log.jsonl", line)
    let plan = try CollectPlan(
      logPath: log, targets: [try target(mock)], selection: .all, maximumTokens: 64, options: LabelOptions())
    #expect(plan.rejected == 1 && plan.lacking == 0 && plan.problems[0].position == .line(1))
    let (out, _, _) = try await collect([line], [try target(mock)], folder)
    #expect(out == [line] && mock.calls.isEmpty)
  }

  @Test func goesOnWithoutPayingTwice() async throws {
    let folder = try LabelFolder()
    let lines = (1...12).map(Self.line)
    let first = try MockJudge { $0.number > 7 ? .init(status: 401) : .text("answer \($0.number)") }
    let error = await labelError { _ = try await collect(lines, [try target(first)], folder) }
    #expect(error == .target(tier: "small", .endpointRefused(status: 401, calls: 8)) && error?.exitStatus == 1)
    #expect(error.map { "\($0)".contains("check the key") } == true && !folder.exists("out.jsonl"))
    first.stop()
    // A kill in the middle of a write leaves half a line.
    let journal = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/journal"))
    try journal.seekToEnd()
    try journal.write(contentsOf: Data(#"{"key":"0123","outcome":{"ans"#.utf8))
    try journal.close()
    let second = try MockJudge { .text("late \($0.number)") }
    defer { second.stop() }
    let (out, summary, spent) = try await collect(lines, [try target(second)], folder, concurrency: 3)
    #expect(second.calls.count == 5 && summary.tiers[0].journalled == 7 && summary.tiers[0].answers == 12)
    #expect(abs(spent - 12 * Self.callUSD) < 1e-12)
    for number in 1...7 { #expect(out[number - 1].contains("answer \(number)\"")) }
    #expect(out[7...].allSatisfy { $0.contains("\"late ") })
    #expect(!(try folder.read("journal")).contains("question"))
  }

  @Test func theCapHoldsAndTheOutputHasWhatWasPaid() async throws {
    let mock = try MockJudge { _ in .text("x") }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let lines = (1...40).map(Self.line)
    let (out, summary, spent) = try await collect(lines, [try target(mock)], folder, cap: 0.05, concurrency: 4)
    #expect(summary.isCapped && spent <= 0.05 && spent > 0.02)
    #expect(summary.tiers[0].answers == mock.calls.count && summary.tiers[0].overCap == 40 - mock.calls.count)
    #expect(out.count == 40 && out.count { $0.contains("collected") } == mock.calls.count)
    let before = mock.calls.count
    let (_, again, _) = try await collect(lines, [try target(mock)], folder, cap: 10)
    #expect(!again.isCapped && mock.calls.count == 40 && again.tiers[0].journalled == before)
  }

  /// One answer of 429 holds the others too, as long as the server asks.
  @Test func waitsAsLongAsTheServerAsks() async throws {
    let start = ContinuousClock.now
    let mock = try MockJudge { call in
      call.number == 1 ? .init(status: 429, headers: ["Retry-After: 1"]) : .text("x")
    }
    defer { mock.stop() }
    let (_, summary, _) = try await collect(
      (1...6).map(Self.line), [try target(mock)], try LabelFolder(), concurrency: 2)
    #expect(ContinuousClock.now - start >= .seconds(1) && summary.tiers[0].answers == 6)
    #expect(mock.calls.count == 7 && mock.mostOpen <= 2)
  }

  /// Anyone who wants to stop need not wait until a server may be asked again.
  @Test func stopsWhileAllWait() async throws {
    let mock = try MockJudge { _ in .init(status: 429, headers: ["Retry-After: 36000"]) }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let log = try folder.file("in.jsonl", (1...3).map(Self.line).joined(separator: "\n"))
    let targets = [try target(mock)]
    var options = LabelOptions()
    let plan = try CollectPlan(
      logPath: log, targets: targets, selection: .all, maximumTokens: 64, options: options)
    options.isCancelled = { !mock.calls.isEmpty }
    let run = CollectRun(
      inputPath: log, outputPath: folder.path + "/out.jsonl", targets: targets, plan: plan, rate: plan.fullRate,
      journal: try CollectJournal(path: folder.path + "/journal"), budget: JudgeBudget(capUSD: 1, tokenPrice: nil),
      maximumTokens: 64, concurrency: 2, options: options)
    let start = ContinuousClock.now
    #expect(await labelError { _ = try await run.run() } == .cancelled)
    // On a busy machine the test itself may wait for minutes until it gets a thread.
    #expect(ContinuousClock.now - start < .seconds(18000) && !folder.exists("out.jsonl"))
  }

  @Test func goesOnAfterRequestsThatTheEndpointCannotTake() async throws {
    let mock = try MockJudge { call in
      call.body.contains("question 2\"")
        ? .init(status: 400) : call.body.contains("question 4\"") ? .init(status: 500) : .text("x")
    }
    defer { mock.stop() }
    let folder = try LabelFolder()
    let (out, summary, _) = try await collect((1...5).map(Self.line), [try target(mock)], folder, attempts: 2)
    let tier = summary.tiers[0]
    #expect(tier.answers == 3 && tier.refused == 1 && tier.failed == 1 && tier.missing == 2)
    #expect(out[1] == Self.line(2) && out[3] == Self.line(4))
    // What was refused for good is not asked again; what failed is.
    let before = mock.calls.count
    _ = try await collect((1...5).map(Self.line), [try target(mock)], folder, attempts: 1)
    #expect(mock.calls.count == before + 1)
  }

  @Test func endsWhereNothingComes() async throws {
    let mock = try MockJudge { _ in .init(status: 400) }
    defer { mock.stop() }
    let error = await labelError {
      _ = try await collect((1...20).map(Self.line), [try target(mock)], try LabelFolder())
    }
    guard case .target("small", .endpointRefused(400, _)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(mock.calls.count == 5)
  }

  @Test func asksSeveralTiers() async throws {
    let small = try MockJudge { _ in .text("small says") }
    let large = try MockJudge { _ in .text("large says") }
    defer { for mock in [small, large] { mock.stop() } }
    let lines = [#"{"prompt":"q"}"#, #"{"prompt":"r","outcomes":{"large":{"answer":"x"}}}"#]
    let (out, summary, _) = try await collect(
      lines, [try target(small), try target(large, tier: "large", model: "o3")], try LabelFolder(), concurrency: 2)
    let first = try #require(try json(out[0])["outcomes"])
    #expect(first.members?.map(\.key) == ["small", "large"] && first["large"]?["answer"]?.string == "large says")
    #expect(small.calls.count == 2 && large.calls.count == 1 && summary.tiers.map(\.answers) == [2, 1])
    // Models that know only the newer name of the limit get that.
    #expect(large.calls[0].body.contains("max_completion_tokens") && !small.calls[0].body.contains("max_completion"))
  }

  /// The draws: as likely as they say, the same in every run, written into both outcomes of a pair.
  @Test func drawsAndSaysHowLikely() async throws {
    let mock = try MockJudge { _ in .text("x") }
    defer { mock.stop() }
    let lines = (1...300).map(Self.line)
    let folder = try LabelFolder()
    let (out, summary, _) = try await collect(
      lines, [try target(mock)], folder, selection: .uniform, amount: .labels(60), concurrency: 8)
    #expect((35...90).contains(summary.drawn) && mock.calls.count == summary.drawn)
    let drawn = try out.map { try json($0) }.filter { $0["outcomes"]?["small"] != nil }
    #expect(drawn.count == summary.drawn)
    for record in drawn {
      for name in ["small", "big"] {
        #expect(abs((record["outcomes"]?[name]?["inclusion"]?.number ?? 0) - 0.2) < 1e-9)
      }
    }
    let (again, _, _) = try await collect(
      lines, [try target(mock)], folder, selection: .uniform, amount: .labels(60), concurrency: 2)
    #expect(again == out && mock.calls.count == summary.drawn)
  }
}
