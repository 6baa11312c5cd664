/// What every part of training works with.
struct TrainingContext: Sendable {
  /// What heads are fitted to.
  var dataset: Dataset
  let recipe: Recipe
  let pool: WorkerPool
  /// The processes that share the rows of large fits; `nil` for one on its own.
  var team: (any Team)?
  let observer: TrainingObserver

  init(
    dataset: Dataset, recipe: Recipe, pool: WorkerPool, team: (any Team)? = nil,
    observer: TrainingObserver = TrainingObserver()
  ) {
    self.dataset = dataset
    self.recipe = recipe
    self.pool = pool
    self.team = team
    self.observer = observer
  }

  /// The same for some rows only.
  func selecting(_ rows: [Int]) -> TrainingContext {
    var result = self
    result.dataset = dataset.selecting(rows)
    return result
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
