import Ockham

/// The least hashes of a request's n-grams, at most ``size``: enough to tell how much two requests have in common.
///
/// N-grams fold case, white space and punctuation, and are known where only features were kept. The share of the least
/// hashes of both that both have estimates their Jaccard index, and is exact where neither has more than ``size``. Source:
/// A. Broder, "On the resemblance and containment of documents", 1997.
struct GramSketch: Sendable {
  static let size = 64

  /// In ascending order, each once.
  let hashes: [UInt32]

  init(_ vector: FeatureVector) {
    var hashes: [UInt32] = []
    hashes.reserveCapacity(vector.buckets.count)
    var start = 0
    for namespace in Namespace.allCases {
      let end = vector.groupEnds[namespace.rawValue]
      for place in start..<end { hashes.append(Self.hash(vector.buckets[place], UInt64(namespace.rawValue))) }
      start = end
    }
    hashes.sort()
    var least: [UInt32] = []
    for hash in hashes where least.last != hash {
      if least.count == Self.size { break }
      least.append(hash)
    }
    self.hashes = least
  }

  /// The finaliser of SplitMix64, its upper half.
  private static func hash(_ bucket: UInt32, _ namespace: UInt64) -> UInt32 {
    var mixed = (UInt64(bucket) | namespace << 32) &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return UInt32(truncatingIfNeeded: mixed >> 32)
  }

  /// The estimated share of all n-grams of two requests that both have, from 0 to 1; 0 for requests without n-grams.
  /// - Complexity: O(``size``).
  func resemblance(to other: GramSketch) -> Double {
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
/// Requests that have four fifths of their n-grams in common nearly always share one of their least hashes, so each is
/// compared with a few. Time is O(n), memory some 300 bytes a group.
struct NearDuplicates {
  /// The least resemblance of near-duplicates: one word of fifteen, such as a number, may differ.
  static let leastResemblance = 0.8
  private static let keysPerRequest = 6
  private static let firstsPerKey = 4

  private var firsts: [(sketch: GramSketch, key: UInt64)] = []
  private var places: [UInt32: [Int32]] = [:]

  /// The key of the group that a request belongs to: the content hash of the group's first request.
  mutating func key(of sketch: GramSketch, contentHash: UInt64) -> UInt64 {
    let keys = sketch.hashes.prefix(Self.keysPerRequest)
    for hash in keys {
      for place in places[hash] ?? [] {
        let first = firsts[Int(place)]
        if first.sketch.resemblance(to: sketch) >= Self.leastResemblance { return first.key }
      }
    }
    let place = Int32(clamping: firsts.count)
    for hash in keys where places[hash, default: []].count < Self.firstsPerKey {
      places[hash, default: []].append(place)
    }
    firsts.append((sketch, contentHash))
    return contentHash
  }
}

extension Dataset {
  /// What rows must share a fold with: their near-duplicates.
  ///
  /// Where more rows look alike than half a fold holds, they are made from a template, such as sums of other numbers; what
  /// tells those apart is their exact content, and so it does where near-duplicates would leave fewer groups than folds.
  /// - Returns: a key for each of `rows`, in their order.
  func foldGroups(_ rows: [Int], folds: Int) -> [UInt64] {
    var sizes: [UInt64: Int] = [:]
    for row in rows { sizes[nearKeys[row], default: 0] += 1 }
    let limit = max(3, rows.count / (2 * max(folds, 1)))
    guard sizes.count >= folds else { return rows.map { contentHashes[$0] } }
    return rows.map { (sizes[nearKeys[$0]] ?? 0) > limit ? contentHashes[$0] : nearKeys[$0] }
  }
}
