import NIOEmbedded
import Testing

@testable import Gateway

/// What becomes of one connection, without a network.
struct ConnectionTests {
  /// A connection that was told to close is late once, however long its event loop takes.
  @Test func endsOnce() throws {
    let table = ConnectionTable()
    let channel = EmbeddedChannel()
    let connection = Connection(channel, now: 0)
    #expect(table.insert(connection, for: channel, at: 0))
    connection.hold(at: 0)
    let late = UInt64(table.limits.unreadSeconds * 1e9) + 1
    #expect(table.shedUnread(1, at: 1) == 0)
    #expect(table.sweep(at: late) == [.unread])
    #expect(table.sweep(at: late + 1) == [])
    #expect(table.shedUnread(1, at: late + 1) == 0)
    #expect(table.count == 1)
  }
}
