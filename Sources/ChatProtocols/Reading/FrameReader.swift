/// Cuts the bytes of a streamed answer into events, whatever the framing: server-sent events, or a provider's own.
package protocol FrameReader: Sendable {
  /// The media type of such a stream, in lower case.
  var mediaType: String { get }

  /// The events that `bytes` complete.
  /// - Throws: ``FrameFault``; the stream cannot be read on.
  mutating func events(in bytes: [UInt8]) throws(FrameFault) -> [ServerSentEvent]

  /// The event that the end of the stream completes, where there is one.
  mutating func finish() -> ServerSentEvent?
}

/// A stream that is not framed as it must be.
package struct FrameFault: Error, Sendable, Hashable {
  /// In the gateway's own words: no byte of the stream.
  package var reason: String

  package init(reason: String) { self.reason = reason }
}

extension ServerSentEventParser: FrameReader {
  /// The media type of server-sent events.
  package static let eventStream = "text/event-stream"

  package var mediaType: String { Self.eventStream }

  package mutating func events(in bytes: [UInt8]) throws(FrameFault) -> [ServerSentEvent] {
    do { return try parse(bytes) } catch {
      throw FrameFault(reason: "an event longer than \(error.maximumBytes) bytes")
    }
  }
}
