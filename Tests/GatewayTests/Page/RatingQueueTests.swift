import Evaluation
import Foundation
import GRDB
import Testing
import TextKit

@testable import Gateway
@testable import GatewayCore

/// What a person is asked to rate, and with which probability it was picked.
@Suite(.timeLimit(.minutes(20)))
struct RatingQueueTests {
  private static func pairs(_ count: Int, disagreeing: Int) -> [RatedPair] {
    (0..<count).map { index in
      RatedPair(
        requestID: "r\(index)", time: 0, request: "{}",
        answers: [
          .init(tier: "small", quality: 1, answer: "\"a\""),
          .init(tier: "frontier", quality: index < disagreeing ? 0 : 1, answer: "\"b\""),
        ], raters: [])
    }
  }

  /// Few pairs are all asked for; of many a part, and more of those that the judge distinguishes.
  @Test func probabilities() throws {
    let few = RatingQueue(Self.pairs(100, disagreeing: 10), for: "ann")
    #expect(few.items.count == 100 && few.items.allSatisfy { $0.leftProbability == 1 && $0.rightProbability == 1 })
    let many = RatingQueue(Self.pairs(40_000, disagreeing: 2_000), for: "ann")
    let disagreeing = many.items.filter { $0.left.quality != $0.right.quality }
    let agreeing = many.items.filter { $0.left.quality == $0.right.quality }
    #expect((60...260).contains(many.items.count), "\(many.items.count)")
    let probability = try #require(disagreeing.first?.leftProbability)
    #expect(disagreeing.allSatisfy { $0.leftProbability == probability })
    #expect(agreeing.allSatisfy { $0.leftProbability == probability / 4 })
    // As many as the probabilities say, within four standard deviations.
    for (found, total, share) in [
      (disagreeing.count, 2_000.0, probability), (agreeing.count, 38_000.0, probability / 4),
    ] {
      #expect(abs(Double(found) - total * share) < 4 * (total * share).squareRoot() + 1)
    }
  }

  /// Anyone who stops early has rated both kinds in proportion to their probabilities.
  @Test func theOrderKeepsProportions() {
    let queue = RatingQueue(Self.pairs(40_000, disagreeing: 20_000), for: "ann")
    let first = queue.items.prefix(queue.items.count / 2)
    let share = Double(first.count { $0.left.quality != $0.right.quality }) / Double(first.count)
    #expect(abs(share - 0.8) < 0.17, "four of five, \(share)")
  }

  @Test func slotsAreDrawnAndStay() {
    let pairs = Self.pairs(180, disagreeing: 90)
    let queue = RatingQueue(pairs, for: "ann")
    let first = queue.items.count { $0.left.tier == "small" }
    #expect((50...130).contains(first), "\(first) of 180")
    #expect(RatingQueue(pairs, for: "ann").items == queue.items)
    #expect(RatingQueue(pairs, for: "bob").items.map(\.left) != queue.items.map(\.left))
  }

  /// By the page: a pair is shown blind, rated by one field, written with its probability, and not asked again.
  @Test func ratingByThePage() async throws {
    let folder = try TelemetryFolder()
    let (file, _) = try InventedTraffic.database(folder.database)
    try await file.pool.write { database in
      try database.execute(sql: "UPDATE outcomes SET answer = '\"what was served\"' WHERE answer IS NULL")
    }
    let page = try await TestPage.start(TestPage.roles, file: file)
    defer { page.stop() }
    let session = try await page.logIn(TestPage.keys["RATER"] ?? "")
    let own = [("cookie", session.cookie)]
    let before = try await page.json("/admin/api/audit", own)
    let id = try #require(before["next"]?["request_id"]?.string)
    let shown = try await page.get("/audit", own)
    #expect(shown.text.contains(id) && shown.text.contains("data-key=\"1\""))
    let body = shown.text.components(separatedBy: "<main").last ?? ""
    for tier in Traces.tiers {
      #expect(!body.replacingOccurrences(of: "an answer of \(tier)", with: "").contains(tier), "blind")
    }
    let form = [("action_token", session.token), ("request_id", id)]
    #expect(try await page.post("/audit", form + [("verdict", "maybe")], own).status == 400)
    #expect(try await page.post("/audit", form + [("verdict", "left")], own).headers["location"] == "/audit")
    #expect(try await page.post("/audit", form + [("verdict", "left")], own).status == 404, "once")
    await page.live.shared.telemetry?.flush()
    let (qualities, probabilities) = try await file.pool.read { database in
      let rest = "FROM ratings WHERE request_id = ? AND rater = 'ann'"
      return (
        try Double.fetchAll(database, sql: "SELECT quality \(rest)", arguments: [id]),
        try Double.fetchAll(database, sql: "SELECT probability \(rest) AND probability IS NOT NULL", arguments: [id])
      )
    }
    #expect(qualities.sorted() == [0, 1])
    #expect(probabilities.count == 2 && probabilities.allSatisfy { $0 > 0 && $0 <= 1 })
    let after = try await page.json("/admin/api/audit", own)
    #expect(after["waiting"]?.integer == (before["waiting"]?.integer ?? 0) - 1)
    #expect(after["next"]?["request_id"]?.string != id)
  }
}
