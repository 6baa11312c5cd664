import Logging
import NIOCore
import Synchronization
import Testing

@testable import ChatProtocols
@testable import Gateway
@testable import GatewayCore

/// Alerts go in once and out once, regardless of who says the same how often, and are posted until somebody takes them.
@Suite(.timeLimit(.minutes(20))) struct AlertBoardTests {
  private let folder: TelemetryFolder
  private let metrics = GatewayMetrics()
  private let lines = LogLines()
  private let clock = ManualClock()
  private static let alert = Alert(name: "drift x", cause: "x went from 1 to 2", remedy: "look at x")

  init() throws { folder = try TelemetryFolder() }

  private var logger: Logger {
    let lines = lines
    return Logger(label: "test") { _ in lines }
  }

  private func board(_ store: any AlertStore = MemoryAlerts()) -> AlertBoard {
    AlertBoard(store: store, metrics: metrics, logger: logger, now: clock.clock.unixSeconds)
  }

  @Test func changesAreToldOnce() {
    let board = board()
    let told = Mutex<[AlertChange]>([])
    board.use { change in told.withLock { $0.append(change) } }
    board.clear("drift x")
    for _ in 0..<3 { board.raise(Self.alert) }
    var other = Self.alert
    other.cause = "x went from 1 to 3"
    board.raise(other)
    #expect(board.raised.map(\.alert) == [other])
    board.clear("drift x", cause: "as before")
    board.clear("drift x")
    #expect(board.raised.isEmpty)
    let changes = told.withLock { $0 }
    #expect(changes.map(\.isRaised) == [true, false] && changes.map(\.alert.cause) == [Self.alert.cause, "as before"])
    #expect(lines.all.count == 2)
    #expect(metrics.alert["drift x"].value == 0 && metrics.alerts["drift x", "raised"].value == 1)
    #expect(metrics.alerts["drift x", "cleared"].value == 1)
  }

  @Test func whatIsRaisedOutlivesTheProcess() async throws {
    func open() throws -> SQLiteAlerts {
      try SQLiteAlerts(SQLiteFile(path: folder.database, lockSeconds: 1), logger: logger)
    }
    let first = board(try open())
    first.raise(Self.alert)
    first.raise(Alert(name: "other", cause: "c", remedy: "r"))
    first.clear("other")
    await first.close()
    let second = board(try open())
    #expect(second.raised.map(\.alert) == [Self.alert])
    let told = Mutex(0)
    second.use { _ in told.withLock { $0 += 1 } }
    second.raise(Self.alert)
    #expect(told.withLock { $0 } == 0)
    second.clear("drift x")
    await second.close()
    #expect(try open().raised.isEmpty)
  }

  /// A program that takes messages from the given attempt on.
  private final class Taker: UpstreamTransport {
    let from: Int
    let received = Mutex<[UpstreamRequest]>([])

    init(from: Int) { self.from = from }

    func send(_ request: UpstreamRequest) async throws(UpstreamFailure) -> UpstreamResponse {
      let count = received.withLock { received in
        received.append(request)
        return received.count
      }
      if count == 1 { throw UpstreamFailure(.connection, reason: "refused") }
      return UpstreamResponse(status: count < from ? 500 : 204, headers: [], body: MemoryBody(parts: []))
    }

    func shutdown() async {}
  }

  @Test func aWebhookIsToldUntilItTakesTheMessage() async throws {
    let taker = Taker(from: 4)
    let webhook = Webhook(
      url: "https://hooks.example.org", secret: "s3cret", transport: taker, clock: clock.clock, metrics: metrics,
      logger: logger)
    let board = board()
    board.use { webhook.send($0) }
    board.raise(Self.alert)
    while metrics.webhooks["sent"].value < 1 { try await Task.sleep(for: .milliseconds(5)) }
    board.clear(Self.alert.name)
    while metrics.webhooks["sent"].value < 2 { try await Task.sleep(for: .milliseconds(5)) }
    let received = taker.received.withLock { $0 }
    #expect(received.count == 5 && metrics.webhooks["failed"].value == 3)
    #expect(Array(clock.slept.prefix(3)) == [1, 2, 4])
    let body = String(decoding: received[3].body, as: UTF8.self)
    #expect(body.contains(#""state":"raised""#) && body.contains(#""cause":"x went from 1 to 2""#))
    #expect(String(decoding: received[4].body, as: UTF8.self).contains(#""state":"cleared""#))
    for request in received {
      let header = try #require(request.headers.first { $0.name == "x-ockham-signature" }?.value)
      let seconds = try #require(Int(header.dropFirst(2).prefix { $0 != "," }))
      #expect(header == MessageSignature.text(of: request.body, at: seconds, secret: "s3cret"))
      #expect(!String(decoding: request.body, as: UTF8.self).contains("s3cret"))
    }
    await webhook.stop()
    webhook.send(AlertChange(alert: Self.alert, isRaised: true, time: 0))
    #expect(metrics.webhooks["dropped"].value == 1)
  }

  @Test func hostileNamesAreMadeVisible() {
    board().raise(Alert(name: "drift \u{1b}[31m", cause: "tier \n\u{1b}]0;x", remedy: "none"))
    #expect(lines.all.count == 1 && lines.all.first?.contains("\u{1b}") == false)
  }
}
