/// How many connections clients may hold, and how long each part of a request and of an answer may take.
package struct ConnectionLimits: Sendable, Hashable {
  /// Connections at a time; no address holds more than eight times what is free.
  package var connections = 8192
  /// From the first byte of a head to its last.
  package var headSeconds = 10.0
  /// For a body, beside the time that its bytes give it.
  package var bodySeconds = 10.0
  /// Each so many bytes of a body give a second more.
  package var bodyBytesPerSecond = 1024.0
  /// Without a request.
  package var idleSeconds = 300.0
  /// Without taking anything of an answer that is there.
  package var unreadSeconds = 30.0

  package init() {}
}

extension ConnectionLimits {
  /// As ``unreadSeconds``, where others wait for what an unread answer holds.
  package var unreadUnderLoadSeconds: Double { min(unreadSeconds, 2) }

  /// For a client to close after its last answer.
  package var lingerSeconds: Double { 2 }

  /// Those limits that hold where the process may open only so many files: each request takes a connection of its client and
  /// one to a provider, and some are for everything else.
  package func within(files: Int) -> ConnectionLimits {
    var limits = self
    limits.connections = min(connections, max(8, (files - 32) / 2))
    return limits
  }
}
