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

  /// Connections that are late together end bit by bit, each once, and none is forgotten.
  @Test(arguments: [1, 8, 100, 1500]) func manyEndInTurn(count: Int) throws {
    let table = ConnectionTable()
    let channels = (0..<count).map { _ in EmbeddedChannel() }
    for channel in channels { #expect(table.insert(Connection(channel, now: 0), for: channel, at: 0)) }
    for channel in channels { try #require(table.connection(of: channel)).enter(.head, at: 0) }
    let late = UInt64(table.limits.headSeconds * 1e9) + 1
    var (sweeps, ended) = (0, 0)
    while true {
      let faults = table.sweep(at: late)
      if faults.isEmpty { break }
      #expect(faults.count <= ConnectionTable.share(of: count) && faults.allSatisfy { $0 == .head })
      (sweeps, ended) = (sweeps + 1, ended + faults.count)
    }
    #expect(ended == count && sweeps <= 110)
  }
}
