import ChatProtocols
import NIOCore

extension ServerSentEvent {
  /// Writes the event as it goes over the wire.
  func write(into buffer: inout ByteBuffer) {
    if let name { buffer.writeString("event: \(name)\n") }
    buffer.writeString("data: ")
    // A line feed in data came from several data lines, and leaves as such.
    var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).makeIterator()
    if let first = lines.next() { buffer.writeBytes(first) }
    while let line = lines.next() {
      buffer.writeString("\ndata: ")
      buffer.writeBytes(line)
    }
    buffer.writeString("\n\n")
  }
}
