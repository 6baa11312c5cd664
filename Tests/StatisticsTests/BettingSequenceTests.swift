import Foundation
import Testing

@testable import Statistics

/// Against confseq's `betting` and `predmix` modules.
@Suite struct SequenceGoldenTests {
  struct Golden: Decodable {
    struct Sequence: Decodable {
      let draws, bets, evidence: [Double]
      let times: [Int]
      let hedged, horizon, bernstein: [[Double]]
    }
    let breaks: Int
    let sequences: [String: Sequence]
  }

  private let golden: Golden

  init() throws {
    let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent()
    golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: tests.appendingPathComponent("Golden/sequences/golden.json")))
  }

  private static func isNear(_ left: Double?, _ right: Double) -> Bool {
    left.map { abs($0 - right) <= 1e-9 * max(1, abs(right)) } ?? false
  }

  @Test(arguments: ["beta", "binary", "halves"]) func bets(name: String) throws {
    let expected = try #require(golden.sequences[name])
    var bets = PlugInBets(range: 0...1, level: 0.025)
    for (draw, bet) in zip(expected.draws, expected.bets) {
      #expect(Self.isNear(bets.bet, bet))
      bets.add(sum: draw)
    }
  }

  @Test(arguments: ["beta", "binary", "halves"], [false, true]) func betting(name: String, isPlanned: Bool) throws {
    let expected = try #require(golden.sequences[name])
    let ends = isPlanned ? expected.horizon : expected.hedged
    var bets = PlugInBets(range: 0...1, level: 0.025)
    var sequence = BettingSequence(range: 0...1, level: 0.05, steps: golden.breaks, largestRisk: 0.5)
    var found = 0
    for (index, draw) in expected.draws.enumerated() {
      sequence.add(draw, bet: isPlanned ? bets.bet(sharpestAfter: 300) : bets.bet)
      bets.add(sum: draw)
      guard let place = expected.times.firstIndex(of: index + 1) else { continue }
      found += 1
      let interval = try #require(sequence.interval)
      #expect(Self.isNear(interval.lowerBound, ends[0][place]), "after \(index + 1)")
      #expect(Self.isNear(interval.upperBound, ends[1][place]), "after \(index + 1)")
      // Evidence is counted until a candidate is refuted.
      let evidence = expected.evidence[place]
      if !isPlanned, evidence <= 40 { #expect(Self.isNear(sequence.evidence(meanAbove: 0.35), evidence)) }
    }
    #expect(found == expected.times.count)
  }

  @Test(arguments: ["beta", "binary", "halves"]) func empiricalBernstein(name: String) throws {
    let expected = try #require(golden.sequences[name])
    var sequence = EmpiricalBernsteinSequence(level: 0.05)
    for (index, draw) in expected.draws.enumerated() {
      sequence.add(draw)
      guard let place = expected.times.firstIndex(of: index + 1) else { continue }
      let interval = try #require(sequence.interval)
      #expect(Self.isNear(interval.lowerBound, expected.bernstein[0][place]), "after \(index + 1)")
      #expect(Self.isNear(interval.upperBound, expected.bernstein[1][place]), "after \(index + 1)")
    }
  }
}

@Suite struct BettingSequenceTests {
  /// The shares of sequences that ever miss the mean: draws of values −1, 0, 1 by weights from 1 to 5, looked at after each.
  private func misses(_ bet: (PlugInBets) -> Double) -> Int {
    var generator = SplitMix64(seed: 5)
    let mean = 0.25
    return (0..<300).count { _ in
      var bets = PlugInBets(range: -1...1, level: 0.025)
      var sequence = BettingSequence(range: -1...1, level: 0.05, steps: 400)
      for _ in 0..<200 {
        let weight = 1 + 4 * Double(generator.nextUnit())
        let unit = generator.nextUnit()
        let value: Double = unit < 0.125 ? -1 : unit < 0.5 ? 1 : 0
        let sum = weight * value
        sequence.add(
          sums: sum...sum, weight: weight, within: .init(sum: -5...5, weight: 0...5), bet: bet(bets))
        bets.add(sum: weight * value, weight: weight)
      }
      return sequence.interval.map { !$0.contains(mean) } ?? true
    }
  }

  @Test func holdsHoweverOftenOneLooks() {
    for missed in [misses(\.bet), misses { $0.bet(sharpestAt: 0.2) }, misses { _ in 100 }] {
      #expect(missed <= 24, "\(missed) of 300, 15 are allowed on average")
    }
  }

  @Test func plannedBetsAreSharperWhereTheyArePlannedFor() throws {
    var generator = SplitMix64(seed: 6)
    var bets = PlugInBets(range: -1...1, level: 0.025)
    var (plain, planned) = (
      BettingSequence(range: -1...1, level: 0.05), BettingSequence(range: -1...1, level: 0.05)
    )
    for _ in 0..<600 {
      let value: Double = generator.nextUnit() < 0.3 ? 1 : 0
      plain.add(value, bet: bets.bet)
      planned.add(value, bet: bets.bet(sharpestAt: 0.05))
      bets.add(sum: value)
    }
    let (wide, narrow) = (try #require(plain.interval), try #require(planned.interval))
    #expect(narrow.upperBound - narrow.lowerBound < 0.85 * (wide.upperBound - wide.lowerBound))
    #expect(narrow.contains(0.3))
  }

  @Test func evidenceGrowsWithTheMean() {
    var sequence = BettingSequence(range: -1...1, level: 0.05)
    #expect(sequence.evidence(meanAbove: 0) == 1)
    for index in 0..<200 { sequence.add(index % 4 == 0 ? 0 : 0.5, bet: 0.5) }
    #expect(sequence.evidence(meanAbove: 0) > 40 && sequence.evidence(meanBelow: 0) < 2)
    #expect(sequence.evidence(meanAbove: 0.6) < 2 && sequence.evidence(meanBelow: 0.6) > 20)
    #expect(sequence.evidence(meanAbove: 7) == 1 && sequence.evidence(meanBelow: -7) == 1)
    #expect(sequence.evidence(meanAbove: -7) == .infinity && sequence.evidence(meanBelow: 7) == .infinity)
  }

  /// Half of the draws say one thing and half another, in turns that no mean explains.
  @Test func drawsWithoutACommonMeanAreFoundOut() {
    var sequence = BettingSequence(range: 0...1, level: 0.05)
    for _ in 0..<300 { sequence.add(0.1, bet: 0.5) }
    for _ in 0..<300 { sequence.add(0.9, bet: 0.5) }
    #expect(sequence.interval == nil)
  }
}
