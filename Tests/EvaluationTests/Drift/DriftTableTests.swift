import Ockham
import Statistics
import Testing

@testable import Evaluation

/// What requests are counted in.
@Suite struct DriftTableTests {
  /// A request of a day, with one dense feature that is not 0.
  static func facts(_ day: Int, _ conversation: UInt64, bytes: Float = 5, logit: Float = 0) -> DriftFacts {
    var facts = DriftFacts(conversation: conversation, time: Double(day) * 86_400 + 40_000)
    facts.dense = [Float](repeating: 0, count: DenseFeatures.names.count)
    facts.dense[0] = bytes
    (facts.logits, facts.probabilities, facts.tier) = ([logit, 2], [0.5, 0.9], logit > 0 ? 0 : 1)
    return facts
  }

  @Test func edgesAreEighthsAndTheGreatest() throws {
    var table = DriftTable(columns: [.feature(0), .feature(1)], tiers: 2)
    for value in 1...16 { table.add(Self.facts(0, UInt64(value), bytes: Float(value))) }
    let found = table.statistics(Array(0..<16)).map(\.statistic)
    #expect(found[0].edges == [2, 4, 6, 8, 10, 12, 14, 16] && found[0].bins == 9)
    // What never changes has one edge: what is above it was never seen.
    #expect(found[1].edges == [0] && found[1].bins == 2)
  }

  @Test func valuesFallIntoTheirBins() {
    let number = DriftReference.Statistic(name: "feature.words", edges: [1, 3], bins: 3)
    let bins = [-5, 1, 1.5, 3, 4].map { number.bin(of: $0, .number) }
    #expect(bins == [0, 0, 1, 1, 2])
    let cost = DriftReference.Statistic(name: "cost.0", edges: [1, 3], bins: 4)
    let costs = [0.5, 9, .nan, -1, .infinity].map { cost.bin(of: $0, .answer(tier: 0)) }
    #expect(costs == [0, 2, 3, 3, 3])
    #expect(DriftReference.Statistic(name: "share.tier", edges: [], bins: 2).bin(of: 1, .choice(2)) == 1)
  }

  @Test func blocksAreDaysAndConversations() throws {
    var table = DriftTable(columns: [.feature(0), .tier, .cost(0), .failed], tiers: 2)
    for (day, conversation) in [(0, 3), (0, 3), (0, 4), (1, 3)] as [(Int, UInt64)] {
      table.add(Self.facts(day, conversation, bytes: Float(conversation)))
    }
    let reference = DriftReference(table, rows: [0, 1, 2, 3], source: .training, period: 0..<172_800)
    // No one answered, and no one said whether requests failed.
    #expect(reference.statistics.map(\.name) == ["feature.question_bytes", "share.tier"])
    #expect(reference.blocks.map(\.day) == [0, 0, 1] && reference.blocks.map(\.group) == [3, 4, 3])
    #expect(reference.blocks.map(\.rows) == [2, 1, 1] && reference.conversations == 2)
    #expect(reference.blocks[0].bins == [2, 0, 0, 0, 2])
    #expect(abs(reference.blocks[0].quality[1] - 1.8) < 1e-6)
  }

  @Test func daysThatTheLogHoldsAPartOfAreLeftOut() {
    var table = DriftTable(columns: [.feature(0)], tiers: 2)
    for hour in stride(from: 5.0, to: 24 * 4 - 7, by: 1) {
      var facts = Self.facts(0, UInt64(hour))
      facts.time = hour * 3_600
      table.add(facts)
    }
    let rows = table.wholeDays(Array(0..<table.rows))
    #expect(Set(rows.map { table.day($0) }) == [1, 2])
    #expect(table.wholeDays(Array(0..<table.rows), counted: true).count == table.rows)
  }

  @Test func aLogOfPartOfADayHoldsNoWholeOne() {
    var table = DriftTable(columns: [.feature(0)], tiers: 2)
    for minute in 0..<9 {
      var facts = Self.facts(0, UInt64(minute))
      facts.time = 30_000 + Double(minute) * 60
      table.add(facts)
    }
    #expect(table.wholeDays(Array(0..<table.rows)).isEmpty)
    let report = DriftReport(table, reference: nil, tierNames: ["small", "large"])
    #expect(report.tests.isEmpty && report.reason?.contains("no whole day") == true)
  }

  @Test func aDayIsKeptLikeItsReference() throws {
    var table = DriftTable(columns: [.feature(0), .tier], tiers: 2)
    for day in 0..<7 { for name in 0..<40 { table.add(Self.facts(day, UInt64(name), bytes: Float(name))) } }
    let reference = table.reference(period: 0..<7 * 86_400)
    var next = DriftTable(columns: [.tier, .feature(0)], tiers: 2)
    for name in 0..<30 { next.add(Self.facts(7, UInt64(name), bytes: 100)) }
    next.add(DriftFacts(conversation: 1, time: 7 * 86_400))
    let day = next.day(7, like: reference)
    // The request of which nothing is known is no row.
    #expect(day.rows == 30 && day.statistics == reference.statistics && day.begin == 7 * 86_400)
    #expect(day.blocks.reduce(0) { $0 + $1.bins[reference.statistics[0].bins - 1] } == 30)
  }
}
