import Statistics
import Testing

@testable import Evaluation

@Suite struct DecidingSequenceTests {
  private struct Traffic {
    var generator: SplitMix64
    /// Of disagreements that are rated seldom, and often.
    var gain = (seldom: 0.1, often: 0.3)
    var loss = 0.05
    var missing = 0.0
    var rate = 0.3
    let design = LabelDesign(auditRate: 0.02)

    mutating func unit() -> Double { Double(generator.nextUnit()) }

    private mutating func turn() -> DecidingSequence.Turn {
      guard unit() < 0.2 else { return .agreement }
      let isSeldom = unit() < 0.5
      let inclusion = design.inclusion(rate: rate, intensity: isSeldom ? 0.4 : 1)
      let value = unit()
      let difference: Double = value < loss ? -1 : value < loss + (isSeldom ? gain.seldom : gain.often) ? 1 : 0
      guard unit() < inclusion else { return .disagreement(nil) }
      return .disagreement(
        .init(difference: unit() < missing ? nil : difference, weight: design.weight(rate: rate, inclusion: inclusion)))
    }

    /// Closes a conversation of one to four requests, a fifth of which are disagreements.
    mutating func close(_ sequence: inout DecidingSequence) {
      let turns = (0..<1 + generator.next(below: 4)).map { _ in turn() }
      sequence.close(turns, scale: design.inclusion(rate: rate, intensity: 1))
    }
  }

  /// 0.2 · (0.2 − 0.05), looked at after every tenth conversation, while the rate goes up and down.
  @Test func holdsHoweverOftenOneLooks() {
    let trueValue = 0.03
    var missed = 0
    for seed in 0..<40 {
      var traffic = Traffic(generator: SplitMix64(seed: UInt64(seed)))
      var sequence = DecidingSequence(level: 0.05)
      var hasMissed = false
      for conversation in 0..<2_000 {
        traffic.rate = conversation / 100 % 2 == 0 ? 0.1 : 0.5
        traffic.close(&sequence)
        guard conversation % 10 == 0, let found = sequence.estimate else { continue }
        hasMissed = hasMissed || !(found.low...found.high).contains(trueValue)
      }
      missed += hasMissed ? 1 : 0
    }
    #expect(missed <= 7, "\(missed) of 40, 2 are allowed on average")
  }

  @Test func decidesWhatIsSo() throws {
    var traffic = Traffic(generator: SplitMix64(seed: 1), gain: (0.05, 0.05), loss: 0.05)
    var sequence = DecidingSequence(level: 0.05)
    while sequence.evidence(notWorseBy: 0.01) < 20, sequence.drawn < 3_000 { traffic.close(&sequence) }
    #expect(sequence.drawn < 1_000, "equal policies are not worse by a point: \(sequence.drawn)")
    #expect(sequence.evidence(worseBy: 0.01) < 20 && sequence.refusal == nil)
    let found = try #require(sequence.estimate)
    #expect(found.low > -0.02 && found.high < 0.02 && abs(found.value) < 0.01)

    traffic = Traffic(generator: SplitMix64(seed: 2), gain: (0, 0), loss: 0.3)
    sequence = DecidingSequence(level: 0.05)
    while sequence.evidence(worseBy: 0.01) < 20, sequence.drawn < 3_000 { traffic.close(&sequence) }
    #expect(sequence.drawn < 300 && sequence.evidence(notWorseBy: 0.01) < 20, "\(sequence.drawn)")
  }

  @Test func missingLabelsWidenAndThenRefuse() throws {
    func run(_ missing: Double) -> DecidingSequence {
      var traffic = Traffic(generator: SplitMix64(seed: 4), missing: missing)
      var sequence = DecidingSequence(level: 0.05)
      for _ in 0..<5_000 { traffic.close(&sequence) }
      return sequence
    }
    let (whole, some, many) = (run(0), run(0.03), run(0.1))
    let (narrow, wide) = (try #require(whole.estimate), try #require(some.estimate))
    #expect(wide.high - wide.low > 1.2 * (narrow.high - narrow.low))
    #expect(some.missing > 0 && some.refusal == nil)
    guard case .missing(let share) = many.refusal else {
      Issue.record("a tenth is too much")
      return
    }
    #expect(abs(share - 0.1) < 0.05)
  }

  @Test func nothingIsKnownWithoutLabels() {
    var sequence = DecidingSequence(level: 0.05)
    #expect(sequence.estimate == nil && sequence.refusal == .noRequests)
    sequence.close([.agreement, .disagreement(nil)], scale: 0.1)
    #expect(sequence.estimate == nil && sequence.refusal == nil)
    #expect(sequence.evidence(notWorseBy: 0.01) < 2 && sequence.evidence(worseBy: 0.01) < 2)
  }

  /// No disagreement in so much traffic: whatever happens there, the difference stays within the margin.
  @Test func policiesThatHardlyDisagreeHardlyDiffer() {
    var sequence = DecidingSequence(level: 0.05)
    for _ in 0..<3_000 { sequence.close([DecidingSequence.Turn](repeating: .agreement, count: 20), scale: 0.1) }
    #expect(sequence.evidence(notWorseBy: 0.01) > 20 && sequence.evidence(worseBy: 0.01) < 20)
  }

  @Test func aConversationCountsUpToItsSecondLabel() throws {
    let label = DecidingSequence.Turn.disagreement(.init(difference: 0.5, weight: 1))
    var sequence = DecidingSequence(level: 0.05)
    var other = sequence
    sequence.close([.agreement, label, label, label, .disagreement(nil), .agreement], scale: 0.5)
    other.close([.agreement, label, label], scale: 0.5)
    #expect(sequence.estimate == other.estimate && sequence.drawn == 2)
    #expect(try #require(sequence.estimate).value == 1 / (3 * 0.5))
  }

  /// A sample by conversation is the same as its turns one by one.
  @Test func samplesAreSequences() throws {
    let design = LabelDesign(auditRate: 0)
    let pairs = (0..<300).map { index in
      let inclusion = design.inclusion(rate: 0.5, intensity: index % 3 == 0 ? 0.5 : 1)
      let isDrawn = index % 2 == 0
      return LabelledPair(
        conversation: index, inclusion: inclusion, isDrawn: isDrawn,
        difference: isDrawn ? Double(index % 5 - 2) / 2 : nil,
        labelWeight: isDrawn ? design.weight(rate: 0.5, inclusion: inclusion) : nil)
    }
    let sample = LabelSample(pairs: pairs, requests: [Double](repeating: 3, count: 300))
    let found = try #require(DecidingSequence(sample, level: 0.05))
    var expected = DecidingSequence(level: 0.05)
    for pair in pairs {
      let label = pair.labelWeight.map { DecidingSequence.Label(difference: pair.difference, weight: $0) }
      expected.close([.agreement, .disagreement(label), .agreement], scale: 0.5)
    }
    #expect(found.estimate == expected.estimate && found.drawn == 150)
    var unknown = pairs
    for index in unknown.indices { unknown[index].labelWeight = nil }
    #expect(DecidingSequence(LabelSample(pairs: unknown, requests: sample.requests), level: 0.05) == nil)
    unknown[0].labelWeight = 1
    unknown[2].labelWeight = 7
    let one = try #require(DecidingSequence(LabelSample(pairs: unknown, requests: sample.requests), level: 0.05))
    #expect(one.drawn == 150 && one.missing == 149, "weights that no draw can give are no weights")
  }

  /// Conversations longer than a part are taken in parts.
  @Test func longConversations() throws {
    let pairs = [0, 0, 0, 1].map {
      LabelledPair(conversation: $0, inclusion: 0.5, isDrawn: true, difference: 1, labelWeight: 1)
    }
    let found = try #require(DecidingSequence(LabelSample(pairs: pairs, requests: [60, 1]), level: 0.05))
    #expect(found.drawn == 4)
  }
}
