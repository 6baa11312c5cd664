import Foundation
import Ockham
import Testing
import TextKit

@testable import Evaluation

@Suite struct ReplayReportTests {
  private func report(decides: (Int) -> Bool = { _ in true }, conversations: Int = 200) throws -> ReplayReport {
    var world = try ObservedWorld(rows: 400, seed: 5)
    let replay = try world.log(conversations: conversations, decides: decides)
    return ReplayReport(replay, names: ("all to mid", "router"))
  }

  @Test func keysAreFixed() throws {
    let report = try report()
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json.text().utf8)) as? [String: Any])
    let fixed: Set = [
      "rows", "disagreement", "ess", "matched", "max_weight", "refused", "incumbent", "candidate", "difference", "by",
    ]
    #expect(fixed.isSubset(of: Set(json.keys)))
    let difference = try #require(json["difference"] as? [String: Any])
    #expect(Set(difference.keys) == ["quality", "cost_usd", "latency_ms", "failures"])
    for key in ["quality", "cost_usd", "latency_ms"] {
      let interval = try #require(difference[key] as? [String: Double])
      #expect(Set(interval.keys) == ["value", "low", "high"])
    }
    #expect(difference["failures"] is NSNull && json["refused"] is NSNull && json["decides"] as? Bool == true)
    #expect(json["rows"] as? Int == 800 && (json["matched"] as? Int ?? 0) > 50)
    let by = try #require(json["by"] as? [String: [String: Any]])
    let (keys, tiers) = (try #require(by["dataset"]).keys, try #require(by["tier"]).keys)
    #expect(Set(by.keys) == ["tier", "task", "dataset"] && Set(keys) == ["k0", "k1"])
    #expect(Set(tiers) == ["mid", "mid → small"])
    let sides = try ["incumbent", "candidate"].map { try #require(json[$0] as? [String: Any]) }
    let cost = try sides.map { side in try #require((side["cost_usd"] as? [String: Double])?["value"]) }
    let saved = try #require((json["saved"] as? [String: Double])?["value"])
    #expect(abs(saved - (1 - cost[1] / cost[0])) < 1e-12 && saved > 0.1)
  }

  @Test func aTableForPeople() throws {
    let report = try report()
    let text = report.text()
    for words in [
      "800 requests in 200 conversations", "incumbent  all to mid: mid 100.0 %", "candidate  router: small",
      "quality", "USD per 1,000", "latency, ms", "dollars saved", "By tier", "By key or dataset", "It saves",
      "known under both", "the two differ on".capitalizedFirst,
    ] { #expect(text.contains(words), "\(words)") }
    #expect(!text.contains("By task"), "one group alone says nothing")
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  /// Labels that the candidate was made from are shown only where the others are too few, and say that they decide nothing.
  @Test func onlyDecidingLabelsCountWhereTheyAreEnough() throws {
    let enough = try report(decides: { $0 % 8 < 6 })
    #expect(enough.decides && enough.rows == 600 && enough.labels.trainingRows == 200)
    #expect(enough.labels.deciding > 50 && enough.labels.training > 0)
    #expect(enough.sentences.contains { $0.contains("Only the former count here") })
    for few in [try report(decides: { $0 < 40 }), try report(decides: { _ in false })] {
      #expect(!few.decides && few.rows == 800 && few.refusal == nil)
      #expect(few.sentences.contains { $0.contains("decides nothing") })
      #expect(few.json["decides"]?.text() == "false")
    }
  }

  /// Dollars need no labels: those of later rows stand, though only all labels together report quality.
  @Test func dollarsAreOfLaterRows() throws {
    let (some, all) = (try report(decides: { $0 < 240 }), try report(decides: { _ in false }))
    #expect(!some.decides && some.rows == 240 && some.refusal == nil && some.labels.trainingRows == 560)
    #expect(some.estimates[.quality] == all.estimates[.quality])
    #expect(some.sentences.contains { $0.contains("Quality decides nothing") })
    let alone = try report(conversations: 60)
    let (cost, whole) = (try #require(some.estimate(.costUSD)), try #require(all.estimate(.costUSD)))
    #expect(cost.incumbent == alone.estimate(.costUSD)?.incumbent && cost.incumbent != whole.incumbent)
  }

  /// Where the rates are known and the labels decide, the interval of quality holds at all times; a fixed period has a shorter one.
  @Test func intervalsThatHoldAtAllTimes() throws {
    var world = try ObservedWorld(rows: 400, seed: 5)
    world.knowsRates = true
    let replay = try world.log(conversations: 400)
    let always = ReplayReport(replay, names: ("all", "router"))
    var options = ReplayOptions()
    options.isPeriodFixed = true
    let period = ReplayReport(replay, names: ("all", "router"), options: options)
    let trueValue = world.trueValue(world.whole.quality)
    let found = try [always, period].map { try #require($0.estimate(.quality)?.difference) }
    for interval in found {
      #expect(interval.low < trueValue && trueValue < interval.high, "\(interval), \(trueValue)")
    }
    #expect(found[0].high - found[0].low > found[1].high - found[1].low)
    #expect(always.json["interval"]?.text() == "\"always\"" && period.json["interval"]?.text() == "\"period\"")
    #expect(always.sentences.contains { $0.contains("however often one looks") })
    // Labels that were drawn for other policies bet less, and lose no validity.
    let (log, step) = (replay.log, Thresholds(increments: [0.05]))
    let other = ReplayLog(
      replay.records, incumbent: ReplayPolicy(name: "all", log: log, choice: .tier(1)),
      candidate: ReplayPolicy(name: "router", log: log, choice: .thresholds(step)))
    let estimate = ReplayEstimate(other, .quality, span: .always)
    #expect(estimate.span == .always || estimate.refusal != nil)
    if let wide = estimate.difference { #expect(wide.high - wide.low > 0.01 && wide.low < wide.high) }
  }

  /// A candidate that knows the labels by heart looks perfect on them and not on those that decide.
  @Test(.timeLimit(.minutes(20))) func memoryIsNoQuality() throws {
    var world = try ObservedWorld(rows: 2_000, seed: 21)
    let (conversations, runs) = (600, 12)
    var (memory, judged, trueValues) = (0.0, 0.0, 0.0)
    for _ in 0..<runs {
      let replay = try world.log(conversations: conversations, decides: { $0 >= 4 * conversations / 2 })
      // Where the labels of the first half say that the weak tier was right, it is taken; elsewhere by a coin that knows nothing.
      var known: [Bool] = []
      let probability = (0..<replay.rowCount).flatMap { row -> [Float] in
        let outcomes = replay.records[row].outcomes
        let isRemembered = !replay.records[row].decides && outcomes[0].quality != nil
        let takesWeak = isRemembered ? (outcomes[0].quality ?? 0) >= (outcomes[1].quality ?? 1) : row % 2 == 0
        known.append(takesWeak)
        return takesWeak ? [1, 1] : [0, 1]
      }
      let log = try ScoredLog(
        tierNames: replay.log.tierNames, origins: replay.log.origins, promptBytes: replay.log.promptBytes,
        probability: .init(probability, columns: 2), quality: replay.log.quality, cost: replay.log.cost,
        draws: replay.log.draws)
      // Every label could have been drawn under this candidate too.
      let records = replay.records.map { record in
        var record = record
        record.outcomes = record.outcomes.map { outcome in
          var outcome = outcome
          if outcome.quality != nil { outcome.inclusion = nil }
          return outcome
        }
        return record
      }
      let labelled = records.indices.filter { records[$0].outcomes[0].quality != nil }
      let overfitted = ReplayLog(
        labelled.map { records[$0] },
        incumbent: ReplayPolicy(name: "all", log: log.selecting(labelled), choice: .tier(1)),
        candidate: ReplayPolicy(
          name: "memory", log: log.selecting(labelled), choice: .thresholds(Thresholds(increments: [0.5]))))
      let report = ReplayReport(overfitted, names: ("all", "memory"))
      let everything = try #require(ReplayEstimate(overfitted, .quality).difference)
      #expect(report.decides)
      memory += everything.value
      judged += try #require(report.estimate(.quality)?.difference).value
      let fresh = labelled.filter { records[$0].decides }
      trueValues +=
        fresh.reduce(0) { sum, row in
          let quality = replay.log.quality
          return sum + (known[row] ? quality[row, 0] - quality[row, 1] : 0)
        } / Double(fresh.count)
    }
    #expect(
      abs(judged - trueValues) < 1e-6 * Double(runs),
      "what decides is the true value of fresh rows: \(judged), \(trueValues)")
    #expect(memory > judged + 0.05 * Double(runs), "memory looks better: \(memory) against \(judged)")
  }

  /// Where the candidate's rules leave a tier that was not open, or hang on what no log contains, no one knows what it would give.
  @Test func foreignRulesAreCountedAndRefused() throws {
    var world = try ObservedWorld(rows: 400, seed: 5)
    let replay = try world.log(conversations: 200)
    func report(every: Int, _ change: (inout ReplayRecord) -> Void) -> ReplayReport {
      var records = replay.records
      for row in stride(from: 0, to: records.count, by: every) { change(&records[row]) }
      return ReplayReport(world.replay(records, replay.log), names: ("all", "router"))
    }
    let pinned = report(every: 2) { ($0.allowed, $0.allowedInDoubt) = ([1], [1]) }
    #expect(pinned.refusal == nil && pinned.foreignRows == 0, "where it was open the candidate may go")
    #expect(pinned.disagreement < report(every: 1_000) { _ in }.disagreement)
    let doubtful = report(every: 2) {
      ($0.allowed, $0.allowedInDoubt, $0.doubtfulRules) = ([0, 1], [1], ["private"])
    }
    guard case .rules(let rows, let dollars?) = doubtful.refusal else {
      Issue.record("\(String(describing: doubtful.refusal))")
      return
    }
    #expect(rows > 0.1 && dollars > 0.1 && doubtful.doubtfulRules.first?.name == "private")
    #expect(doubtful.json["difference"]?["quality"]?.text() == "null")
    let few = report(every: 400) { ($0.allowed, $0.allowedInDoubt) = ([], []) }
    #expect(few.refusal == nil && few.foreignRows == 2)
    #expect(few.sentences.contains { $0.contains("would treat 2 requests otherwise") })
  }

  @Test func anObjectionRefusesEverything() throws {
    var report = try report()
    report.objection = .rules(rows: 0.03, dollars: 0.05)
    #expect(report.refusal?.sentence.contains("3.0 %") == true && report.saved == nil)
    #expect(report.json["difference"]?["cost_usd"]?.text() == "null")
    #expect(report.text().contains("No quality is given"))
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
