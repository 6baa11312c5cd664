import Foundation
import Ockham
import RequestLog
import Testing

@testable import OckhamTraining

@Suite struct FamilyMeansTests {
  /// Families of 4, 8, 12 and 4 rows, of which ¼, ½, ¾ and none are good at the small tier; the last does not know the other.
  private func means() throws -> FamilyMeans {
    let source = MadeUpFamilies.records(12)
    var records: [LogRecord] = []
    for (name, count, good) in [("chats", 4, 1), ("exams", 8, 4), ("puzzles", 12, 9), ("sums", 4, 0)] {
      let own = source.filter { $0.id.hasPrefix(name) }.prefix(count)
      for (place, record) in own.enumerated() {
        var record = record
        record.outcomes[0].quality = place < good ? 1 : 0
        record.outcomes[1].quality = name == "sums" ? nil : 1
        records.append(record)
      }
    }
    let dataset = try Training.dataset(records)
    let rows = Array(0..<dataset.rows)
    return FamilyMeans(dataset, rows: rows, families: try Families(MadeUpFamilies.prefixes, dataset, rows: rows))
  }

  @Test func eachFamilyCountsOnce() throws {
    let means = try means()
    let all = try #require(means.estimate(0))
    #expect(abs(all.mean - 0.375) < 1e-6)
    // The standard deviation of ¼, ½, ¾, 0 is √(5/48); t of three degrees of freedom is 3.18245.
    let half = 3.182446 * (5.0 / 48 / 4).squareRoot()
    #expect(abs(all.upper - min(1, 0.375 + half)) < 1e-5 && all.lower == 0)
    let without = try #require(means.estimate(0, without: 2))
    #expect(abs(without.mean - 0.25) < 1e-6)
    // The standard deviation of ¼, ½, 0 is ¼.
    #expect(abs(without.upper - (0.25 + 4.302653 * 0.25 / 3.0.squareRoot())) < 1e-5)
  }

  @Test func familiesThatDoNotKnowATierSayNothingOfIt() throws {
    let means = try means()
    let top = try #require(means.estimate(1))
    #expect(top.mean == 1 && top.lower == 1 && top.upper == 1)
  }
}
