import Foundation
import GRDB
import GatewayCore
import Ockham
import RequestLog
import Testing

@testable import Gateway

/// What is learnt of requests off their clients' path, in every kind of store.
@Suite struct ShadowLabelTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func label(_ id: String, served: Double? = 1, other: Double? = 0.5) -> ShadowLabel {
    ShadowLabel(
      requestID: id,
      outcomes: [
        .init(
          name: "frontier", quality: other, costUSD: 0.25, outputTokens: 60, latencyMilliseconds: 900, origin: .shadow,
          inclusion: 0.28, judgeUSD: 0.125, answer: "Four \"4\"."),
        .init(name: "mid", origin: .audit, inclusion: 0.1),
      ], servedQuality: served, servedInclusion: 0.28, labelRate: 0.2, auditRate: 0.1,
      missing: served == nil ? "judge" : nil)
  }

  private func feedback(_ id: String, _ quality: Double) -> Feedback {
    Feedback(requestID: id, quality: quality, source: "quality", time: Traces.time, key: "alice")
  }

  /// Columns of an outcome that have a value, as text.
  private func outcomes(_ id: String, _ store: any TelemetryStore) async throws -> [String] {
    let record = try #require(try await store.request(id)).record
    return record.outcomes.map { row in
      ["name", "quality", "cost_usd", "output_tokens", "latency_ms", "inclusion", "origin", "answer"].compactMap {
        switch row[$0] {
        case .null: nil
        case .real(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .text(let text): text
        case .bytes: "bytes"
        }
      }.joined(separator: " ")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aLabelFollowsItsRequest(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    try store.write(TelemetryBatch(entries: [.label(label("r1"))]))
    #expect(try await store.request("r1") == nil, "a label of a request that is not there")
    try store.write(TelemetryBatch(entries: [.request(Traces.record("r1")), .label(label("r1"))]))
    #expect(
      try await outcomes("r1", store) == [
        "small 1.0 0.0005 40 248.0 0.28 served", #"frontier 0.5 0.25 60 900.0 0.28 shadow "Four \"4\".""#,
        "mid 0.1 audit",
      ])
    let found = try #require(try await store.request("r1"))
    #expect(found.record.request?["label_rate"] == .real(0.2) && found.record.request?["audit_rate"] == .real(0.1))
    #expect(found.label?["cost_usd"] == .real(0.25) && found.label?["judge_usd"] == .real(0.125))
    #expect(found.label?["unpriced"] == .integer(0) && found.label?["missing"] == .null)
    store.close()
  }

  /// The last says all anew, but what is known of dollars, tokens and time stays.
  @Test(arguments: StoreKind.allCases)
  func theLastLabelCounts(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    try store.write(TelemetryBatch(entries: [.request(Traces.record("r1")), .label(label("r1"))]))
    var second = label("r1", served: nil, other: nil)
    second.outcomes = [.init(name: "frontier", latencyMilliseconds: 5, origin: .audit, inclusion: 1)]
    (second.servedInclusion, second.labelRate) = (1, 0.5)
    try store.write(TelemetryBatch(entries: [.label(second)]))
    #expect(
      try await outcomes("r1", store) == [
        "small 0.0005 40 248.0 1.0 served", #"frontier 0.25 60 5.0 1.0 audit "Four \"4\".""#, "mid 0.1 audit",
      ])
    let found = try #require(try await store.request("r1"))
    #expect(found.label?["missing"] == .text("judge") && found.label?["unpriced"] == .integer(1))
    #expect(found.record.request?["label_rate"] == .real(0.5))
    store.close()
  }

  /// Users choose what they rate: a rating of theirs never stands where one was drawn, not even where the draw came to none.
  @Test(arguments: StoreKind.allCases, [1, nil] as [Double?])
  func feedbackIsNoLabel(kind: StoreKind, served: Double?) async throws {
    let store = try kind.open(in: folder)
    let drawn = "small \(served.map { "\($0) " } ?? "")0.0005 40 248.0 0.28 served"
    try store.write(TelemetryBatch(entries: [.request(Traces.record("r1")), .feedback(feedback("r1", 0.25))]))
    #expect(try await outcomes("r1", store) == ["small 0.25 0.0005 40 248.0 feedback"])
    try store.write(TelemetryBatch(entries: [.label(label("r1", served: served))]))
    #expect(try await outcomes("r1", store).first == drawn)
    try store.write(TelemetryBatch(entries: [.feedback(feedback("r1", 0.75))]))
    #expect(try await outcomes("r1", store).first == drawn)
    #expect(try await store.request("r1")?.feedback.map(\.quality) == [0.75], "kept beside it")
    store.close()
  }

  /// Where nothing is kept that could be trained on there are no outcomes, but what labels took is known.
  @Test(arguments: StoreKind.allCases)
  func withoutALog(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    var maker = TelemetryRecordMaker()
    let record = maker.record(of: Traces.answered("r1"), TelemetrySettings(prompts: .none))
    try store.write(TelemetryBatch(entries: [.request(record), .label(label("r1"))]))
    #expect(try await outcomes("r1", store).isEmpty)
    #expect(try await store.labelSpending(since: Traces.time).costUSD == 0.25)
    store.close()
  }

  @Test(arguments: StoreKind.allCases)
  func spendingOfLabels(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    #expect(try await store.labelSpending(since: 0) == LabelSpending())
    for index in 0..<3 {
      try store.write(
        TelemetryBatch(entries: [
          .request(Traces.record("r\(index)", time: Traces.time + Double(index))), .label(label("r\(index)")),
        ]))
    }
    try store.write(TelemetryBatch(entries: [.request(Traces.record("r9"))]))
    let spent = try await store.labelSpending(since: Traces.time + 1)
    #expect(spent.labels == 2 && spent.costUSD == 0.5 && spent.judgeUSD == 0.25 && spent.unpriced == 0)
    // Gone with its request.
    #expect(try store.deleteRequests(before: Traces.time + 2, limit: 9) == 3)
    #expect(try await store.labelSpending(since: 0).labels == 1)
    try store.write(TelemetryBatch(entries: [.request(Traces.record("r0"))]))
    let again = try #require(try await store.request("r0"))
    #expect(again.label == nil && again.record.outcomes.count == 1)
    store.close()
  }

  /// By way of the recorder: in order behind its request, texts only where prompts are kept, and nothing that a log cannot hold.
  @Test(arguments: TelemetryConfiguration.Prompts.allCases)
  func recording(prompts: TelemetryConfiguration.Prompts) async throws {
    let store = try folder.store(TelemetrySettings(prompts: prompts), queueRecords: 2)
    store.record(Traces.answered("r1"))
    #expect(store.label(label("r1")))
    #expect(!store.label(label("r1")), "no room")
    #expect(store.counters.dropped == 1)
    await store.flush()
    let faults: [(inout ShadowLabel) -> Void] = [
      { $0.servedQuality = 1.5 }, { $0.servedInclusion = 0 }, { $0.labelRate = .nan }, { $0.auditRate = 2 },
      { $0.outcomes[0].quality = -1 }, { $0.outcomes[1].inclusion = 1.25 }, { $0.outcomes[0].costUSD = .infinity },
      { $0.outcomes[0].outputTokens = -1 }, { $0.outcomes[0].name = "" }, { $0.outcomes[1].name = "frontier" },
      { $0.outcomes[0].judgeUSD = -1 }, { $0.outcomes[0].latencyMilliseconds = .nan },
    ]
    for fault in faults {
      var wrong = label("r1")
      fault(&wrong)
      #expect(!store.label(wrong))
    }
    #expect(store.counters.failed == faults.count && store.counters.queued == 0)
    await store.close()
    let options = LogOptions(isStrict: true, featureOptions: [FeatureOptions()], keepsAnswers: true)
    let records = try LogSource(paths: [folder.database], options: options).readRecords()
    guard prompts != .none else {
      #expect(records.isEmpty)
      return
    }
    let record = try #require(records.first)
    #expect(record.outcomes.map(\.origin) == [.served, .shadow, .audit])
    #expect(record.outcomes.map(\.inclusion) == [0.28, 0.28, 0.1])
    #expect(record.outcomes.map(\.quality) == [1, 0.5, nil])
    #expect(record.outcomes.map(\.answer) == [nil, prompts == .full ? .text("Four \"4\".") : nil, nil])
  }

  /// A file of a gateway before labels: it opens, and takes them.
  @Test func filesFromBeforeLabels() async throws {
    let queue = try DatabaseQueue(path: folder.database)
    try TelemetrySchema.migrator.migrate(queue, upTo: "gateway: what was booked, and who rated")
    try queue.close()
    let store = SQLiteTelemetry(try SQLiteFile(path: folder.database))
    try store.write(TelemetryBatch(entries: [.request(Traces.record("r1")), .label(label("r1"))]))
    #expect(try await store.labelSpending(since: 0).labels == 1)
    store.close()
  }
}
