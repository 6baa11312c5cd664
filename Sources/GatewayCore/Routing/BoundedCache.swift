/// A dictionary of at most so many entries: the one that was not used for longest makes room. A value type; put it
/// behind a lock to share it.
struct BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Slot: Sendable {
    var key: Key
    /// `nil` for a slot that is free.
    var value: Value?
    /// The neighbours in the order of use; -1 at the ends.
    var newer: Int
    var older: Int
  }

  let capacity: Int
  private var places: [Key: Int] = [:]
  private var slots: [Slot] = []
  private var free: [Int] = []
  private var newest = -1
  private var oldest = -1

  /// - Parameter capacity: at least 1; smaller numbers count as 1.
  init(capacity: Int) { self.capacity = max(1, capacity) }

  var count: Int { places.count }

  /// The value of a key, which counts as a use of it.
  /// - Complexity: O(1).
  mutating func value(for key: Key) -> Value? {
    guard let place = places[key] else { return nil }
    if place != newest {
      unlink(place)
      link(place)
    }
    return slots[place].value
  }

  /// The value of a key, which counts as no use of it.
  /// - Complexity: O(1).
  func peek(_ key: Key) -> Value? { places[key].flatMap { slots[$0].value } }

  /// The key that goes next; `nil` where nothing is there.
  var oldestKey: Key? { oldest < 0 ? nil : slots[oldest].key }

  /// Sets the value of a key, and forgets another where there is no room.
  /// - Complexity: O(1).
  mutating func set(_ value: Value, for key: Key) {
    if let place = places[key] {
      slots[place].value = value
      guard place != newest else { return }
      unlink(place)
      link(place)
      return
    }
    if places.count == capacity { remove(slots[oldest].key) }
    let slot = Slot(key: key, value: value, newer: -1, older: -1)
    let place: Int
    if let reused = free.popLast() {
      place = reused
      slots[place] = slot
    } else {
      place = slots.count
      slots.append(slot)
    }
    places[key] = place
    link(place)
  }

  /// Forgets a key and its value.
  /// - Complexity: O(1).
  mutating func remove(_ key: Key) {
    guard let place = places.removeValue(forKey: key) else { return }
    unlink(place)
    slots[place].value = nil
    free.append(place)
  }

  private mutating func unlink(_ place: Int) {
    let (newer, older) = (slots[place].newer, slots[place].older)
    if newer >= 0 { slots[newer].older = older } else { newest = older }
    if older >= 0 { slots[older].newer = newer } else { oldest = newer }
  }

  private mutating func link(_ place: Int) {
    slots[place].newer = -1
    slots[place].older = newest
    if newest >= 0 { slots[newest].newer = place }
    newest = place
    if oldest < 0 { oldest = place }
  }
}
