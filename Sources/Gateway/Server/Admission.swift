package import ChatProtocols

/// Which requests are worked on, and which wait for that: ``FairPlaces`` with the answers that clients get.
package final class Admission: Sendable {
  private let places: FairPlaces

  /// - Parameters:
  ///   - running: requests that may be worked on at a time; at least 1.
  ///   - waiting: requests that may wait; 0 for none.
  package init(running: Int, waiting: Int) { places = FairPlaces(places: running, seats: waiting) }

  /// Requests that are worked on, and that wait.
  package var counts: (running: Int, waiting: Int) {
    let counts = places.counts
    return (counts.taken, counts.waiting)
  }

  /// Asks for a place; waits for one where there is room to wait, and while the client is there.
  /// - Throws: ``GatewayError/Code/overloaded`` or ``GatewayError/Code/shuttingDown``, both 503.
  package func acquire(_ party: Party, presence: ConnectionMonitor) async throws(GatewayError) {
    if let entry = places.enterAtOnce(party) { return try Self.check(entry) }
    let wait = CallToken(now: 0, firstToken: .infinity, total: .infinity)
    presence.onDisconnect(cancel: wait)
    defer { presence.forget(wait) }
    try Self.check(await places.acquire(party, wait: wait))
  }

  /// Gives a place back.
  package func release(_ party: Party) { places.release(party) }

  /// Admits no one from now on, and sends away who waits.
  package func close() { places.close() }

  private static func check(_ entry: FairPlaces.Entry) throws(GatewayError) {
    switch entry {
    case .taken: return
    case .cancelled: throw .clientGone
    case .closed:
      throw GatewayError(
        .shuttingDown, message: "The gateway is shutting down. Try another instance.", retryAfterSeconds: 1)
    case .full:
      throw GatewayError(
        .overloaded, message: "The gateway works on as many requests as it may. Try again shortly.",
        retryAfterSeconds: 1)
    }
  }
}
