import DequeModule
import Synchronization

/// A number of places that all share, and a number of seats to wait for one: both bounded, so that overload is answered at
/// once and memory does not grow with it.
///
/// No one takes more places than ``FairShare`` allows. A place that comes free goes to the one who waits and holds the fewest;
/// where all seats are taken, who has the most of them loses the last one to somebody who has fewer.
package final class FairPlaces: Sendable {
  /// The result of asking for a place.
  package enum Entry: Sendable, Hashable {
    /// It is taken, until ``release(_:)``.
    case taken
    /// All places and seats are taken.
    case full
    /// The wait was cancelled, or took too long.
    case cancelled
    /// No one is let in any more.
    case closed
  }

  private struct Seat {
    let number: Int
    let continuation: CheckedContinuation<Entry, Never>
  }

  private struct State {
    var taken = 0
    var held: [Party: Int] = [:]
    var seats: [Party: Deque<Seat>] = [:]
    var seated = 0
    var lastNumber = 0
    var isClosed = false
  }

  private let places: Int
  private let seats: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - places: at least 1.
  ///   - seats: how many may wait; 0 for none.
  package init(places: Int, seats: Int) {
    self.places = max(1, places)
    self.seats = max(0, seats)
  }

  /// Places that are taken, and those who wait.
  package var counts: (taken: Int, waiting: Int) { state.withLock { ($0.taken, $0.seated) } }

  /// Takes a place where one is free; `nil` where it must be waited for.
  func enterAtOnce(_ party: Party) -> Entry? {
    state.withLock { state in
      if state.isClosed { return .closed }
      return take(party, &state) ? .taken : nil
    }
  }

  /// Takes a place, waiting for one where there is a seat.
  /// - Parameter wait: gives the wait up when it expires.
  package func acquire(_ party: Party, wait: CallToken? = nil) async -> Entry {
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    return await withCheckedContinuation { continuation in
      let seat = Seat(number: number, continuation: continuation)
      let (known, unseated) = state.withLock { sit(seat, party, &$0) }
      unseated?.resume(returning: .full)
      if let known { return continuation.resume(returning: known) }
      wait?.onExpiry { [self] in giveUp(number, party) }
    }
  }

  /// Gives a place back.
  package func release(_ party: Party) {
    let next = state.withLock { state in
      state.taken -= 1
      release(party, &state)
      return seated(&state)
    }
    for continuation in next { continuation.resume(returning: .taken) }
  }

  /// Lets no one in from now on, and sends away who waits.
  package func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { (state.seats, state.seated) = ([:], 0) }
      return state.seats.values.joined().map(\.continuation)
    }
    for continuation in waiting { continuation.resume(returning: .closed) }
  }
}

extension FairPlaces {
  private func take(_ party: Party, _ state: inout State) -> Bool {
    let held = state.held[party, default: 0]
    guard FairShare.allows(held: held, free: places - state.taken) else { return false }
    state.taken += 1
    state.held[party] = held + 1
    return true
  }

  private func release(_ party: Party, _ state: inout State) {
    let held = state.held[party, default: 0] - 1
    state.held[party] = held > 0 ? held : nil
  }

  /// Takes a place or a seat; then nothing is known yet. Who loses a seat for it has to be told.
  private func sit(
    _ seat: Seat, _ party: Party, _ state: inout State
  ) -> (known: Entry?, unseated: CheckedContinuation<Entry, Never>?) {
    if state.isClosed { return (.closed, nil) }
    if take(party, &state) { return (.taken, nil) }
    var unseated: CheckedContinuation<Entry, Never>?
    if state.seated >= seats {
      let own = state.seats[party]?.count ?? 0
      guard let greedy = state.seats.max(by: { $0.value.count < $1.value.count }), greedy.value.count > own + 1 else {
        return (.full, nil)
      }
      unseated = state.seats[greedy.key]?.popLast()?.continuation
      state.seated -= 1
    }
    state.seats[party, default: []].append(seat)
    state.seated += 1
    return (nil, unseated)
  }

  /// Gives free places to those who wait: to who holds the fewest first.
  private func seated(_ state: inout State) -> [CheckedContinuation<Entry, Never>] {
    var next: [CheckedContinuation<Entry, Never>] = []
    while state.taken < places, let party = modest(state), take(party, &state) {
      if let seat = state.seats[party]?.popFirst() { next.append(seat.continuation) }
      if state.seats[party]?.isEmpty ?? true { state.seats[party] = nil }
      state.seated -= 1
    }
    return next
  }

  /// Of those who wait the one who holds the fewest places; of several, the one who waits longest.
  private func modest(_ state: State) -> Party? {
    state.seats.min { left, right in
      let (leftHeld, rightHeld) = (state.held[left.key, default: 0], state.held[right.key, default: 0])
      return leftHeld != rightHeld
        ? leftHeld < rightHeld : (left.value.first?.number ?? 0) < (right.value.first?.number ?? 0)
    }?.key
  }

  private func giveUp(_ number: Int, _ party: Party) {
    let seat = state.withLock { state -> Seat? in
      guard let index = state.seats[party]?.firstIndex(where: { $0.number == number }) else { return nil }
      state.seated -= 1
      let seat = state.seats[party]?.remove(at: index)
      if state.seats[party]?.isEmpty ?? true { state.seats[party] = nil }
      return seat
    }
    seat?.continuation.resume(returning: .cancelled)
  }
}
