import ChatProtocols
package import GatewayCore

/// The calls of one provider: so many at a time as it may have connections, and the others wait for their turn.
///
/// Waiting is the gateway's own: no failure of the provider, and none of its time-outs counts meanwhile.
package final class CallQueue: Sendable {
  private let places: FairPlaces
  private let waitSeconds: Double

  /// How many may wait: each is a request that the gateway has admitted, so this only bounds what several attempts of one can add.
  private static let seats = 1 << 16

  package init(_ provider: ProviderConfiguration) {
    places = FairPlaces(places: provider.maximumConnections, seats: Self.seats)
    waitSeconds = provider.timeouts.queue
  }

  /// Calls that are in progress, and that wait.
  package var counts: (taken: Int, waiting: Int) { places.counts }

  /// A turn, which ends with ``end()``.
  struct Turn: Sendable {
    fileprivate let places: FairPlaces
    fileprivate let party: Party
    /// How long it was waited for.
    let queuedMilliseconds: Double

    func end() { places.release(party) }
  }

  /// Waits for a turn; `nil` where the client went away.
  /// - Throws: ``UpstreamFailure/Kind/saturated`` after ``TimeoutConfiguration/queue``.
  func turn(
    for party: Party, presence: ConnectionMonitor, deadlines: CallTokenTable, _ clock: GatewayClock
  ) async throws(UpstreamFailure) -> Turn? {
    if places.enterAtOnce(party) == .taken { return Turn(places: places, party: party, queuedMilliseconds: 0) }
    let start = clock.steadyNanoseconds
    let wait = CallToken(now: start, firstToken: waitSeconds, total: waitSeconds)
    deadlines.insert(wait)
    presence.onDisconnect(cancel: wait)
    let entry = await places.acquire(party, wait: wait)
    deadlines.remove(wait)
    presence.forget(wait)
    switch entry {
    case .taken:
      let now = max(start, clock.steadyNanoseconds)
      return Turn(places: places, party: party, queuedMilliseconds: Double(now - start) / 1e6)
    case .cancelled where wait.cause == .cancelled: return nil
    case .cancelled, .full, .closed:
      throw UpstreamFailure(.saturated, retryAfterSeconds: 1, reason: "no free connection in \(waitSeconds) s")
    }
  }
}
