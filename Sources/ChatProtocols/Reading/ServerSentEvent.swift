/// One server-sent event: its name (`event:`), where it has one, and its data, lines joined by line feeds.
package struct ServerSentEvent: Sendable, Hashable {
  package var name: String?
  package var data: [UInt8]

  package init(name: String? = nil, data: [UInt8]) {
    self.name = name
    self.data = data
  }
}

/// An event that is longer than the parser may hold.
package struct ServerSentEventTooLong: Error, Sendable, Hashable {
  package var maximumBytes: Int
}
