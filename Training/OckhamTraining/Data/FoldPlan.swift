/// Which rows train and which are held out in each fold of a cross-validation. Copies and near-duplicates of one
/// request share a fold.
package struct FoldPlan: Sendable {
  /// Rows by fold: the held-out ones of all folds together are the rows of the plan, each once.
  package let folds: [Fold]

  /// One fold.
  package struct Fold: Sendable {
    package let training: [Int]
    package let heldOut: [Int]
  }

  /// Deals `rows` of a dataset out to folds.
  package init(_ dataset: Dataset, rows: [Int], folds: Int, seed: UInt64) throws(TrainingError) {
    let plan = try KFold(folds: folds, seed: seed)
    let strata = rows.map { row in
      dataset.tierNames.indices.reduce(0) { $0 * 3 + Self.level(dataset.labels[row, $1]) }
    }
    let assignment = try plan.assign(groups: dataset.foldGroups(rows, folds: folds), strata: strata)
    self.folds = (0..<folds).map { fold in
      let places = rows.indices
      return Fold(
        training: places.filter { assignment[$0] != fold }.map { rows[$0] },
        heldOut: places.filter { assignment[$0] == fold }.map { rows[$0] })
    }
  }

  private static func level(_ label: Float) -> Int { label.isNaN ? 2 : label >= 0.5 ? 1 : 0 }

  /// Runs `body` once per fold and returns its results in order.
  ///
  /// Small folds run side by side, each on one thread; large ones and those of a team one after the other on all threads.
  /// `body` must not depend on the number of threads it is given.
  func map<Result: Sendable>(
    entries: Int, pool: WorkerPool, team: (any ProcessGroup)? = nil,
    _ body: @Sendable (Int, Fold, WorkerPool) throws(TrainingError) -> Result
  ) throws(TrainingError) -> [Result] {
    if entries > Self.largeEntries || team != nil {
      var results: [Result] = []
      for (index, fold) in folds.enumerated() { results.append(try body(index, fold, pool)) }
      return results
    }
    let slots = ResultSlots<Swift.Result<Result, TrainingError>>(count: folds.count)
    pool.forEach(folds.count) { index in
      let single = WorkerPool(threads: 1)
      slots.set(Swift.Result { () throws(TrainingError) in try body(index, folds[index], single) }, at: index)
    }
    var results: [Result] = []
    for slot in slots.values { results.append(try slot.get()) }
    return results
  }

  /// ``map(entries:pool:team:_:)`` for work on folds that is not shared itself: the processes of a team take turns, and report to each
  /// other the logits `[held-out rows × columns]`.
  func mapShared(
    entries: Int, columns: Int, pool: WorkerPool, team: (any ProcessGroup)?,
    _ body: @Sendable (Int, Fold, WorkerPool) throws(TrainingError) -> DenseMatrix
  ) throws(TrainingError) -> [DenseMatrix] {
    guard let team else { return try map(entries: entries, pool: pool, team: nil, body) }
    var results: [DenseMatrix] = []
    for (index, fold) in folds.enumerated() {
      let isOwn = index % team.count == team.rank
      results.append(
        isOwn
          ? try body(index, fold, pool)
          : DenseMatrix(repeating: 0, rows: fold.heldOut.count, columns: columns))
    }
    for index in results.indices {
      var values = results[index].values.map(Double.init)
      team.sum(&values)
      results[index].values = values.map(Float.init)
    }
    return results
  }

  private static let largeEntries = 40_000_000
}
