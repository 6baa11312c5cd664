import Foundation
import Statistics
import Testing

@testable import Evaluation

/// Means over conversations, beside means with one conversation left out.
@Suite struct ConversationMeanTests {
  private static func made(_ count: Int, seed: UInt64, heavy: Double = 1) -> ConversationMean {
    var random = SplitMix64(seed: seed)
    let sums = (0..<count).map { $0 == 3 ? heavy : Double(random.nextUnit()) }
    let counts = (0..<count).map { Double(1 + $0 % 3) }
    return ConversationMean(sums: sums, counts: counts)
  }

  private static func sums(_ count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in 0.5 + Double(random.nextUnit()) }
  }

  /// The infinitesimal jackknife: what a conversation adds is what its absence takes away, (C − 1)·(θ − θ without it).
  @Test func influencesAreThoseOfLeavingOut() throws {
    let count = 400
    let (first, second) = (Self.sums(count, seed: 1), Self.sums(count, seed: 2))
    let counts = (0..<count).map { Double(1 + $0 % 3) }
    let (one, other) = (
      ConversationMean(sums: first, counts: counts), ConversationMean(sums: second, counts: counts)
    )
    let (difference, ratio) = (one + -other, try #require(one.ratio(to: other)))
    func values(without place: Int?) -> (mean: Double, difference: Double, ratio: Double) {
      let kept = (0..<count).filter { $0 != place }
      let total = kept.reduce(0) { $0 + counts[$1] }
      let (a, b) = (kept.reduce(0) { $0 + first[$1] } / total, kept.reduce(0) { $0 + second[$1] } / total)
      return (a, a - b, a / b)
    }
    let whole = values(without: nil)
    #expect(
      agree(one.value, whole.mean) && agree(difference.value, whole.difference) && agree(ratio.value, whole.ratio))
    for place in 0..<40 {
      let left = values(without: place)
      let scale = Double(count - 1)
      for (influence, change) in [
        (one.influences[place], whole.mean - left.mean),
        (difference.influences[place], whole.difference - left.difference),
        (ratio.influences[place], whole.ratio - left.ratio),
      ] { #expect(abs(influence - scale * change) < 0.02) }
    }
    for mean in [one, difference, ratio] { #expect(abs(mean.influences.reduce(0, +)) < 1e-9) }
  }

  /// Even conversations have the interval of a mean, by Student's t for the degrees that the kurtosis leaves.
  @Test func theIntervalIsThatOfAMean() {
    let values = Self.sums(60, seed: 3)
    let mean = ConversationMean(sums: values, counts: [Double](repeating: 1, count: 60))
    let average = values.reduce(0, +) / 60
    let variance = values.reduce(0) { $0 + pow($1 - average, 2) } / 59
    let kurtosis = values.reduce(0) { $0 + pow($1 - average, 4) } / 60 / (variance * variance)
    let degrees = max(3, 2 * 60 / (kurtosis - 1))
    let reach = StudentT.quantile(0.95, degrees: degrees) * (variance / 60).squareRoot()
    let found = mean.estimate(confidence: 0.9)
    #expect(agree(found.value, average) && agree(found.low, average - reach) && agree(found.high, average + reach))
    let turned = (-mean).estimate(confidence: 0.9)
    #expect(agree(turned.low, -found.high) && agree(turned.high, -found.low))
    let kept = mean.estimate(confidence: 0.9, range: 0...(average - reach / 2))
    #expect(kept.value == average - reach / 2 && kept.high == average - reach / 2 && agree(kept.low, found.low))
  }

  /// One heavy conversation leaves few degrees of freedom: the interval is wider than its spread alone makes it.
  @Test func oneHeavyConversationWidens() {
    let (even, heavy) = (Self.made(300, seed: 4), Self.made(300, seed: 4, heavy: 60))
    func widening(_ mean: ConversationMean) -> Double {
      let squares = mean.influences.reduce(0) { $0 + $1 * $1 }
      let plain = StandardNormal.quantile(0.975) * (squares / 299 / 300).squareRoot()
      let found = mean.estimate(confidence: 0.95)
      return (found.high - found.value) / plain
    }
    #expect((1...1.03).contains(widening(even)))
    #expect(widening(heavy) > 1.5)
  }

  /// What is not known moves both ends, and in a ratio those of the other too.
  @Test func whatIsUnknownMovesTheEnds() throws {
    var (one, other) = (Self.made(50, seed: 5), Self.made(50, seed: 6))
    let (plain, ratio) = (one.estimate(confidence: 0.95), try #require(one.ratio(to: other)).value)
    one.unknown = (0.02, 0.05)
    other.unknown = (0.01, 0.03)
    let found = one.estimate(confidence: 0.95)
    #expect(agree(plain.low - found.low, 0.02) && agree(found.high - plain.high, 0.05) && found.value == plain.value)
    let difference = one + -other
    #expect(agree(difference.unknown.down, 0.05) && agree(difference.unknown.up, 0.06))
    let unknown = try #require(one.ratio(to: other)).unknown
    #expect(agree(unknown.down, (0.02 + ratio * 0.03) / other.value))
    #expect(agree(unknown.up, (0.05 + ratio * 0.01) / other.value))
    #expect(one.ratio(to: -other) == nil && one.ratio(to: other + -other) == nil, "nothing is a part of nothing")
  }

  @Test func oneConversationAloneIsAValueWithoutSpread() {
    let found = ConversationMean(sums: [3], counts: [4]).estimate(confidence: 0.95)
    #expect(found == IntervalEstimate(value: 0.75, low: 0.75, high: 0.75))
  }

  /// Weights W: two made-up draws at Σ W³ / Σ W², of which a row of ones makes 1.
  @Test func theWeightThatDominatesIsBetweenTheMeanAndTheGreatest() {
    #expect(OffPolicyStatistics.dominant([]) == 0 && OffPolicyStatistics.dominant([0, 0]) == 0)
    #expect(OffPolicyStatistics.dominant([1, 1, 1, 0]) == 1 && agree(OffPolicyStatistics.dominant([1, 3]), 2.8))
    var random = SplitMix64(seed: 7)
    for _ in 0..<50 {
      let weights = (0..<9).map { _ in exp(4 * Double(random.nextUnit())) }
      let found = OffPolicyStatistics.dominant(weights)
      #expect(weights.reduce(0, +) / 9 <= found && found <= weights.max() ?? 0)
      #expect(agree(OffPolicyStatistics.dominant(weights.map { 7 * $0 }), 7 * found))
    }
  }
}

/// Propensities that are fitted to who answered.
@Suite struct FittedPropensityTests {
  private struct Rows {
    var features: [[Double]] = []
    var groups: [String] = []
    var tiers: [Int] = []
    var chances: [Double] = []

    /// Three tiers, drawn with chances that hang on one feature and on the group.
    init(_ count: Int, seed: UInt64, strength: Double = 1) {
      var random = SplitMix64(seed: seed)
      for row in 0..<count {
        let x = 2 * Double(random.nextUnit()) - 1
        let group = row % 4 == 0 ? "b" : "a"
        let scores = [strength * x, 0, group == "b" ? strength : -strength * x].map { exp($0) }
        let total = scores.reduce(0, +)
        var (unit, tier) = (Double(random.nextUnit()) * total, 0)
        while tier < 2, unit >= scores[tier] { (unit, tier) = (unit - scores[tier], tier + 1) }
        features.append([x, 5])
        groups.append(group)
        tiers.append(tier)
        chances.append(scores[tier] / total)
      }
    }

    func fit(_ tiers: [Int]? = nil, conversations: [Int]? = nil) -> FittedPropensity {
      FittedPropensity(
        features: features, groups: groups, tiers: tiers ?? self.tiers,
        conversations: conversations ?? Array(features.indices), tierCount: 3)
    }
  }

  @Test func chancesAreNearTheDrawn() {
    let rows = Rows(600, seed: 1)
    let fit = rows.fit()
    #expect(fit.served.allSatisfy { $0 >= FittedPropensity.floor && $0 < 1 })
    let error = zip(fit.served, rows.chances).map { abs($0 - $1) }.reduce(0, +) / 600
    #expect(error < 0.06, "\(error)")
    #expect((0.34...0.7).contains(fit.predictedShare))
    // 1 / propensity adds up to about as many requests as there are, for every tier.
    for tier in 0..<3 {
      let sum = zip(fit.served, rows.tiers).reduce(0) { $0 + ($1.1 == tier ? 1 / $1.0 : 0) }
      #expect(abs(sum / 600 - 1) < 0.15, "tier \(tier): \(sum)")
    }
  }

  /// Tiers are names: to count them from above changes nothing.
  @Test func theOrderOfTheTiersDoesNotMatter() {
    let rows = Rows(120, seed: 2)
    let (plain, turned) = (rows.fit(), rows.fit(rows.tiers.map { 2 - $0 }))
    #expect(agree(plain.served, turned.served, within: 1e-6) && plain.predictedShare == turned.predictedShare)
  }

  /// A row's own conversation has no part in its fit: of rows that stand alone, their own tier leaves no trace.
  @Test func noConversationHasAPartInItsOwnFit() {
    var rows = Rows(150, seed: 3)
    let conversations = (0..<150).map { $0 / 10 }
    let plain = rows.fit(conversations: conversations)
    let own = 50..<60
    for row in own { rows.tiers[row] = (rows.tiers[row] + 1) % 3 }
    let changed = rows.fit(conversations: conversations)
    // The same row with the first tier again: all its chances are as they were.
    for row in own { rows.tiers[row] = (rows.tiers[row] + 2) % 3 }
    let back = rows.fit(conversations: conversations)
    #expect(back.served == plain.served)
    let rest = (0..<150).filter { !own.contains($0) && changed.served[$0] != plain.served[$0] }
    #expect(!rest.isEmpty, "other folds learn from it")
    // All three chances of a row sum to 1, since none of them hangs on who answered it.
    for row in own { rows.tiers[row] = (rows.tiers[row] + 2) % 3 }
    let third = rows.fit(conversations: conversations)
    for row in own {
      #expect(abs(plain.served[row] + changed.served[row] + third.served[row] - 1) < 0.045, "\(row)")
    }
  }

  @Test func aChoiceWithoutChanceIsPredicted() {
    var rows = Rows(150, seed: 4)
    rows.tiers = rows.features.map { $0[0] < -0.4 ? 0 : $0[0] < 0.4 ? 1 : 2 }
    rows.groups = rows.tiers.map { "g\($0)" }
    #expect(rows.fit().predictedShare >= FittedPropensity.predictedShare)
  }

  /// Nothing to learn from leaves all tiers as probable; nothing at all leaves nothing.
  @Test func fewRowsAreNoReasonToFail() {
    let rows = Rows(6, seed: 5)
    let alone = rows.fit(conversations: [Int](repeating: 9, count: 6))
    #expect(agree(alone.served, [Double](repeating: 1.0 / 3, count: 6)))
    let none = FittedPropensity(features: [], groups: [], tiers: [], conversations: [], tierCount: 3)
    #expect(none.served.isEmpty && none.predictedShare == 0)
    #expect(rows.fit().served.allSatisfy { $0.isFinite && $0 >= FittedPropensity.floor })
  }
}
