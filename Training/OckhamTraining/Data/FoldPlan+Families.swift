extension FoldPlan {
  /// A fold for each family, and several for those of home: a foreign family is held out whole, since the model will meet others as foreign;
  /// of home a part is, since it will meet requests like the rest. Rows that ask one of the questions that are held out, or belong to one of
  /// their conversations, do not train the fold.
  ///
  /// - Parameters:
  ///   - rows: of a dataset; families without any of them have no fold.
  ///   - folds: of each family of home.
  init(
    _ dataset: Dataset, rows: [Int], families: Families, folds: Int, seed: UInt64
  ) throws(TrainingError) {
    var heldOut: [[Int]] = []
    for (family, places) in families.parted(rows) {
      let own = places.map { rows[$0] }
      guard families.home.contains(family) else {
        heldOut.append(own)
        continue
      }
      heldOut += try FoldPlan(dataset, rows: own, folds: folds, seed: seed).folds.map(\.heldOut)
    }
    self.folds = heldOut.map { held in
      let (known, own) = (Questions(dataset, held), Set(held))
      let whole = held.first.flatMap { families.isHome($0) ? nil : families.ofRow[$0] }
      return Fold(
        training: rows.filter { families.ofRow[$0] != whole && !own.contains($0) && !known.contains(dataset, $0) },
        heldOut: held)
    }
  }
}

/// What some rows ask, by all that shows that another row asks the same.
private struct Questions {
  private var contents: Set<UInt64> = []
  private var nearKeys: Set<UInt64> = []
  private var stems: Set<UInt64> = []
  private var conversations: Set<UInt64> = []

  init(_ dataset: Dataset, _ rows: [Int]) {
    for row in rows {
      contents.insert(dataset.contentHashes[row])
      nearKeys.insert(dataset.nearKeys[row])
      stems.insert(dataset.stem(ofRow: row))
      conversations.insert(dataset.conversation(ofRow: row))
    }
    stems.remove(0)
    conversations.remove(0)
  }

  func contains(_ dataset: Dataset, _ row: Int) -> Bool {
    contents.contains(dataset.contentHashes[row]) || nearKeys.contains(dataset.nearKeys[row])
      || stems.contains(dataset.stem(ofRow: row)) || conversations.contains(dataset.conversation(ofRow: row))
  }
}
