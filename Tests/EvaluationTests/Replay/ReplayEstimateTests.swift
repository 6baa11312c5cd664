import Foundation
import Ockham
import Statistics
import Testing

@testable import Evaluation

@Suite struct ReplayEstimateTests {
  /// The formula, written down plainly: Σ [m + 1{rated}·(D − m)/ι] / N.
  @Test func isTheFormula() throws {
    var world = try ObservedWorld(rows: 400, seed: 5)
    let replay = try world.log(conversations: 150)
    var (level, pairs) = (0.0, [LabelledPair]())
    for row in 0..<replay.rowCount {
      let (base, other) = (replay.incumbent[row], replay.candidate[row])
      let (outcomes, p) = (replay.records[row].outcomes, replay.log.probability)
      let predicted = (base: Double(p[row, base]), other: Double(p[row, other]))
      level += predicted.base
      if let quality = outcomes[base].quality, let inclusion = outcomes[base].inclusion {
        level += (quality - predicted.base) / inclusion
      }
      guard base != other else { continue }
      pairs.append(
        LabelledPair(
          conversation: replay.conversations[row], inclusion: 1, prediction: predicted.other - predicted.base))
      if let low = outcomes[base].quality, let high = outcomes[other].quality, let inclusion = outcomes[0].inclusion {
        let place = pairs.count - 1
        (pairs[place].inclusion, pairs[place].isDrawn, pairs[place].difference) = (inclusion, true, high - low)
      }
    }
    let count = Double(replay.rowCount)
    // Predictions are fitted without the conversation's own labels; where a conversation stands among others decides its fold.
    let requests = [Double](repeating: 4, count: replay.conversationCount)
    let difference = LabelSample(pairs: pairs, requests: requests).crossFitted().pairs.reduce(0) { sum, pair in
      sum + pair.prediction + (pair.difference.map { ($0 - pair.prediction) / pair.inclusion } ?? 0)
    }
    let estimate = ReplayEstimate(replay, .quality)
    #expect(estimate.method == .labels && estimate.refusal == nil)
    let (found, base, other) = (
      try #require(estimate.difference), try #require(estimate.incumbent), try #require(estimate.candidate)
    )
    #expect(abs(found.value - difference / count) < 1e-9 && abs(base.value - level / count) < 1e-9)
    #expect(abs(other.value - (level + difference) / count) < 1e-9)
    let ratio = try #require(estimate.ratio)
    #expect(
      abs(ratio.value - (level + difference) / level) < 1e-9 && ratio.low < ratio.value && ratio.value < ratio.high)
  }

  /// Of many logs drawn from one population, 95 in 100 have the true value in their intervals, and their mean is near it.
  @Test(.timeLimit(.minutes(20))) func intervalsHold() throws {
    var world = try ObservedWorld(rows: 2_000, seed: 11)
    let trueValues = (quality: world.trueValue(world.whole.quality), cost: world.trueValue(world.whole.cost))
    let runs = 200
    var (covered, values) = ((quality: 0, cost: 0), [Double]())
    for _ in 0..<runs {
      let replay = try world.log(conversations: 220)
      let quality = try #require(ReplayEstimate(replay, .quality).difference)
      let cost = ReplayEstimate(replay, .costUSD)
      #expect(cost.method == .labels)
      let usd = try #require(cost.difference)
      covered.quality += (quality.low...quality.high).contains(trueValues.quality) ? 1 : 0
      covered.cost += (usd.low...usd.high).contains(trueValues.cost) ? 1 : 0
      values.append(quality.value)
    }
    // The chance of fewer than 91 % of 200 at a true 95 % is about 1 in 100; the draws are the same on every run.
    #expect(covered.quality >= runs * 91 / 100 && covered.cost >= runs * 91 / 100, "\(covered)")
    let mean = values.reduce(0, +) / Double(runs)
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(runs * runs)).squareRoot()
    #expect(abs(mean - trueValues.quality) < 4 * spread, "mean \(mean), true value \(trueValues.quality)")
  }

  @Test func policiesThatAgreeDifferByNothing() throws {
    var world = try ObservedWorld(rows: 400, seed: 5)
    let replay = try world.log(conversations: 100)
    let log = replay.log
    let same = ReplayPolicy(name: "all", log: log, choice: .tier(1))
    let agreed = ReplayLog(replay.records, incumbent: same, candidate: same)
    let estimate = ReplayEstimate(agreed, .quality)
    let (quality, kept) = (try #require(estimate.difference), try #require(estimate.ratio))
    #expect(quality.value == 0 && quality.high > 0 && quality.low == -quality.high && quality.high < 0.05)
    #expect(kept.value == 1 && kept.low < 1 && kept.low > 0.9)
    // Without any label no one knows how good the tier is, but the same decisions keep all of it.
    let unlabelled = [ReplayRecord](repeating: ReplayRecord(outcomes: [.init(), .init()]), count: replay.rowCount)
    let unmeasured = ReplayEstimate(ReplayLog(unlabelled, incumbent: same, candidate: same), .quality)
    #expect(unmeasured.incumbent == nil && unmeasured.ratio?.value == 1 && (unmeasured.ratio?.low ?? 1) < 1)
    let cost = ReplayEstimate(agreed, .costUSD)
    #expect(cost.difference == IntervalEstimate(value: 0, low: 0, high: 0))
    #expect(cost.incumbent?.value == cost.candidate?.value)
  }

  /// A request that no one could have sent elsewhere changes nothing but the number that the difference is shared by.
  @Test func pinsCountAsNoDifference() throws {
    var world = try ObservedWorld(rows: 400, seed: 5)
    let replay = try world.log(conversations: 100)
    let pinned = replay.records.map { record in
      var record = record
      record.isEligible = false
      return record
    }
    #expect(!(0..<replay.rowCount).contains(where: world.replay(pinned, replay.log).differs))
  }

  @Test func missingLabelsWidenAndThenRefuse() throws {
    var (whole, holed, worse) = (
      try ObservedWorld(rows: 400, seed: 5), try ObservedWorld(rows: 400, seed: 5),
      try ObservedWorld(rows: 400, seed: 5)
    )
    let full = ReplayEstimate(try whole.log(conversations: 300), .quality)
    let some = ReplayEstimate(try holed.log(conversations: 300, missing: 0.03), .quality)
    let many = ReplayEstimate(try worse.log(conversations: 300, missing: 0.3), .quality)
    let widths = try [full, some].map { estimate in
      let difference = try #require(estimate.difference)
      return difference.high - difference.low
    }
    #expect(some.evidence.missingRows > 0 && widths[1] > widths[0] + 0.01)
    guard case .missingLabels(let share) = many.refusal else {
      Issue.record("expected a refusal, found \(String(describing: many.refusal))")
      return
    }
    #expect(share > 0.2 && many.difference == nil && many.method == nil)
  }

  @Test func refusesWhatLabelsCannotCarry() throws {
    var world = try ObservedWorld(rows: 400, seed: 5)
    let replay = try world.log(conversations: 300)
    func refusal(_ change: (inout ReplayRecord, Int) -> Void, rows: Int? = nil) -> ReplayRefusal? {
      var records = replay.records
      for row in records.indices { change(&records[row], row) }
      let all = world.replay(records, replay.log)
      let part = rows.map { all.selecting(Array(0..<$0)) } ?? all
      return ReplayEstimate(part, .quality).refusal
    }
    #expect(refusal { _, _ in } == nil)
    let none = refusal { record, _ in
      for tier in 0..<2 { (record.outcomes[tier].quality, record.outcomes[tier].inclusion) = (nil, nil) }
    }
    guard case .noPairs = none else { Issue.record("\(String(describing: none))"); return }
    let unknown = refusal { record, _ in for tier in 0..<2 { record.outcomes[tier].inclusion = nil } }
    guard case .unknownInclusion = unknown else { Issue.record("\(String(describing: unknown))"); return }
    let few = refusal({ _, _ in }, rows: 60)
    guard case .fewConversations = few else { Issue.record("\(String(describing: few))"); return }
    // Half of the requests could not be drawn, and the log says otherwise of those that were.
    let structural = refusal { record, row in
      if row % 2 == 0 {
        for tier in 0..<2 { (record.outcomes[tier].quality, record.outcomes[tier].inclusion) = (nil, nil) }
      }
    }
    guard case .inconsistent(let mean) = structural else { Issue.record("\(String(describing: structural))"); return }
    #expect(mean < 0.7)
    let heavy = refusal { record, row in
      guard
        row
          == replay.records.indices.first(where: { replay.differs($0) && replay.records[$0].outcomes[0].quality != nil }
          )
      else { return }
      for tier in 0..<2 { record.outcomes[tier].inclusion = 0.001 }
    }
    guard case .fewLabels = heavy else { Issue.record("\(String(describing: heavy))"); return }
    for refusal in [none, unknown, few, structural, heavy] {
      #expect(refusal?.sentence.hasSuffix(".") == true)
    }
  }

  /// With tiers drawn by chance and no labels, each side is what `evaluate` says of it.
  @Test func propensitiesAgreeWithEvaluate() throws {
    var made = MadeUpLog(seed: 3)
    let whole = try made.log(rows: 2_000)
    var generator = SplitMix64(seed: 4)
    let draws = (0..<2_000).map { row in
      let tier = generator.next(below: 2)
      return LoggedDraw(
        tier: tier, propensity: 0.5, quality: whole.quality[row, tier], costUSD: whole.cost[row, tier],
        latencyMilliseconds: 100, hasFailed: tier == 0 && row % 10 == 0)
    }
    let log = try ScoredLog(
      tierNames: whole.tierNames, origins: whole.origins, promptBytes: whole.promptBytes,
      probability: whole.probability, quality: whole.quality, cost: whole.cost, draws: draws)
    let records = draws.map { draw in
      var outcomes = [ReplayRecord.Outcome](repeating: .init(), count: 2)
      outcomes[draw.tier] = .init(quality: draw.quality, costUSD: draw.costUSD, latencyMilliseconds: 100)
      return ReplayRecord(outcomes: outcomes)
    }
    let thresholds = Thresholds(increments: [0.15])
    let replay = ReplayLog(
      records, incumbent: ReplayPolicy(name: "all", log: log, choice: .tier(1)),
      candidate: ReplayPolicy(name: "router", log: log, choice: .thresholds(thresholds)))
    let report = try #require(OffPolicyReport(log, thresholds: thresholds))
    for (quantity, sides) in [
      (ReplayQuantity.quality, (report.others[1].quality, report.own.quality)),
      (.costUSD, (try #require(report.others[1].costUSD), try #require(report.own.costUSD))),
    ] {
      let estimate = ReplayEstimate(replay, quantity)
      #expect(estimate.method == .propensities, "\(String(describing: estimate.refusal))")
      #expect(estimate.incumbent == sides.0.robust)
      let (candidate, found) = (try #require(estimate.candidate), try #require(estimate.difference))
      let (own, all) = (try #require(sides.1.doublyRobust), try #require(sides.0.doublyRobust))
      #expect(abs(candidate.value - own) < 1e-12 && abs(found.value - (own - all)) < 1e-12)
    }
    // The true value of the very rows is known, and the difference is known better than either side.
    let tiers = thresholds.tiers(whole, rows: Array(0..<2_000))
    let trueValue = tiers.indices.reduce(0) { $0 + whole.quality[$1, tiers[$1]] - whole.quality[$1, 1] } / 2_000
    let found = try #require(ReplayEstimate(replay, .quality).difference)
    #expect(found.low < trueValue && trueValue < found.high)
    let failures = try #require(ReplayEstimate(replay, .failures).difference)
    #expect(failures.low > 0 && failures.high < 0.2)
  }

  /// What is merely predicted says so, and quality is never predicted.
  @Test func predictsDollarsButNoQuality() throws {
    var world = try ObservedWorld(rows: 400, seed: 5)
    let replay = try world.log(conversations: 100)
    let records = replay.records.enumerated().map { row, record in
      var record = record
      for tier in 0..<2 { (record.outcomes[tier].quality, record.outcomes[tier].inclusion) = (nil, nil) }
      if row > 20 { record.outcomes[0] = .init() }
      return record
    }
    let bare = world.replay(records, replay.log)
    let cost = ReplayEstimate(bare, .costUSD)
    #expect(cost.method == .predicted && cost.difference?.value ?? 0 < 0)
    #expect(ReplayEstimate(bare, .quality).difference == nil)
    let failures = ReplayEstimate(bare, .failures)
    #expect(failures.method == nil && failures.refusal == .noPrediction)
  }

  /// People who contradict the judge correct him, once there are enough of them.
  @Test func ratingsByPeopleCorrectLabels() throws {
    var world = try ObservedWorld(rows: 400, seed: 5)
    let replay = try world.log(conversations: 500)
    // The judge is half a point too kind to the weak tier where it was wrong; people see that, on every second label.
    func judged(golden: (Int) -> Bool) -> ReplayEstimate {
      let records = replay.records.enumerated().map { row, record in
        var record = record
        for tier in 0..<2 {
          guard let quality = record.outcomes[tier].quality else { continue }
          if golden(row) { (record.outcomes[tier].gold, record.outcomes[tier].goldInclusion) = (quality, 0.5) }
          if tier == 0 { record.outcomes[tier].quality = max(quality, 0.5) }
        }
        return record
      }
      return ReplayEstimate(world.replay(records, replay.log), .quality)
    }
    let trueValue = try #require(ReplayEstimate(replay, .quality).difference)
    let (kind, corrected) = (judged { _ in false }, judged { $0 % 2 == 0 })
    let (plain, gold) = (try #require(kind.difference), try #require(corrected.difference))
    #expect(!kind.evidence.isGoldCorrected && corrected.evidence.isGoldCorrected && corrected.evidence.goldRows >= 50)
    #expect(plain.value > trueValue.value + 0.01, "the judge inflates: \(plain.value), \(trueValue.value)")
    #expect(abs(gold.value - trueValue.value) < abs(plain.value - trueValue.value), "\(gold.value)")
    #expect(gold.high - gold.low > plain.high - plain.low, "their variance enters")
    let (level, base) = (try #require(corrected.candidate), try #require(corrected.incumbent))
    #expect(abs(level.value - base.value - gold.value) < 1e-9)
  }

  /// What users rate of their own accord is no label, and decides nothing.
  @Test func feedbackDecidesNothing() throws {
    var made = MadeUpLog(seed: 3)
    let whole = try made.log(rows: 2_000)
    var generator = SplitMix64(seed: 4)
    let draws = (0..<2_000).map { row in
      let tier = generator.next(below: 2)
      return LoggedDraw(tier: tier, propensity: 0.5, quality: whole.quality[row, tier])
    }
    let log = try ScoredLog(
      tierNames: whole.tierNames, origins: whole.origins, promptBytes: whole.promptBytes,
      probability: whole.probability, quality: whole.quality, cost: whole.cost, draws: draws)
    func report(isFeedback: Bool) -> ReplayReport {
      let records = draws.map { draw in
        var outcomes = [ReplayRecord.Outcome](repeating: .init(), count: 2)
        outcomes[draw.tier].quality = isFeedback ? nil : draw.quality
        return ReplayRecord(outcomes: outcomes, decides: true)
      }
      let replay = ReplayLog(
        records, incumbent: ReplayPolicy(name: "all", log: log, choice: .tier(1)),
        candidate: ReplayPolicy(name: "router", log: log, choice: .thresholds(Thresholds(increments: [0.15]))))
      return ReplayReport(replay, names: ("all", "router"))
    }
    let (rated, told) = (report(isFeedback: false), report(isFeedback: true))
    #expect(rated.decides && !told.decides && told.restsOnFeedback && told.refusal == nil)
    #expect(rated.estimate(.quality)?.difference == told.estimate(.quality)?.difference)
    #expect(told.sentences.contains { $0.contains("users choose themselves") })
  }
}
