import HummingbirdCore
import NIOCore
import Synchronization

/// Tells when the client of a connection goes away, so that nobody pays for an answer that nobody reads.
///
/// A client that closes its sending half counts as gone: HTTP clients keep both halves open while they wait.
package final class ClientPresence: Sendable {
  private struct State {
    var isGone = false
    var calls: [ObjectIdentifier: Deadline] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// Has a call given up when the client goes away; at once where it is gone.
  package func onLeave(cancel call: Deadline) {
    let isGone = state.withLock { state in
      if !state.isGone { state.calls[ObjectIdentifier(call)] = call }
      return state.isGone
    }
    if isGone { call.cancel() }
  }

  /// A call is over.
  package func forget(_ call: Deadline) {
    _ = state.withLock { $0.calls.removeValue(forKey: ObjectIdentifier(call)) }
  }

  func leave() {
    let calls = state.withLock { state in
      state.isGone = true
      defer { state.calls = [:] }
      return Array(state.calls.values)
    }
    for call in calls { call.cancel() }
  }
}

/// The presences of all connections, by their channels: the server hands out a channel with each request.
package final class PresenceTable: Sendable {
  private let presences = Mutex<[ObjectIdentifier: ClientPresence]>([:])

  package init() {}

  func insert(_ presence: ClientPresence, for channel: any Channel) {
    presences.withLock { $0[ObjectIdentifier(channel)] = presence }
  }

  func remove(_ channel: any Channel) {
    _ = presences.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }
  }

  func presence(of channel: any Channel) -> ClientPresence? {
    presences.withLock { $0[ObjectIdentifier(channel)] }
  }

  /// Connections that are open.
  package var count: Int { presences.withLock(\.count) }
}

/// Watches one connection for its end.
final class PresenceHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let table: PresenceTable
  private let presence = ClientPresence()

  init(table: PresenceTable) { self.table = table }

  func handlerAdded(context: ChannelHandlerContext) { table.insert(presence, for: context.channel) }

  func handlerRemoved(context: ChannelHandlerContext) { table.remove(context.channel) }

  func channelInactive(context: ChannelHandlerContext) {
    presence.leave()
    table.remove(context.channel)
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { presence.leave() }
    context.fireUserInboundEventTriggered(event)
  }
}
