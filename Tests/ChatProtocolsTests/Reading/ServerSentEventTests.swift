import Testing

@testable import ChatProtocols

/// Events from bytes, however they are split.
struct ServerSentEventTests {
  private static let text =
    "\u{FEFF}: hello\r\nevent: a\rdata: one\r\ndata:two\ndata\n\n\n:\n\ndata:  x: y\r\rid: 7\nretry: 1\nunknown: z\n\n"
    + "event: empty\n\nevent:\ndata: é😀\n\n"

  private static let events = [
    ServerSentEvent(name: "a", data: Array("one\ntwo\n".utf8)), ServerSentEvent(data: Array(" x: y".utf8)),
    ServerSentEvent(data: Array("é😀".utf8)),
  ]

  @Test func readsWholeText() throws {
    var parser = ServerSentEventParser()
    #expect(try parser.parse(Array(Self.text.utf8)) == Self.events)
    #expect(parser.finish() == nil)
  }

  @Test func readsEverySplitInTwoAndThree() throws {
    let bytes = Array(Self.text.utf8)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        var parser = ServerSentEventParser()
        var events = try parser.parse(Array(bytes[..<first]))
        events += try parser.parse(Array(bytes[first..<second]))
        events += try parser.parse(Array(bytes[second...]))
        #expect(events == Self.events, "split at \(first) and \(second)")
      }
    }
  }

  @Test func readsByteByByte() throws {
    var parser = ServerSentEventParser()
    var events: [ServerSentEvent] = []
    for byte in Self.text.utf8 { events += try parser.parse([byte]) }
    #expect(events == Self.events)
  }

  @Test func boundsAnEvent() throws {
    var parser = ServerSentEventParser(maximumEventBytes: 20)
    #expect(try parser.parse(Array("data: 12345678901234\n\n".utf8)).count == 1)
    #expect(try parser.parse(Array("data: 123456789\n".utf8)).isEmpty)
    #expect(throws: ServerSentEventTooLong(maximumBytes: 20)) { try parser.parse(Array("data: 12".utf8)) }
  }

  @Test func commentsNeverAddUp() throws {
    var parser = ServerSentEventParser(maximumEventBytes: 20)
    for _ in 0..<100 { #expect(try parser.parse(Array(": keep alive\n".utf8)).isEmpty) }
    #expect(try parser.parse(Array("data: x\n\n".utf8)) == [ServerSentEvent(data: [0x78])])
  }

  /// Some servers keep a connection open so.
  @Test func blankDataIsNoEvent() throws {
    var parser = ServerSentEventParser()
    let text = "data:\n\ndata: \n\nevent: a\ndata:  \n\ndata: x\n\n"
    #expect(try parser.parse(Array(text.utf8)) == [ServerSentEvent(data: [0x78])])
  }

  @Test(arguments: [("data: [DONE]\n", "[DONE]"), ("data: [DONE]", nil), ("data: a\ndata: b", "a"), ("", nil)])
  func endsWithWholeLinesAlone(text: String, expected: String?) throws {
    var parser = ServerSentEventParser()
    #expect(try parser.parse(Array(text.utf8)).isEmpty)
    #expect(parser.finish()?.data == expected.map { Array($0.utf8) })
  }
}
