import GatewayCore
import NIOCore
import Synchronization

/// One client's connection: whose it is, what it is at, and since when.
///
/// Written by its event loop, read by the sweep that closes what is late.
package final class Connection: Sendable {
  /// What a connection is at.
  enum Phase: Int, Sendable {
    /// Nothing is in progress.
    case idle
    /// A head began and is not whole.
    case head
    /// A head came, and its body is not whole.
    case body
    /// A request is all there, and its answer is not.
    case answer
    /// The answer was the last: what is left is for the client to take.
    case closing
  }

  /// Why a connection is closed.
  enum Fault: String, Error, Sendable, Hashable {
    /// A head, or a body, came too slowly.
    case head, body
    /// The client does not take what it is sent.
    case unread
    /// It was idle, and its place was needed.
    case crowded
    /// It was the last answer's, and the client did not close it.
    case lingering
  }

  let address: Party
  let isLoopback: Bool
  let presence = ConnectionMonitor()
  private let channel: any Channel
  private let phaseValue = Atomic<Int>(Phase.idle.rawValue)
  /// In nanoseconds of the event loops' clock: since when the phase lasts.
  private let since = Atomic<UInt64>(0)
  /// Bytes of the head or the body so far, and what of them is content of the body.
  private let received = Atomic<Int>(0)
  private let content = Atomic<Int>(0)
  /// What waits for the client to take it: ends of answers, and a buffer that is full. And when it took something last.
  private let unread = Atomic<Int>(0)
  private let lastTaken = Atomic<UInt64>(0)
  /// The gateway has let it go, and it is not gone yet.
  private let isLetGo = Atomic<Bool>(false)

  init(_ channel: any Channel, now: UInt64) {
    self.channel = channel
    address = .address(channel.remoteAddress)
    isLoopback = channel.remoteAddress?.isLoopback ?? false
    since.store(now, ordering: .relaxed)
  }

  var phase: Phase { Phase(rawValue: phaseValue.load(ordering: .relaxed)) ?? .idle }

  /// A new phase, from now on.
  func enter(_ phase: Phase, at now: UInt64) {
    received.store(0, ordering: .relaxed)
    content.store(0, ordering: .relaxed)
    since.store(now, ordering: .relaxed)
    phaseValue.store(phase.rawValue, ordering: .relaxed)
  }

  /// Bytes came.
  func receive(_ count: Int) { received.wrappingAdd(count, ordering: .relaxed) }

  /// Content of a body came.
  func read(_ count: Int) { content.wrappingAdd(count, ordering: .relaxed) }

  /// Whether what was read of a body is far more than it holds: chunks of one byte take six.
  var isMostlyFraming: Bool {
    guard phase == .body else { return false }
    return received.load(ordering: .relaxed) > (64 << 10) + 16 * content.load(ordering: .relaxed)
  }

  /// Something waits for the client to take it, or was taken.
  func hold(at now: UInt64) {
    if unread.wrappingAdd(1, ordering: .relaxed).oldValue == 0 { lastTaken.store(now, ordering: .relaxed) }
  }
  func take(at now: UInt64) {
    unread.wrappingSubtract(1, ordering: .relaxed)
    lastTaken.store(now, ordering: .relaxed)
  }

  /// Seconds that the client has taken nothing of what waits for it.
  func unreadSeconds(at now: UInt64) -> Double {
    guard unread.load(ordering: .relaxed) > 0, !isLetGo.load(ordering: .relaxed) else { return 0 }
    return Self.seconds(from: lastTaken.load(ordering: .relaxed), to: now)
  }

  /// Seconds without a request.
  func idleSeconds(at now: UInt64) -> Double? {
    phase == .idle ? Self.seconds(from: since.load(ordering: .relaxed), to: now) : nil
  }

  /// What is wrong with the connection at a time; `nil` for nothing.
  func fault(at now: UInt64, _ limits: ConnectionLimits) -> Fault? {
    guard !isLetGo.load(ordering: .relaxed) else { return nil }
    let seconds = Self.seconds(from: since.load(ordering: .relaxed), to: now)
    switch phase {
    case .head where seconds > limits.headSeconds: return .head
    case .body
    where seconds > limits.bodySeconds + Double(received.load(ordering: .relaxed)) / limits.bodyBytesPerSecond:
      return .body
    case .closing where seconds > limits.lingerSeconds: return .lingering
    default: return unreadSeconds(at: now) > limits.unreadSeconds ? .unread : nil
    }
  }

  /// Ends the connection. A client whose request came too slowly is told.
  func end(for fault: Fault, at now: UInt64) {
    switch fault {
    case .head, .body:
      enter(.closing, at: now)
      channel.pipeline.fireErrorCaught(fault)
    case .unread, .crowded, .lingering:
      isLetGo.store(true, ordering: .relaxed)
      channel.close(promise: nil)
    }
  }

  private static func seconds(from start: UInt64, to end: UInt64) -> Double {
    end > start ? Double(end - start) / 1e9 : 0
  }
}

extension SocketAddress {
  /// Whether the address is of this machine alone.
  fileprivate var isLoopback: Bool {
    switch ipAddress {
    case .some(let text): text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    case nil: true
    }
  }
}
