import Ockham

/// The least of many hashes, in ascending order, each once.
///
/// Nearly all of many hashes are skipped after one comparison, so the whole takes O(n).
struct LeastHashes: Sendable {
  private let limit: Int
  private(set) var hashes: [UInt32] = []

  init(limit: Int) {
    self.limit = limit
    hashes.reserveCapacity(min(limit, 64) + 1)
  }

  /// Replaces the hashes by those of a request's n-grams.
  mutating func load(_ vector: FeatureVector) {
    hashes.removeAll(keepingCapacity: true)
    let buckets = vector.buckets
    var start = 0
    for namespace in Namespace.allCases {
      let end = vector.groupEnds[namespace.rawValue]
      for place in start..<end { add(Self.hash(buckets[place], UInt64(namespace.rawValue))) }
      start = end
    }
  }

  /// Replaces the hashes by those of a stored row's n-grams.
  mutating func load(_ grams: StoredNGrams, row: Int) {
    hashes.removeAll(keepingCapacity: true)
    for namespace in Namespace.allCases {
      for place in grams.range(ofRow: row, group: namespace.rawValue) {
        add(Self.hash(grams.buckets[place], UInt64(namespace.rawValue)))
      }
    }
  }

  private mutating func add(_ hash: UInt32) {
    if hashes.count == limit, hash >= hashes[limit - 1] { return }
    var place = hashes.count
    while place > 0, hashes[place - 1] > hash { place -= 1 }
    if place > 0, hashes[place - 1] == hash { return }
    hashes.insert(hash, at: place)
    if hashes.count > limit { hashes.removeLast() }
  }

  /// The finaliser of SplitMix64, its upper half.
  private static func hash(_ bucket: UInt32, _ namespace: UInt64) -> UInt32 {
    var mixed = (UInt64(bucket) | namespace << 32) &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return UInt32(truncatingIfNeeded: mixed >> 32)
  }
}

/// The least hashes of a request's n-grams, at most ``size``: enough to show how much two requests have in common.
///
/// N-grams fold case, white space and punctuation, and are known where only features were kept. The share of the least
/// hashes of both that both have estimates their Jaccard index, and is exact where neither has more than ``size``. Source:
/// A. Broder, "On the resemblance and containment of documents", 1997.
struct NGramSketch: Sendable {
  static let size = 64

  /// In ascending order, each once.
  let hashes: [UInt32]

  init(_ grams: StoredNGrams, row: Int) {
    var least = LeastHashes(limit: Self.size)
    least.load(grams, row: row)
    hashes = least.hashes
  }

  /// The estimated share of all n-grams of two requests that both have, from 0 to 1; 0 for requests without n-grams.
  /// - Complexity: O(``size``).
  func resemblance(to other: NGramSketch) -> Double {
    var (left, right, met, common) = (0, 0, 0, 0)
    while met < Self.size, left < hashes.count || right < other.hashes.count {
      met += 1
      let a = left < hashes.count ? hashes[left] : .max
      let b = right < other.hashes.count ? other.hashes[right] : .max
      if a == b, left < hashes.count, right < other.hashes.count { common += 1 }
      if a <= b, left < hashes.count { left += 1 }
      if b <= a, right < other.hashes.count { right += 1 }
    }
    return met > 0 ? Double(common) / Double(met) : 0
  }
}

/// Groups near-duplicates: a request joins the first one that it resembles, or is the first of a group.
///
/// Requests that have four fifths of their n-grams in common nearly always share half of their ``keys`` least hashes, so few
/// are compared as a whole, by sketches that are made for it. Time is O(n); memory, until all are grouped, at most 100 bytes a
/// group.
struct NearDuplicates {
  /// The least resemblance of near-duplicates: one word of fifteen, such as a number, may differ.
  static let leastResemblance = 0.8
  /// Least hashes by which a request is found.
  static let keys = 6
  /// In place of a key, for requests with fewer n-grams.
  static let noKey = UInt32.max
  private static let sharedKeys = 3

  private let grams: StoredNGrams
  private let leastHashes: Column<UInt32>
  private var firsts: FirstRows
  private var ownSketch: NGramSketch?

  /// - Parameter leastHashes: the ``keys`` least hashes of each row, in ascending order, filled up with ``noKey``
  ///   [rows × keys].
  init(_ grams: StoredNGrams, leastHashes: Column<UInt32>) {
    self.grams = grams
    self.leastHashes = leastHashes
    firsts = FirstRows(rows: leastHashes.count / Self.keys)
  }

  /// The row that heads the group of each row, in order.
  mutating func heads() -> [Int32] {
    var heads: [Int32] = []
    heads.reserveCapacity(leastHashes.count / Self.keys)
    for row in 0..<leastHashes.count / Self.keys {
      let head = head(of: row)
      if head == nil { for key in keys(of: row) { firsts.add(Int32(row), key: key) } }
      heads.append(head ?? Int32(row))
    }
    return heads
  }

  private mutating func head(of row: Int) -> Int32? {
    ownSketch = nil
    for key in keys(of: row) {
      var entry = firsts.first(key: key)
      while let found = entry {
        if mayResemble(Int(found.row), row), resemble(Int(found.row), row) { return found.row }
        entry = firsts.next(found)
      }
    }
    return nil
  }

  private func keys(of row: Int) -> some Sequence<UInt32> {
    (row * Self.keys..<(row + 1) * Self.keys).lazy.map { leastHashes[$0] }.prefix { $0 != Self.noKey }
  }

  /// Whether two rows share enough of their least hashes.
  private func mayResemble(_ left: Int, _ right: Int) -> Bool {
    var (a, b, common, known) = (left * Self.keys, right * Self.keys, 0, 0)
    let (endA, endB) = (a + Self.keys, b + Self.keys)
    while a < endA, b < endB {
      let (one, other) = (leastHashes[a], leastHashes[b])
      if one == Self.noKey || other == Self.noKey { break }
      if one == other { common += 1 }
      known += 1
      if one <= other { a += 1 }
      if other <= one { b += 1 }
    }
    return common >= Self.sharedKeys || known < Self.keys && 2 * common >= known
  }

  private mutating func resemble(_ first: Int, _ row: Int) -> Bool {
    let own = ownSketch ?? NGramSketch(grams, row: row)
    ownSketch = own
    return NGramSketch(grams, row: first).resemblance(to: own) >= Self.leastResemblance
  }
}

/// The first rows of groups by their keys, at most ``rowsPerKey`` for each: a hash table with chains in the order of adding.
private struct FirstRows {
  struct Entry {
    let key: UInt32
    let row: Int32
    var next: Int32
  }

  private static let rowsPerKey = 4

  private var slots: [Int32]
  private var entries: [Entry] = []

  init(rows: Int) {
    var size = 64
    while size < 2 * rows { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
  }

  /// The first entry of a key.
  func first(key: UInt32) -> Entry? { entry(slots[slot(key)], key: key) }

  /// The entry of the same key that comes after another.
  func next(_ entry: Entry) -> Entry? { self.entry(entry.next, key: entry.key) }

  private func slot(_ key: UInt32) -> Int { Int(key &* 0x9E37_79B1) & (slots.count - 1) }

  private func entry(_ start: Int32, key: UInt32) -> Entry? {
    var place = start
    while place >= 0 {
      let entry = entries[Int(place)]
      if entry.key == key { return entry }
      place = entry.next
    }
    return nil
  }

  mutating func add(_ row: Int32, key: UInt32) {
    let slot = slot(key)
    var (last, place, count) = (Int32(-1), slots[slot], 0)
    while place >= 0 {
      count += entries[Int(place)].key == key ? 1 : 0
      (last, place) = (place, entries[Int(place)].next)
    }
    guard count < Self.rowsPerKey else { return }
    let new = Int32(entries.count)
    entries.append(Entry(key: key, row: row, next: -1))
    if last >= 0 { entries[Int(last)].next = new } else { slots[slot] = new }
  }
}
