package import GatewayCore
import NIOCore
import Synchronization

/// Clients' connections: how many there may be, by whom, and for how long they may do nothing.
///
/// No one holds more than ``FairShare`` allows. Where a connection that may be held finds no room, one that idles and belongs
/// to somebody who holds more gives way.
package final class ConnectionTable: Sendable {
  private struct State {
    var connections: [ObjectIdentifier: Connection] = [:]
    var held: [Party: Int] = [:]
  }

  let limits: ConnectionLimits
  private let state = Mutex(State())

  package init(_ limits: ConnectionLimits = ConnectionLimits()) { self.limits = limits }

  /// Connections that are open.
  package var count: Int { state.withLock(\.connections.count) }

  /// The connection of a channel.
  func connection(of channel: any Channel) -> Connection? {
    state.withLock { $0.connections[ObjectIdentifier(channel)] }
  }

  /// Enters a connection; `false` where there is no room for it.
  func insert(_ connection: Connection, for channel: any Channel, at now: UInt64) -> Bool {
    let (isIn, evicted) = state.withLock { state -> (Bool, Connection?) in
      let held = state.held[connection.address, default: 0]
      let free = limits.connections - state.connections.count
      var evicted: Connection?
      if !FairShare.allows(held: held, free: free) {
        guard let idle = Self.idle(heldAbove: held + 1, state, at: now) else { return (false, nil) }
        Self.remove(idle.key, &state)
        evicted = idle.value
      }
      state.connections[ObjectIdentifier(channel)] = connection
      state.held[connection.address, default: 0] += 1
      return (true, evicted)
    }
    evicted?.end(for: .crowded, at: now)
    return isIn
  }

  func remove(_ channel: any Channel) {
    state.withLock { Self.remove(ObjectIdentifier(channel), &$0) }
  }

  /// Ends some of what is late, and returns why.
  ///
  /// Connections that were opened together are late together, and their clients come again together: all of them ended at once
  /// would hold up everybody else twice. So a sweep ends the hundredth part of the connections; the rest is for the next ones.
  func sweep(at now: UInt64) -> [Connection.Fault] {
    let open = all
    var faults: [Connection.Fault] = []
    for connection in open {
      guard let fault = connection.fault(at: now, limits) else { continue }
      connection.end(for: fault, at: now)
      faults.append(fault)
      if faults.count == Self.share(of: open.count) { break }
    }
    return faults
  }

  /// How many of some connections are ended in one sweep.
  static func share(of count: Int) -> Int { max(8, count / 100) }

  /// Ends connections whose clients take nothing, for others wait: at most `count`, and no more than a sweep may, the longest unread
  /// first. Returns how many.
  func shedUnread(_ count: Int, at now: UInt64) -> Int {
    let open = all
    let unread = open.map { ($0, $0.unreadSeconds(at: now)) }.filter { $0.1 > limits.unreadUnderLoadSeconds }
    let shed = unread.sorted { $0.1 > $1.1 }.prefix(min(count, Self.share(of: open.count)))
    for (connection, _) in shed { connection.end(for: .unread, at: now) }
    return shed.count
  }

  private var all: [Connection] { state.withLock { Array($0.connections.values) } }

  private static func remove(_ key: ObjectIdentifier, _ state: inout State) {
    guard let connection = state.connections.removeValue(forKey: key) else { return }
    let held = state.held[connection.address, default: 0] - 1
    state.held[connection.address] = held > 0 ? held : nil
  }

  /// The longest idle connection of the address that holds the most, where that is more than `least`.
  private static func idle(
    heldAbove least: Int, _ state: State, at now: UInt64
  ) -> (key: ObjectIdentifier, value: Connection)? {
    guard let greedy = state.held.max(by: { $0.value < $1.value }), greedy.value > least else { return nil }
    return state.connections.filter { $0.value.address == greedy.key && $0.value.idleSeconds(at: now) != nil }
      .max { ($0.value.idleSeconds(at: now) ?? 0) < ($1.value.idleSeconds(at: now) ?? 0) }
  }
}
