import Foundation
import Testing
import TextKit

@testable import ChatProtocols

/// AWS's framing: any cut, and bytes that are not what they say.
struct EventStreamTests {
  /// The bytes of a golden stream.
  static func stream(_ name: String) throws -> [UInt8] {
    let node = try #require(try BedrockSignatureTests.golden("eventstream.json").first { $0["name"]?.string == name })
    let text = try #require(node["base64"]?.string)
    return Array(try #require(Data(base64Encoded: text)))
  }

  private func read(_ parts: [[UInt8]]) throws -> [ServerSentEvent] {
    var reader = EventStreamReader()
    return try parts.flatMap { try reader.events(in: $0) } + [reader.finish()].compactMap(\.self)
  }

  @Test func messagesAreThoseThatWereWritten() throws {
    for node in try BedrockSignatureTests.golden("eventstream.json") {
      let name = try #require(node["name"]?.string)
      let events = try read([Self.stream(name)])
      let messages = try #require(node["messages"]?.elements)
      #expect(events.count == messages.count)
      for (event, message) in zip(events, messages) {
        let headers = message["headers"]
        let said =
          headers?[":event-type"]?.string
          ?? "exception:" + (headers?[":exception-type"] ?? headers?[":error-code"] ?? .null).stringOrEmpty
        #expect(event.name == said)
        if headers?[":error-code"] == nil { #expect(text(event.data) == message["payload"]?.string) }
      }
    }
  }

  @Test func cutsChangeNothing() throws {
    let whole = try Self.stream("answer")
    let events = try read([whole])
    for cut in 0...whole.count {
      #expect(try read([Array(whole[..<cut]), Array(whole[cut...])]) == events, "cut at \(cut)")
    }
    #expect(try read(whole.map { [$0] }) == events)
    #expect(try read([Array(whole.dropLast())]) == Array(events.dropLast()))
  }

  /// No byte can be another without the reader's saying so.
  @Test func everyDamagedByteIsAFault() throws {
    let whole = try Self.stream("throttled")
    for place in whole.indices {
      for mask in [0x01, 0x80, 0xFF] as [UInt8] {
        var damaged = whole
        damaged[place] ^= mask
        #expect(throws: FrameFault.self, "byte \(place)") { try read([damaged]) }
      }
    }
  }

  @Test func lengthsThatCannotBeMakeNothingWait() {
    let lengths: [(UInt32, UInt32)] = [(0, 0), (15, 0), (16, 1), (100, 90), (.max, 0), (1 << 25, 0), (20, .max)]
    for (total, headers) in lengths {
      #expect(throws: FrameFault.self, "\(total) \(headers)") {
        try read([Self.prelude(total, headers)])
      }
    }
    var small = EventStreamReader(maximumMessageBytes: 64)
    #expect(throws: FrameFault(reason: "a message longer than 64 bytes")) {
      try small.events(in: Self.prelude(65, 0))
    }
  }

  /// Headers that are whole by their checksums and still wrong.
  @Test(
    arguments: [
      [], [3, 97, 98], [1, 97], [1, 97, 10], [0, 7, 0, 0], [1, 97, 7, 0, 5, 98], [1, 97, 7, 0, 1, 0xFF], [1, 97, 4, 0],
      [1, 97, 7, 0, 1, 98, 1, 97, 7, 0, 1, 98], [1, 97, 9, 1, 2],
    ] as [[UInt8]])
  func wrongHeadersAreFaults(_ headers: [UInt8]) {
    #expect(throws: FrameFault.self) { try read([Self.message(headers, [])]) }
  }

  @Test func theChecksumIsThatOfZlib() {
    #expect(CRC32.of(bytes("123456789")[...]) == 0xCBF4_3926)
    #expect(CRC32.of([]) == 0)
  }

  private static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * UInt32($0)) & 0xFF) } }

  private static func prelude(_ total: UInt32, _ headers: UInt32) -> [UInt8] {
    let lengths = word(total) + word(headers)
    return lengths + word(CRC32.of(lengths[...]))
  }

  private static func message(_ headers: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    let front = prelude(UInt32(16 + headers.count + payload.count), UInt32(headers.count)) + headers + payload
    return front + word(CRC32.of(front[...]))
  }
}

extension JSONNode {
  fileprivate var stringOrEmpty: String { string ?? "" }
}
