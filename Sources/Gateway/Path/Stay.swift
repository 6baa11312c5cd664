import ChatProtocols

/// What a request holds while it is here: the bytes of its body, and a place among those that are worked on.
struct Stay {
  private let shared: SharedResources
  private var bytes = 0
  private var hasPlace = false
  /// Whose both are.
  private var party: Party?

  init(_ shared: SharedResources) { self.shared = shared }

  /// Takes room for bytes; `false` where there is none for the party.
  mutating func take(_ count: Int, for party: Party) -> Bool {
    guard shared.bodies.take(count, for: party) else { return false }
    bytes += count
    self.party = party
    return true
  }

  /// Takes a place, waiting for one.
  /// - Throws: ``GatewayError/Code/overloaded`` or ``GatewayError/Code/shuttingDown``, both 503.
  mutating func enter(_ call: EndpointCall) async throws(GatewayError) {
    try await shared.admission.acquire(call.party, presence: call.incoming.presence)
    hasPlace = true
    party = call.party
  }

  /// Gives everything back. Once.
  func end() {
    guard let party else { return }
    shared.bodies.giveBack(bytes, of: party)
    if hasPlace { shared.admission.release(party) }
  }
}
