import Statistics

/// Assigns rows to folds for cross-validation.
///
/// Rows with the same key always share a fold, so that near-duplicates of a row never stand on both sides. Folds are
/// balanced in size and in what they hold of each stratum as far as the groups allow. The same seed gives the same
/// folds, and the order of the rows matters only in the order of the result.
package struct KFold: Sendable, Equatable {
  /// The number of folds, at least 2.
  package let folds: Int

  /// The seed of the order in which groups of the same size are assigned.
  package let seed: UInt64

  /// Creates folds.
  ///
  /// - Throws: ``TrainingError/parameter(name:expected:found:)`` for fewer than two folds.
  package init(folds: Int, seed: UInt64) throws(TrainingError) {
    try requireParameter("folds", folds, "at least 2") { $0 >= 2 }
    self.folds = folds
    self.seed = seed
  }

  /// The fold of each row, `[n]`, in `0 ..< folds`; no fold is empty.
  ///
  /// The groups are assigned from the largest to the smallest, in seeded order among equals; each goes to the fold that
  /// holds the least of its strata, then to the smallest fold.
  /// - Parameters:
  ///   - groups: the key of each row, such as a hash of the prompt or a conversation's number.
  ///   - strata: the stratum of each row, such as the pattern of its labels; one stratum for all when left out.
  /// - Throws: ``TrainingError`` `tooFewRows` for fewer groups than folds, `shape` for another number of strata.
  /// - Complexity: O(n log n + groups · folds · strata of a group).
  package func assign(groups: [UInt64], strata: [Int]? = nil) throws(TrainingError) -> [Int] {
    let strata = strata ?? [Int](repeating: 0, count: groups.count)
    try requireEqual("strata", strata.count, expected: groups.count)
    let members = Dictionary(grouping: groups.indices) { groups[$0] }
    guard members.count >= folds else {
      throw .tooFewRows(subject: "\(folds) folds, groups of rows", needed: folds, found: members.count)
    }
    var result = [Int](repeating: 0, count: groups.count)
    var assignment = Assignment(folds: folds, strata: strata)
    for key in dealingOrder(members) {
      let rows = members[key] ?? []
      let fold = assignment.place(rows)
      for row in rows { result[row] = fold }
    }
    return result
  }

  private func dealingOrder(_ members: [UInt64: [Int]]) -> [UInt64] {
    let ranked = members.map { key, rows in
      var generator = SplitMix64(seed: seed, key)
      return (key: key, size: rows.count, rank: generator.next())
    }
    return ranked.sorted { ($1.size, $0.rank, $0.key) < ($0.size, $1.rank, $1.key) }.map(\.key)
  }
}

/// What the folds hold so far.
private struct Assignment {
  private let strata: [Int]
  private var sizes: [Int]
  private var held: [Int: [Int]] = [:]

  init(folds: Int, strata: [Int]) {
    self.strata = strata
    sizes = [Int](repeating: 0, count: folds)
  }

  /// Chooses the fold of a group and adds the group to it.
  mutating func place(_ rows: [Int]) -> Int {
    var counts: [Int: Int] = [:]
    for row in rows { counts[strata[row], default: 0] += 1 }
    var load = [Int](repeating: 0, count: sizes.count)
    for (stratum, count) in counts {
      let held = held[stratum, default: [Int](repeating: 0, count: sizes.count)]
      for fold in load.indices { load[fold] += count * held[fold] }
    }
    let fold = chooseFold(load)
    for (stratum, count) in counts {
      held[stratum, default: [Int](repeating: 0, count: sizes.count)][fold] += count
    }
    sizes[fold] += rows.count
    return fold
  }

  /// The least loaded fold, then the smallest, then the first. While folds are still empty, one of them.
  private func chooseFold(_ load: [Int]) -> Int {
    let candidates = sizes.contains(0) ? sizes.indices.filter { sizes[$0] == 0 } : Array(sizes.indices)
    return candidates.min { (load[$0], sizes[$0], $0) < (load[$1], sizes[$1], $1) } ?? 0
  }
}
