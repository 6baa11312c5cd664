extension FoldPlan {
  /// A fold for each family: it is held out whole, and rows of others that ask one of its questions, or belong to one of its
  /// conversations, do not train the fold.
  ///
  /// - Parameter rows: of a dataset; families without any of them have no fold.
  init(_ dataset: Dataset, rows: [Int], families: Families) {
    let parts = families.parted(rows)
    folds = parts.map { family, places in
      let heldOut = places.map { rows[$0] }
      let known = Questions(dataset, heldOut)
      return Fold(
        training: rows.filter { families.ofRow[$0] != family && !known.contains(dataset, $0) }, heldOut: heldOut)
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
