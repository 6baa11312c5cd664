import Foundation
import Testing

@testable import Statistics

/// Sequences beside their formulas written out, and what a change of units must not change.
@Suite struct SequencePropertyTests {
  /// Draws in 0…1 of some shape, the same on every run.
  private static func draws(_ count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { index in
      let unit = Double(random.nextUnit())
      return seed % 3 == 0 ? (unit < 0.3 ? 1 : 0) : seed % 3 == 1 ? unit * unit : index % 2 == 0 ? 0.5 : unit
    }
  }

  private static func normal(_ random: inout SplitMix64) -> Double {
    StandardNormal.quantile((Double(random.next() >> 12) + 0.5) * 0x1p-52)
  }

  // MARK: Bets

  @Test(arguments: 1...4 as ClosedRange<UInt64>) func betsAreThoseOfTheDrawsBefore(seed: UInt64) {
    let draws = Self.draws(40, seed: seed)
    let weights = draws.indices.map { Double($0 % 3) + 0.5 }
    var bets = PlugInBets(mean: 0.2, variance: 0.7, weight: 2, level: 0.01)
    for count in 0...draws.count {
      // What a residual is taken from is the mean as it was known at that time, with the draw itself.
      func mean(_ taken: Int) -> Double {
        (0.4 + draws[..<taken].reduce(0, +)) / (2 + weights[..<taken].reduce(0, +))
      }
      let squares = (0..<count).reduce(0.7) { $0 + pow(draws[$1] - mean($1 + 1) * weights[$1], 2) }
      let variance = squares / Double(count + 1)
      #expect(abs(bets.mean - mean(count)) < 1e-12 && abs(bets.variance - variance) < 1e-12)
      let next = Double(count + 1)
      let bet = (2 * log(100) / (variance * next * log(1 + next))).squareRoot()
      #expect(abs(bets.bet - bet) < 1e-12 * bet)
      // Before as many draws as the reach takes the bet is reach·w̄/σ²; after them it falls.
      let weight = (2 + weights[..<count].reduce(0, +)) / next
      let planned = 2 * log(100) * variance / pow(0.001 * weight, 2)
      #expect(planned > next)
      #expect(abs(bets.bet(sharpestAt: 0.001) / (0.001 * weight / variance) - 1) < 1e-12)
      #expect(bets.bet(sharpestAt: 10) < 10 * weight / variance)
      if count < draws.count { bets.add(sum: draws[count], weight: weights[count]) }
    }
  }

  @Test func betsOfDrawsWithoutSpreadStayFinite() {
    var bets = PlugInBets(range: 0...1, level: 0.05)
    for _ in 0..<100_000 { bets.add(sum: 0.5) }
    #expect(bets.bet > 0 && bets.bet.isFinite && bets.mean == 0.5)
  }

  // MARK: Betting

  private typealias Draw = (sums: ClosedRange<Double>, weight: Double, bet: Double)

  /// The interval by its definition: each candidate's two capitals, draw after draw.
  private static func plain(
    _ draws: [Draw], range: ClosedRange<Double>, bounds: BettingSequence.Bounds, level: Double, steps: Int,
    risk: Double
  ) -> ClosedRange<Double>? {
    let step = (range.upperBound - range.lowerBound) / Double(steps)
    let candidates = (0...steps).map { range.lowerBound + Double($0) * step }
    let kept = candidates.filter { mean in
      var (above, below, best) = (1.0, 1.0, 1.0)
      for draw in draws {
        let drifts = [mean * bounds.weight.lowerBound, mean * bounds.weight.upperBound]
        let loss = drifts.max()! - bounds.sum.lowerBound
        let gain = bounds.sum.upperBound - drifts.min()!
        above *= 1 + min(draw.bet, risk / loss) * (draw.sums.lowerBound - mean * draw.weight)
        below *= 1 - min(draw.bet, risk / gain) * (draw.sums.upperBound - mean * draw.weight)
        best = max(best, above, below)
      }
      return best <= 2 / level
    }
    guard let first = kept.first, let last = kept.last else { return nil }
    return max(range.lowerBound, first - step)...min(range.upperBound, last + step)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func intervalsAreThoseOfAllCandidates(seed: UInt64) {
    let (units, extra) = (Self.draws(120, seed: seed), Self.draws(120, seed: seed + 7))
    let bounds = BettingSequence.Bounds(sum: -2...2, weight: 0...2)
    var sequence = BettingSequence(range: -1...1, level: 0.1, steps: 150, largestRisk: 0.8)
    var draws: [Draw] = []
    var last: ClosedRange<Double>? = -1...1
    for (index, unit) in units.enumerated() {
      let weight = 2 * extra[index]
      let sum = weight * (2 * unit - 1)
      let doubt = index % 5 == 0 ? 0.1 * (2 - abs(sum)) : 0
      draws.append(((sum - doubt)...(sum + doubt), weight, 0.1 + extra[index]))
      sequence.add(sums: draws[index].sums, weight: weight, within: bounds, bet: draws[index].bet)
      let interval = sequence.interval
      if index % 20 == 19 {
        let expected = Self.plain(draws, range: -1...1, bounds: bounds, level: 0.1, steps: 150, risk: 0.8)
        #expect(interval == expected, "after \(index + 1)")
      }
      if let interval, let last { #expect(last.contains(interval.lowerBound) && last.contains(interval.upperBound)) }
      last = interval
    }
    #expect(last != -1...1, "the draws are enough to refute something")
  }

  /// Less knowledge refutes less.
  @Test(arguments: [0.0, 0.3, 1]) func aRangeOfSumsRefutesNoMoreThanAnySumInIt(place: Double) throws {
    let draws = Self.draws(200, seed: 4)
    var (sure, unsure) = (BettingSequence(range: 0...1, level: 0.05), BettingSequence(range: 0...1, level: 0.05))
    for draw in draws {
      let known = BettingSequence.Bounds(sum: 0...1, weight: 1...1)
      let sums = max(0, draw - 0.1)...min(1, draw + 0.1)
      let value = sums.lowerBound + place * (sums.upperBound - sums.lowerBound)
      sure.add(sums: value...value, weight: 1, within: known, bet: 0.8)
      unsure.add(sums: sums, weight: 1, within: known, bet: 0.8)
      let (narrow, wide) = (try #require(sure.interval), try #require(unsure.interval))
      #expect(wide.lowerBound <= narrow.lowerBound && narrow.upperBound <= wide.upperBound)
      for mean in [0.1, 0.25, 0.5] {
        // Evidence is counted until a candidate is refuted, at 2/α.
        #expect(min(40, unsure.evidence(meanAbove: mean)) <= sure.evidence(meanAbove: mean))
        #expect(min(40, unsure.evidence(meanBelow: mean)) <= sure.evidence(meanBelow: mean))
      }
    }
  }

  @Test func unitsAndSignsAreAMatterOfWords() throws {
    let draws = Self.draws(300, seed: 1)
    var plain = BettingSequence(range: 0...1, level: 0.05, steps: 500)
    var wide = BettingSequence(range: -3...5, level: 0.05, steps: 500)
    var mirrored = BettingSequence(range: 0...1, level: 0.05, steps: 500)
    for draw in draws {
      plain.add(draw, bet: 0.7)
      wide.add(8 * draw - 3, bet: 0.7 / 8)
      mirrored.add(1 - draw, bet: 0.7)
    }
    let interval = try #require(plain.interval)
    let (scaled, back) = (try #require(wide.interval), try #require(mirrored.interval))
    #expect(interval.upperBound - interval.lowerBound < 0.3)
    #expect(abs(8 * interval.lowerBound - 3 - scaled.lowerBound) < 1e-9)
    #expect(abs(8 * interval.upperBound - 3 - scaled.upperBound) < 1e-9)
    #expect(abs(1 - back.upperBound - interval.lowerBound) < 1e-9)
    #expect(abs(1 - back.lowerBound - interval.upperBound) < 1e-9)
    for mean in [0.2, 0.35, 0.5] {
      let evidence = plain.evidence(meanAbove: mean)
      #expect(abs(wide.evidence(meanAbove: 8 * mean - 3) / evidence - 1) < 1e-9)
      #expect(abs(mirrored.evidence(meanBelow: 1 - mean) / evidence - 1) < 1e-9)
    }
  }

  // MARK: Empirical Bernstein

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func empiricalBernsteinIsItsFormula(seed: UInt64) {
    let draws = Self.draws(150, seed: seed)
    /// The greatest lower bound so far of the mean of some values.
    func lower(_ values: [Double]) -> Double {
      var bets = PlugInBets(range: 0...1, level: 0.05)
      var (best, sum, weighted, variation) = (0.0, 0.0, 0.0, 0.0)
      for (index, value) in values.enumerated() {
        let bet = min(0.5, bets.bet)
        let before = index == 0 ? 0 : values[..<index].reduce(0, +) / Double(index)
        sum += bet
        weighted += bet * value
        variation += pow(value - before, 2) * (-log(1 - bet) - bet)
        best = max(best, (weighted - log(20) - variation) / sum)
        bets.add(sum: value)
      }
      return best
    }
    var sequence = EmpiricalBernsteinSequence(level: 0.1)
    #expect(sequence.interval == 0...1)
    for (index, draw) in draws.enumerated() {
      sequence.add(draw)
      guard index < 5 || index % 25 == 24 else { continue }
      let seen = Array(draws[...index])
      let (low, high) = (lower(seen), 1 - lower(seen.map { 1 - $0 }))
      #expect(abs((sequence.interval?.lowerBound ?? .nan) - low) < 1e-12)
      #expect(abs((sequence.interval?.upperBound ?? .nan) - high) < 1e-12)
    }
  }

  @Test func boundsThatExcludeEachOtherAreNoInterval() {
    var sequence = EmpiricalBernsteinSequence(level: 0.05)
    for _ in 0..<2_000 { sequence.add(0.05) }
    #expect(sequence.interval.map { $0.contains(0.05) && $0.upperBound < 0.2 } ?? false)
    for _ in 0..<20_000 { sequence.add(0.95) }
    #expect(sequence.interval == nil)
  }

  // MARK: Unbounded draws

  @Test(arguments: [0.01, 0.05, 0.4], [2.0, 50, 3_000]) func theAsymptoticIntervalIsItsFormula(
    level: Double, planned: Double
  ) throws {
    var random = SplitMix64(seed: 8)
    var sequence = AsymptoticSequence(level: level, sharpestAt: planned)
    var draws: [Double] = []
    for _ in 0..<100 {
      #expect((sequence.interval == nil) == (draws.count < 2))
      draws.append(3 + 2 * Self.normal(&random))
      sequence.add(draws.last ?? 0)
    }
    let n = Double(draws.count)
    let mean = draws.reduce(0, +) / n
    let variance = draws.reduce(0) { $0 + pow($1 - mean, 2) } / n
    let rho = (-2 * log(level) + log(1 - 2 * log(level))) / planned
    let reach = (variance * 2 * (n * rho + 1) / (n * n * rho) * log((n * rho + 1).squareRoot() / level)).squareRoot()
    let interval = try #require(sequence.interval)
    #expect(abs(sequence.mean - mean) < 1e-12)
    #expect(abs(interval.lowerBound - mean + reach) < 1e-12 && abs(interval.upperBound - mean - reach) < 1e-12)
  }

  @Test func theAsymptoticIntervalIsSharpestWhereItIsPlanned() {
    let plans = [0.125, 0.25, 0.5, 1, 2, 4, 8].map { $0 * 400 }
    let widths = plans.map { planned -> Double in
      var sequence = AsymptoticSequence(level: 0.05, sharpestAt: planned)
      for index in 0..<400 { sequence.add(index % 2 == 0 ? 1 : -1) }
      return sequence.interval.map { $0.upperBound - $0.lowerBound } ?? .infinity
    }
    #expect(widths.min() == widths[3], "\(widths)")
  }

  /// Digits are not lost to a level far from 0, nor to the unit.
  @Test func theAsymptoticIntervalMovesWithItsDraws() throws {
    var (plain, moved) = (
      AsymptoticSequence(level: 0.05, sharpestAt: 100), AsymptoticSequence(level: 0.05, sharpestAt: 100)
    )
    var random = SplitMix64(seed: 9)
    for _ in 0..<500 {
      let draw = (Double(random.nextUnit()) * 1_024).rounded()
      plain.add(draw)
      moved.add(0x1p40 - 4 * draw)
    }
    let (one, other) = (try #require(plain.interval), try #require(moved.interval))
    #expect(abs(0x1p40 - 4 * one.upperBound - other.lowerBound) < 0.01)
    #expect(abs(0x1p40 - 4 * one.lowerBound - other.upperBound) < 0.01)
  }

  @Test func theAsymptoticIntervalHoldsHoweverOftenOneLooks() {
    var random = SplitMix64(seed: 10)
    let missed = (0..<200).count { _ in
      var sequence = AsymptoticSequence(level: 0.1, sharpestAt: 100)
      var isMissed = false
      for count in 1...300 {
        sequence.add(1 + Self.normal(&random))
        if count >= 30, let interval = sequence.interval, !interval.contains(1) { isMissed = true }
      }
      return isMissed
    }
    #expect(missed <= 34, "\(missed) of 200, 20 are allowed on average")
    #expect(missed > 0, "an interval that never misses is too wide")
  }
}
