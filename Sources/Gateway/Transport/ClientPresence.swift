import HummingbirdCore
import NIOCore
import Synchronization

/// Tells when the client of a connection goes away, so that nobody pays for an answer that nobody reads.
///
/// A client that closes its sending half counts as gone: HTTP clients keep both halves open while they wait.
package final class ClientPresence: Sendable {
  private struct State {
    var isGone = false
    var action: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// Sets what to do when the client goes away; done at once where it is gone. `nil` forgets it.
  package func onLeave(_ body: (@Sendable () -> Void)?) {
    let isGone = state.withLock { state in
      state.action = body
      return state.isGone
    }
    if isGone { body?() }
  }

  /// Whether the client has left. It does not come back.
  package var isGone: Bool { state.withLock(\.isGone) }

  func leave() {
    let action = state.withLock { state in
      state.isGone = true
      return state.action
    }
    action?()
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
