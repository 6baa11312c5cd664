import HummingbirdCore
import NIOCore
import Synchronization

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
