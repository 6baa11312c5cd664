import ChatProtocols
import Synchronization

/// What a request holds while it is here: the bytes of its body, and a place among those that are worked on.
final class Stay: Sendable {
  private struct Held {
    var bytes = 0
    var party: Party?
    var place: Party?
  }

  private let shared: GatewayServices
  private let held = Mutex(Held())

  init(_ shared: GatewayServices) { self.shared = shared }

  /// Takes room for bytes; `false` where there is none for the party.
  func take(_ count: Int, for party: Party) -> Bool {
    guard shared.bodies.take(count, for: party) else { return false }
    held.withLock { held in
      held.bytes += count
      held.party = party
    }
    return true
  }

  /// Takes a place, waiting for one.
  /// - Throws: ``GatewayError/Code/overloaded`` or ``GatewayError/Code/shuttingDown``, both 503.
  func enter(_ call: EndpointCall) async throws(GatewayError) {
    try await shared.admission.enter(call.party, presence: call.incoming.presence)
    held.withLock { $0.place = call.party }
  }

  /// Gives everything back.
  func end() {
    let held = held.withLock { held in
      defer { held = Held() }
      return held
    }
    if let party = held.party { shared.bodies.giveBack(held.bytes, of: party) }
    if let party = held.place { shared.admission.leave(party) }
  }
}
