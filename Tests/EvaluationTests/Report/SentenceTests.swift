import Ockham
import Statistics
import Testing

@testable import Evaluation

/// What is said where there is no figure, and where there is one that decides.
@Suite struct SentenceTests {
  // MARK: Refusals

  /// A reason names what was found, what it would take, and what to do, each in one sentence.
  private static func isWhole(_ sentence: String, _ parts: [String], _ place: SourceLocation = #_sourceLocation) {
    for part in parts { #expect(sentence.contains(part), "\(sentence)", sourceLocation: place) }
    #expect(sentence.hasSuffix(".") && !sentence.hasSuffix(".."), "\(sentence)", sourceLocation: place)
    #expect(!sentence.contains("nan") && !sentence.contains("inf "), "\(sentence)", sourceLocation: place)
    #expect(sentence.contains(";") || sentence.contains(":"), "no remedy: \(sentence)", sourceLocation: place)
  }

  @Test(
    arguments: [
      (.noRows, ["add the outcome's quality"]), (.deterministic, ["log the propensity"]),
      (.missingPropensity(rows: 1_200, of: 5_000), ["1,200 of 5,000", "--propensity fitted"]),
      (.noSupport(rows: 12, of: 5_000), ["12 of 5,000", "explore"]),
      (.fewMatches(effectiveSampleSize: 17.26), ["17.3", "fewer than 50"]),
      (.heavyWeight(share: 0.31), ["31.0 %", "10 %"]), (.inconsistent(meanWeight: 1.499), ["1.50", "instead of 1"]),
      (.noPrediction, ["log its outcomes too"]), (.predicted(share: 0.995), ["99.5 %", "at random"]),
    ] as [(OffPolicyRefusal, [String])])
  func whatPropensitiesCannotSay(refusal: OffPolicyRefusal, parts: [String]) {
    Self.isWhole(refusal.sentence, parts)
    #expect(ReplayRefusal.draws(refusal).sentence == refusal.sentence)
  }

  @Test(
    arguments: [
      (.noRequests, ["longer period"]), (.fewConversations(labelled: 49), ["49", "50 are needed", "gather more"]),
      (.missing(share: 0.0716), ["7.2 %", "5.0 %", "fail"]), (.heavyWeight(share: 0.25), ["25.0 %", "10.0 %"]),
    ] as [(LabelRefusal, [String])])
  func whatLabelsCannotSay(refusal: LabelRefusal, parts: [String]) {
    Self.isWhole(ReplayRefusal.labels(refusal).sentence, parts)
    #expect(!"\(refusal)".hasSuffix("."))
  }

  @Test(
    arguments: [
      (.noPairs(disagreements: 4_321), ["4,321", "shadow copies"]), (.unknownInclusion(rows: 17), ["17", "inclusion"]),
      (.fewConversations(7), ["7 conversations", "at least 50"]),
      (.fewLabels(effectiveSampleSize: 49.04), ["49.0", "50"]),
      (.heavyWeight(share: 0.5), ["50.0 %", "10 %"]), (.inconsistent(meanWeight: 0.25), ["0.25", "--since"]),
      (.missingLabels(share: 0.125), ["12.5 %", "5 %"]), (.noPrediction, ["log its outcomes too"]),
      (.rules(rows: 0.02, dollars: nil), ["2.0 % of the requests otherwise", "1 %"]),
      (.rules(rows: 0.02, dollars: 0.3), ["2.0 %", "30.0 % of the dollars", "1 %"]),
    ] as [(ReplayRefusal, [String])])
  func whatAReplayCannotSay(refusal: ReplayRefusal, parts: [String]) { Self.isWhole(refusal.sentence, parts) }

  // MARK: Verdicts

  /// All to the first tier by one model and all to the second by the other, where these differ by so much in every request.
  @Test(arguments: [-1, 0, 1], [-1, 0, 1]) func whatTheModelsOwnThresholdsComeTo(quality: Int, cost: Int) throws {
    let rows = 40
    let log = try ScoredLog(
      tierNames: ["a", "b"], origins: (0..<rows).map { RowOrigin(id: "\($0)") },
      promptBytes: [Int](repeating: 9, count: rows),
      probability: Matrix((0..<rows).flatMap { [0.1, 0.7 + Float($0) / 1_000] }, columns: 2),
      quality: Matrix((0..<rows).flatMap { _ in [0.5, 0.5 + 0.25 * Double(quality)] }, columns: 2),
      cost: Matrix((0..<rows).flatMap { _ in [0.002, 0.002 + 0.001 * Double(cost)] }, columns: 2))
    func side(_ step: Float) -> ModelComparison.Side {
      ModelComparison.Side(name: "m", log: log, thresholds: Thresholds(increments: [step]))
    }
    let comparison = try ModelComparison(side(0.9), side(0.1), parameters: .init(resamples: 100))
    #expect(comparison.shares == [[1, 0], [0, 1]] && comparison.differingShare == 1)
    let sentence = try #require(comparison.verdict.sentences.last)
    let conclusions = [
      ["the second is worse and cheaper", "the second is worse", "the second is worse and more expensive"],
      [
        "the second is cheaper, and the log cannot distinguish their quality", "the log cannot distinguish them",
        "the second is more expensive, and the log cannot distinguish their quality",
      ],
      ["the second is better and cheaper", "the second is better", "the second is better and more expensive"],
    ]
    #expect(sentence.hasSuffix(": \(conclusions[quality + 1][cost + 1])."), "\(sentence)")
    #expect(sentence.contains(["quality -0.2500", "quality 0.0000", "quality +0.2500"][quality + 1]), "\(sentence)")
    #expect(sentence.contains([", -$1.00 per", ", $0 per", ", +$1.00 per"][cost + 1]), "\(sentence)")
  }

  // MARK: Goals

  /// What a guarantee rests on is said of it and of its refusal alike.
  @Test func assumptionsAreThoseOfTheRows() throws {
    var made = MadeUpLog(seed: 71)
    let plain = try made.log(rows: 900)
    let weighted = try made.log(rows: 900, weighted: true)
    func assumptions(_ log: ScoredLog, _ goal: ThresholdGoal, _ costs: TierCosts) throws -> [String] {
      switch try ThresholdChoice(log, goal: goal, tierCosts: costs, parameters: .init(gridCount: 16, orders: 4)) {
      case .chosen(let chosen):
        #expect(chosen.guarantee.contains("95 %") && chosen.guarantee.hasSuffix("n = 900."))
        return chosen.assumptions
      case .refused(let refusal):
        #expect(refusal.reason.contains("900 rows are evidence"))
        return refusal.assumptions
      }
    }
    let given = try TierCosts(given: [0.0002, 0.001], tierCount: 2)
    let share = ThresholdGoal.maximumShare(tier: "mid", share: 0.4)
    let few = try assumptions(plain, share, given)
    #expect(few.count == 2 && few[1].contains("costs stated"))
    #expect(try assumptions(plain, share, TierCosts(measuring: plain))[1].contains("mean costs in the log"))
    #expect(try assumptions(plain, share, TierCosts(nominalFor: 2))[1].contains("1, 5, 25"))
    #expect(try assumptions(weighted, share, TierCosts(nominalFor: 2)).last?.contains("1, 5, 25") == true)
    for usd in [0.5, 1e-6] {
      let dollars = try assumptions(weighted, .maximumCostPer1000(usd: usd), given)
      #expect(dollars.count == 4, "\(dollars)")
      let most = weighted.cost.elements.max() ?? 0
      #expect(dollars[1].hasPrefix("No request costs more than the most expensive one in the log, $0.001"), "\(most)")
      #expect(dollars[2].contains("no weight is larger"))
    }
    // A goal that nothing can meet offers no number of rows.
    let choice = try ThresholdChoice(
      plain, goal: .maximumCostPer1000(usd: 1e-6), tierCosts: given, parameters: .init(gridCount: 16, orders: 4))
    guard case .refused(let refusal) = choice else {
      Issue.record("expected a refusal")
      return
    }
    #expect(refusal.rowsNeeded == nil && refusal.reason.contains("'small' alone costs $0."))
    #expect(refusal.guarantee.contains("costs at most $0."), "\(refusal.guarantee)")
  }
}
