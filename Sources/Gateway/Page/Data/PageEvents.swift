import ChatProtocols
import GatewayCore
import NIOCore
import Synchronization
import TextKit

/// Tells a browser, as server-sent events, that there is something new to show: it then asks for its part of the page again.
///
/// What is told is a mark that changes with what is written, raised, decided and configured; looking at it costs a few loads from
/// memory.
final class PageEvents: Sendable {
  /// How often the mark is looked at, and after how many looks without news a sign of life is sent.
  private static let pauseSeconds = 1.0
  private static let silentLooks = 15

  /// What the page would show anew.
  private struct Mark: Equatable {
    var written: Int
    var alerts: [AlertChange]
    var canary: JSONNode
    var experiments: JSONNode
    var runtime: ObjectIdentifier
  }

  private let gateway: SwappableGateway
  private let last = Mutex<Mark?>(nil)

  init(_ gateway: SwappableGateway) { self.gateway = gateway }

  private var mark: Mark {
    let shared = gateway.shared
    return Mark(
      written: shared.telemetry?.counters.written ?? 0, alerts: shared.alerts.raised, canary: shared.canary.json,
      experiments: shared.experiments.json, runtime: ObjectIdentifier(gateway.runtime))
  }

  /// Events until the gateway ends, or the browser goes.
  var parts: AsyncStream<ByteBuffer> { AsyncStream { await self.next() } }

  private func next() async -> ByteBuffer? {
    guard gateway.isReady else { return nil }
    let present = mark
    let isFirst = last.withLock { last in
      defer { last = last ?? present }
      return last == nil
    }
    if isFirst { return ByteBuffer(string: "retry: 2000\nevent: ready\ndata: {}\n\n") }
    for _ in 0..<Self.silentLooks {
      do { try await gateway.shared.clock.sleep(Self.pauseSeconds) } catch { return nil }
      guard gateway.isReady else { return nil }
      let present = mark
      let isNew = last.withLock { last in
        defer { last = present }
        return last != present
      }
      if isNew { return ByteBuffer(string: "event: changed\ndata: {\"written\":\(present.written)}\n\n") }
    }
    return ByteBuffer(string: ": nothing new\n\n")
  }
}

extension PageRoute {
  static let events = PageRoute.data("/admin/api/events") { call in
    OutgoingResponse(
      headers: [("content-type", "text/event-stream"), ("x-accel-buffering", "no")],
      body: .live(PageEvents(call.gateway).parts))
  }
}
