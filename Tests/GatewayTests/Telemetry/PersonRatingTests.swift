import Foundation
import Logging
import Ockham
import RequestLog
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// What people think who were picked to rate, apart from what users say.
@Suite(.timeLimit(.minutes(20)))
struct PersonRatingTests {
  private let folder: TelemetryFolder

  init() throws { folder = try TelemetryFolder() }

  private func rating(
    _ id: String, _ quality: Double, name: String? = nil, rater: String = "ann", probability: Double? = 0.1
  ) -> GivenRating {
    GivenRating(
      requestID: id, name: name, quality: quality, rater: rater, probability: probability, time: Traces.time)
  }

  @Test(arguments: StoreKind.allCases)
  func ratingsStandBesideQualities(kind: StoreKind) async throws {
    let store = try kind.open(in: folder)
    let label = ShadowLabel(
      requestID: "r1", outcomes: [.init(name: "frontier", quality: 1, origin: .audit, inclusion: 0.1)],
      servedQuality: 0.5, servedInclusion: 0.1, labelRate: 0.2, auditRate: 0.1)
    try store.write(
      TelemetryBatch(entries: [
        .rating(rating("r1", 1)), .request(Traces.record("r1")), .label(label), .rating(rating("r1", 0)),
        .rating(rating("r1", 0.25, name: "frontier", probability: nil)), .rating(rating("r1", 1, rater: "bob")),
        .rating(rating("r1", 0.75)), .rating(rating("r1", 1, name: "nowhere")),
      ]))
    let found = try #require(try await store.request("r1"))
    #expect(
      found.personRatings.map { "\($0.name ?? "") \($0.rater) \($0.quality)" } == [
        "frontier ann 0.25", "small bob 1.0", "small ann 0.75", "nowhere ann 1.0",
      ])
    #expect(found.record.outcomes.map { $0["quality"] } == [.real(0.5), .real(1)])
    #expect(
      found.record.outcomes.map { $0["gold"] } == [
        .text(#"{"quality":0.875,"inclusion":0.1,"raters":["bob","ann"]}"#),
        .text(#"{"quality":0.25,"raters":["ann"]}"#),
      ])
    #expect(found.feedback.isEmpty)
    _ = try store.deleteRequests(before: .infinity, limit: 9)
    try store.write(TelemetryBatch(entries: [.request(Traces.record("r1"))]))
    #expect(try await store.request("r1")?.personRatings.isEmpty == true, "retention covers them")
    store.close()
  }

  @Test func theLogHasThem() async throws {
    let store = try folder.store()
    store.record(Traces.answered("r1"))
    try await store.rate(rating("r1", 0.75))
    await store.close()
    let options = LogOptions(isStrict: true, featureOptions: [FeatureOptions()])
    let records = try LogSource(paths: [folder.database], options: options).readRecords()
    #expect(
      records[0].outcomes.map(\.gold) == [GoldRating(quality: 0.75, inclusion: 0.1, raters: ["ann"])])
    #expect(records[0].outcomes[0].quality == nil)
  }

  private static func gateway(
    _ records: TelemetryRecorder?, isOpen: Bool
  ) async throws -> TestGateway {
    var configuration = GatewayConfiguration.demo()
    if !isOpen {
      configuration.keys = [KeyConfiguration(name: "a", sha256: VirtualKey.sha256("a".utf8))]
      configuration.adminKeyVariable = "ADMIN"
    }
    return try await TestGateway.start(configuration, telemetry: records, environment: ["ADMIN": "the-operator"])
  }

  private static func records() -> TelemetryRecorder {
    TelemetryRecorder(
      MemoryTelemetry(), settings: TelemetrySettings(), pauseSeconds: 36_000, logger: Logger(label: "test"))
  }

  /// They correct what decides, so that clients may not give them.
  @Test(arguments: [true, false]) func whoMayRate(isOpen: Bool) async throws {
    let records = Self.records()
    let gateway = try await Self.gateway(records, isOpen: isOpen)
    defer { gateway.stop() }
    func bearer(_ key: String) -> [(String, String)] { [("authorization", "Bearer \(key)")] }
    let seen = try await gateway.send("/v1/chat/completions", TestGateway.chatBody("x"), headers: bearer("a"))
    let id = try #require(seen.headers["x-ockham-request-id"])
    let body = #"{"request_id":"\#(id)","thumbs":"up","rater":"ann","probability":0.5,"tier":"frontier"}"#
    let clients = try await gateway.send("/v1/feedback", body, headers: bearer("a"))
    #expect(clients.status == (isOpen ? 200 : 401), "\(clients.text)")
    if !isOpen { #expect(clients.text.contains("administrator's key")) }
    let operators = try await gateway.send("/v1/feedback", body, headers: bearer("the-operator"))
    #expect(operators.status == 200)
    #expect(operators.text == #"{"request_id":"\#(id)","quality":1.0,"rater":"ann"}"#)
    await records.flush()
    let found = try #require(try await records.store.request(id))
    #expect(found.feedback.isEmpty)
    #expect(found.personRatings.map { "\($0.quality) \($0.rater) \($0.probability ?? 0)" } == ["1.0 ann 0.5"])
    #expect(found.personRatings.map(\.name) == ["frontier"])
    let unknown = try await gateway.send(
      "/v1/feedback", #"{"request_id":"req_none","quality":1,"rater":"ann"}"#, headers: bearer("the-operator"))
    #expect(unknown.status == 404)
  }

  @Test(
    arguments: [
      (#""rater":7"#, "rater", "1 to 128 bytes"), (#""rater":"""#, "rater", "1 to 128 bytes"),
      (#""rater":"ann","probability":0"#, "probability", "above 0, at most 1"),
      (#""rater":"ann","probability":"0.5""#, "probability", "above 0, at most 1"),
      (#""rater":"ann","tier":"huge""#, "tier", "expected one of small, mid, frontier"),
      (#""rater":"ann","tier":1"#, "tier", "expected one of"), (#""tier":"small""#, "tier", "a rater beside it"),
      (#""probability":0.5"#, "probability", "a rater beside it"),
    ])
  func whatIsRefused(fields: String, param: String, says: String) async throws {
    let gateway = try await Self.gateway(Self.records(), isOpen: true)
    defer { gateway.stop() }
    let seen = try await gateway.send("/v1/feedback", #"{"request_id":"r","quality":1,\#(fields)}"#)
    #expect(
      seen.status == 400 && seen.text.contains(says) && seen.text.contains(#""param":"\#(param)""#), "\(seen.text)")
  }
}
