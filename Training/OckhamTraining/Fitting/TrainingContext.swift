/// What every part of training works with.
struct TrainingContext: Sendable {
  /// What heads are fitted to.
  var dataset: Dataset
  let recipe: Recipe
  let pool: WorkerPool
  /// The processes that share the rows of large fits; `nil` for one on its own.
  var team: (any ProcessGroup)?
  /// Which rows are held out together; `nil` where folds are dealt.
  var families: Families?
  private(set) var observer: TrainingObserver

  init(
    dataset: Dataset, recipe: Recipe, pool: WorkerPool, team: (any ProcessGroup)? = nil, families: Families? = nil,
    observer: TrainingObserver = TrainingObserver()
  ) {
    self.dataset = dataset
    self.recipe = recipe
    self.pool = pool
    self.team = team
    self.families = families
    self.observer = observer
  }

  /// The same for some rows only.
  func selecting(_ rows: [Int]) -> TrainingContext {
    var result = self
    result.dataset = dataset.selecting(rows)
    result.families = families?.selecting(rows)
    return result
  }

  /// The same without reports of what is in progress.
  var quiet: TrainingContext {
    var result = self
    result.observer = TrainingObserver(isCancelled: observer.isCancelled)
    return result
  }

  /// What held-out logits of some rows are judged by.
  func measure(_ rows: [Int]) -> HeldOutMeasure {
    guard let families else { return HeldOutMeasure(dataset) }
    return HeldOutMeasure(
      dataset.weighing(families, exponent: recipe.familyExponent, rows: rows), families: families)
  }

  /// Folds of some rows: the families, or as many as the recipe says.
  func foldPlan(_ rows: [Int]) throws(TrainingError) -> FoldPlan {
    guard let families else { return try FoldPlan(dataset, rows: rows, folds: recipe.folds, seed: recipe.seed) }
    return try FoldPlan(dataset, rows: rows, families: families, folds: recipe.folds, seed: recipe.seed)
  }

  /// The same without the other processes.
  var alone: TrainingContext {
    var result = self
    result.team = nil
    return result
  }

  /// Runs `body` once per fold; see ``FoldPlan/map(entries:pool:team:_:)``.
  func map<Result: Sendable>(
    _ plan: FoldPlan, _ body: @Sendable (Int, FoldPlan.Fold, WorkerPool) throws(TrainingError) -> Result
  ) throws(TrainingError) -> [Result] {
    try plan.map(entries: dataset.grams.entryCount, pool: pool, team: team, body)
  }
}
