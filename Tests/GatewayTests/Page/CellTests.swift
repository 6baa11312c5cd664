import Evaluation
import Foundation
import GRDB
import Testing

@testable import Gateway
@testable import GatewayCore

/// Hourly cells say what the rows say, whatever happens to the rows.
@Suite(.timeLimit(.minutes(20)))
struct CellTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  /// All cells as the database has them, and as the rows would make them.
  private func cells(_ file: SQLiteFile) throws -> (kept: Traffic, made: Traffic) {
    try file.pool.read { database in
      var kept = CellChanges.nothing
      kept.cells = try CellTables.traffic.cells(0..<1_000_000, in: database)
      kept.rated = try CellTables.rated.cells(0..<1_000_000, in: database)
      var made = CellChanges.nothing
      try TrafficReader(depth: .sums).forEach("", [], in: database) { made.add($0) }
      // A draw without a rating or a cost is counted among the requests; of ratings nothing is kept.
      made.rated = made.rated.filter { !CellTables.rated.isEmpty($0.value) }
      return (kept, made)
    }
  }

  private func expectSame(_ file: SQLiteFile, _ comment: Comment) throws {
    let (kept, made) = try cells(file)
    #expect(Set(kept.cells.keys) == Set(made.cells.keys), comment)
    #expect(Set(kept.rated.keys) == Set(made.rated.keys), comment)
    for (key, cell) in made.cells {
      let own = try #require(kept.cells[key], comment)
      for (name, path) in TrafficCell.counts {
        #expect(own[keyPath: path] == cell[keyPath: path], "\(name) \(comment)")
      }
      for (name, path) in TrafficCell.sums {
        #expect(abs(own[keyPath: path] - cell[keyPath: path]) < 1e-9, "\(name) \(comment)")
      }
      for (name, path) in TrafficCell.histograms {
        #expect(
          own[keyPath: path].buckets.mapValues(\.count) == cell[keyPath: path].buckets.mapValues(\.count),
          "\(name) \(comment)")
        #expect(abs(own[keyPath: path].sum - cell[keyPath: path].sum) < 1e-6, "\(name) \(comment)")
      }
    }
    for (key, cell) in made.rated {
      let own = try #require(kept.rated[key], comment)
      for (name, path) in CellTables.rated.counts {
        #expect(own[keyPath: path] == cell[keyPath: path], "\(name) \(comment)")
      }
      for (name, path) in CellTables.rated.sums {
        #expect(abs(own[keyPath: path] - cell[keyPath: path]) < 1e-9, "\(name) \(comment)")
      }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func cellsFollowTheRows(seed: UInt64) throws {
    let (file, made) = try InventedTraffic.database(folder.database, seed: seed, requests: 300)
    var traffic = made
    let store = SQLiteTelemetry(file)
    try expectSame(file, "written")
    #expect(try cells(file).made.total.requests == 300)
    try store.write(TelemetryBatch(entries: (0..<80).map { _ in traffic.label() }))
    try store.write(TelemetryBatch(entries: (0..<80).map { _ in traffic.feedback() }))
    try expectSame(file, "labelled later, some of them again")
    try store.write(TelemetryBatch(entries: [traffic.request(), traffic.label(), traffic.feedback()]))
    try expectSame(file, "a batch with all of them")
    #expect(try store.forget(.conversation("0000000000000007"), limit: 9) > 0)
    try expectSame(file, "a conversation forgotten")
    while try store.forget(.key("alice", keepsBudget: false), limit: 10) == 10 {}
    try expectSame(file, "a key forgotten")
    #expect(try cells(file).kept.cells.keys.allSatisfy { $0.key != "alice" })
    let before = try cells(file).kept
    let result = try CellRebuild(file: file).run()
    #expect(result.requests == before.total.requests && result.keptHours == 0)
    try expectSame(file, "rebuilt")
    store.close()
  }

  @Test func anIdThatIsThereAlreadyCountsOnce() throws {
    let file = try SQLiteFile(path: folder.database)
    let store = SQLiteTelemetry(file)
    for _ in 0..<3 { try store.write(TelemetryBatch(entries: [.request(Traces.record("r1"))])) }
    #expect(try cells(file).kept.total.requests == 1)
    store.close()
  }

  /// What retention deletes stays in the cells, under the key's name until that is forgotten, and a rebuild leaves it.
  @Test func retentionKeepsCells() throws {
    let (file, _) = try InventedTraffic.database(folder.database, requests: 400)
    let store = SQLiteTelemetry(file)
    let whole = try cells(file).kept.total
    let cut = Traces.time - 8 * 86_400 + 1_234
    #expect(try store.deleteRequests(before: cut, limit: 10_000) > 100)
    let kept = try cells(file).kept.total
    #expect(kept.requests == whole.requests && abs(kept.costUSD - whole.costUSD) < 1e-9)
    let result = try CellRebuild(file: file).run()
    #expect(result.keptHours > 0 && result.requests > 0)
    let rebuilt = try cells(file).kept.total
    #expect(rebuilt.requests == whole.requests && abs(rebuilt.costUSD - whole.costUSD) < 1e-9)
    let alices = try cells(file).kept.totals(by: \.key)["alice"] ?? TrafficCell()
    let rows = try file.pool.read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM decisions WHERE key_name = 'alice'") ?? 0
    }
    #expect(alices.requests > rows && rows > 0)
    while try store.forget(.key("alice", keepsBudget: false), limit: 50) == 50 {}
    let left = try cells(file).kept
    #expect(left.totals(by: \.key)["alice"] == nil)
    #expect(left.total.requests == whole.requests - rows, "older ones are no one's")
    store.close()
  }

  /// A file from before there were cells: they are made when it is opened, and what was not kept then stays unknown.
  @Test func filesFromBeforeCells() throws {
    let queue = try DatabaseQueue(path: folder.database)
    try TelemetrySchema.migrator.migrate(queue, upTo: "gateway: receipts")
    try queue.write { database in
      for index in 0..<40 {
        try database.execute(
          sql: """
            INSERT INTO decisions (request_id, time, dialect, is_stream, requested_model, key_name, policy, reason,
              is_cache_hit, decision_ns, answered_tier, status, latency_ms, upstream_ms, cost_usd, prompt_bytes,
              content_hash) VALUES (?, ?, 'chat_completions', 0, 'auto', 'alice', 'default', 'cheapest_allowed', 0, 9,
              'small', 200, 12, 10, 0.5, 3, 'x')
            """, arguments: ["r\(index)", Traces.time - Double(index) * 1800])
      }
    }
    try queue.close()
    let file = try SQLiteFile(path: folder.database)
    file.open()
    try expectSame(file, "made at once")
    let total = try cells(file).kept.total
    #expect(total.requests == 40 && total.costUSD == 20 && total.compared == 0)
    file.close()
  }

  /// The columns that migrations made are those that cells are written to.
  @Test func tablesHaveTheCellsColumns() throws {
    let file = try SQLiteFile(path: folder.database)
    file.open()
    try file.pool.read { database in
      let traffic = Set(try database.columns(in: "traffic_cells").map(\.name))
      #expect(
        traffic
          == Set(
            TrafficKey.columns + TrafficCell.counts.map(\.name) + TrafficCell.sums.map(\.name)
              + TrafficCell.histograms.map(\.name)))
      let rated = Set(try database.columns(in: "rated_cells").map(\.name))
      #expect(
        rated
          == Set(
            TrafficKey.columns + ["rated"] + CellTables.rated.counts.map(\.name) + CellTables.rated.sums.map(\.name)))
    }
    file.close()
  }
}
