import Ockham
import Testing

@testable import RequestLog

@Suite struct TierMapTests {
  private func survey(_ records: LogRecord...) -> OutcomeStatistics {
    var survey = OutcomeStatistics()
    for record in records { survey.add(record) }
    return survey
  }

  private func record(_ outcomes: ModelOutcome..., tier: String? = nil) -> LogRecord {
    LogRecord(id: "a", request: Request(prompt: "x"), outcomes: outcomes, tier: tier)
  }

  private func record(_ outcomes: [ModelOutcome]) -> LogRecord {
    LogRecord(id: "b", request: Request(prompt: "x"), outcomes: outcomes)
  }

  private func error(_ flags: [String], _ survey: OutcomeStatistics? = nil) -> TierMapError? {
    do throws(TierMapError) {
      if let survey {
        _ = try TierMap(flags.isEmpty ? nil : TierMap(flags: flags), survey: survey)
      } else {
        _ = try TierMap(flags: flags)
      }
      return nil
    } catch { return error }
  }

  @Test func flags() throws {
    let map = try TierMap(flags: ["cheap=a", "cheap=b=c", "expensive=d/e"])
    #expect(map.tiers == [.init(name: "cheap", models: ["a", "b=c"]), .init(name: "expensive", models: ["d/e"])])
    #expect(["cheap", "a", "b=c", "expensive", "d/e", "x"].map(map.index) == [0, 0, 0, 1, 1, nil])
  }

  @Test func defaultNamesTakeTheirOrder() throws {
    #expect(try TierMap(flags: ["frontier=a", "small=b"]).names == ["small", "frontier"])
    #expect(try TierMap(flags: ["frontier=a", "tiny=b"]).names == ["frontier", "tiny"])
  }

  @Test func patternsStandForAllNamesThatFit() throws {
    let map = try TierMap(flags: ["small=*mini*", "small=llama-*-8b", "frontier=gpt-4o", "frontier=gpt-5*"])
    let names = [
      "gpt-4o-mini", "llama-3.1-8b", "llama-3-70b", "gpt-4o", "gpt-5", "gpt-5-mini", "mini", "llama-8b", "llama--8b",
    ]
    #expect(names.map(map.index) == [0, 0, nil, 1, 1, 0, 0, nil, 0])
    func survey(_ names: [String]) -> OutcomeStatistics {
      self.survey(
        record(ModelOutcome(name: "gpt-4o", quality: 1)), record(names.map { ModelOutcome(name: $0, quality: 1) }))
    }
    let flags = ["small=*mini*", "frontier=gpt-4o", "frontier=gpt-5*"]
    #expect(error(flags, survey(["a-mini", "gpt-5"])) == nil)
    #expect(error(flags, survey(["a-mini", "gpt-5", "gpt-5-mini"])) == .modelInTwoTiers("gpt-5-mini"))
    guard case .unseenModel("*mini*", _) = error(flags, survey(["gpt-5"])) else {
      Issue.record("a pattern that fits nothing passes")
      return
    }
  }

  @Test func badFlags() {
    #expect(error(["small"]) == .malformedFlag("small", found: "no ="))
    #expect(error(["=a"]) == .malformedFlag("=a", found: "no tier before ="))
    #expect(error(["a="]) == .malformedFlag("a=", found: "no model after ="))
    #expect(error(["a b=c"]) == .malformedFlag("a b=c", found: "a tier name with white space or a comma"))
    #expect(error(["a=m", "a=m"]) == .repeatedFlag("a=m"))
    #expect(error(["a=m", "b=m"]) == .modelInTwoTiers("m"))
    #expect(error(["a=m", "b=a"]) == .modelInTwoTiers("a"))
    #expect(error(["a=m"]) == .tooFewTiers(names: ["a"]))
    #expect(error((0...64).map { "t\($0)=m\($0)" }) == .tooManyTiers(count: 65))
    #expect(throws: TierMapError.repeatedTier("a")) {
      try TierMap(tiers: [.init(name: "a", models: []), .init(name: "a", models: [])])
    }
  }

  @Test func defaults() throws {
    let named = survey(record(ModelOutcome(name: "small"), ModelOutcome(name: "frontier"), ModelOutcome(name: "other")))
    #expect(try TierMap(nil, survey: named).names == ["small", "frontier"])
    #expect(try TierMap(nil, survey: survey(record(tier: "small"))).names == ["small", "mid", "frontier"])
    let mixed = survey(record(ModelOutcome(name: "small"), tier: "mid"))
    #expect(try TierMap(nil, survey: mixed).names == ["small", "mid"])
  }

  @Test func unmapped() throws {
    let found = survey(
      record(ModelOutcome(name: "weak", quality: 0), ModelOutcome(name: "strong", quality: 1)),
      record(ModelOutcome(name: "strong", quality: 0.5), ModelOutcome(name: "silent")))
    let error = error([], found)
    #expect(
      error
        == .unmapped(models: [
          .init(name: "strong", count: 2, qualityCount: 2, meanQuality: 0.75),
          .init(name: "silent", count: 1, meanQuality: nil),
          .init(name: "weak", count: 1, qualityCount: 1, meanQuality: 0),
        ]))
    let text = error?.description ?? ""
    #expect(
      text.contains("strong: 2 outcomes, mean quality 0.75") && text.contains("silent: 1 outcomes, quality unknown"))
    #expect(text.contains("--tier small=") && text.contains("--tier frontier='strong'"))
  }

  @Test func noOutcomesAndUnseenModels() {
    #expect(error([], survey(record())) == .noOutcomes)
    let known = survey(record(ModelOutcome(name: "a"), ModelOutcome(name: "b")))
    #expect(error(["small=a", "frontier=b"], known) == nil)
    guard case .unseenModel("c", _) = error(["small=a", "frontier=c"], known) else { return #expect(Bool(false)) }
  }

  @Test func meansOfTheKnown() throws {
    let map = try TierMap(flags: ["small=a", "small=b", "mid=c", "frontier=d"])
    let outcomes = map.outcomes(
      of: record(
        ModelOutcome(name: "a", quality: 1, costUSD: 0.25, outputTokens: 1),
        ModelOutcome(name: "b", quality: 0, outputTokens: 2),
        ModelOutcome(name: "c"), ModelOutcome(name: "frontier", quality: 0.5, latencyMilliseconds: 9),
        ModelOutcome(name: "x", quality: 1)))
    #expect(
      outcomes
        == TierOutcomes(
          quality: [0.5, nil, 0.5], costUSD: [0.25, nil, nil], outputTokens: [1.5, nil, nil],
          latencyMilliseconds: [nil, nil, 9]))
  }

  @Test func labelsFillWhatOutcomesDoNotSay() throws {
    let map = try TierMap(flags: ["small=a", "mid=b", "frontier=c"])
    #expect(map.outcomes(of: record(tier: "mid")).quality == [0, 1, 1])
    #expect(map.outcomes(of: record(tier: "small")).quality == [1, 1, 1])
    #expect(map.outcomes(of: record(ModelOutcome(name: "c", quality: 0.25), tier: "frontier")).quality == [0, 0, 0.25])
    #expect(map.outcomes(of: record(tier: "huge")).quality == [nil, nil, nil])
    #expect(map.outcomes(of: record()).quality == [nil, nil, nil])
  }
}
