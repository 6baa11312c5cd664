package import Ockham

/// All that is known of a model on a scored log.
package struct EvaluationReport: Sendable, Equatable {
  /// What the report is about; `nil` where it is part of something that says so itself.
  package var origin: ReportOrigin?
  /// The tiers' names, cheapest first.
  package var tierNames: [String]
  /// All rows of the log.
  package var rows: Int
  /// The tiers that the pair curve, APGR and CPT compare.
  package var pair: TierPair
  /// The model's own thresholds.
  package var thresholds: Thresholds
  /// The figures of each tier's head, on all rows where that tier's quality is known.
  package var heads: [HeadMetrics]
  /// What each tier is worth by itself.
  package var advice: TierAdvice
  /// Whether more expensive tiers are better, by ``grouping``, else by the kind of task; `nil` where the log contains one group alone.
  package var ladder: LadderCheck?
  /// Whether decisions belong to their requests; `nil` without complete rows.
  package var control: ShuffledControl?
  /// How well the kind of task is recognised; `nil` where nothing shows.
  package var tasks: TaskMetrics?
  /// What is measured of routing; `nil` where no row knows both tiers of the pair.
  package var routing: RoutingReport?
  /// What is estimated from rows that know one answer each; `nil` where there is nothing to estimate.
  package var offPolicy: OffPolicyReport?
  /// What is saved at how much of the strongest tier's quality, out of fold.
  package var savings: SavingsReport
  /// What a cascade that reads responses is worth, out of fold; `nil` where no response was scored.
  package var cascade: CascadeReport?
  /// The policies from most expensive to cheapest; without complete rows it has no points.
  package var frontier: CostQualityCurve
  /// What ``groups`` are.
  package var grouping: Grouping?
  /// One report per group.
  package var groups: [GroupReport]
  /// How decisions hold under noise and attack; `nil` where that was not measured.
  package var robustness: RobustnessReport?
  /// What a reader must know to read the figures right, one sentence each.
  package var notes: [String]

  /// Evaluates a log.
  ///
  /// - Parameter draws: the rows of the log where several make a record: what estimates from propensities read.
  /// - Throws: ``EvaluationError`` for options that do not fit the log's tiers.
  /// - Complexity: dominated by the bootstrap, O(resamples · n · T), twice with groups.
  package init(
    _ log: ScoredLog, draws: ScoredLog? = nil, options: EvaluationOptions
  ) throws(EvaluationError) {
    try options.check(log)
    let costs = try Self.costs(log, given: options.tierCosts)
    let pair = try Self.pair(log, named: options.pair)
    let table = OutcomeTable(log)
    origin = options.origin
    tierNames = log.tierNames
    rows = log.rowCount
    self.pair = pair
    thresholds = options.thresholds
    heads = HeadMetrics.all(log)
    advice = TierAdvice(log, table, costs: costs)
    let ladder = LadderCheck(log, grouping: options.grouping ?? .task)
    self.ladder = Set(ladder.steps.map(\.group)).count > 1 ? ladder : nil
    control = table.map { ShuffledControl($0, thresholds: options.thresholds, parameters: options.bootstrap) }
    tasks = TaskMetrics(log)
    routing = RoutingReport(log, table, pair: pair, costs: costs, options: options)
    offPolicy = OffPolicyReport(
      draws ?? log, thresholds: options.thresholds, source: options.propensity, confidence: options.bootstrap.confidence
    )
    savings = SavingsReport(table, costs: costs, parameters: options.bootstrap)
    cascade = CascadeReport(log, costs: costs, grouping: options.grouping, parameters: options.bootstrap)
    frontier = CostQualityCurve(table, tierCosts: costs, pointLimit: options.frontierPoints)
    grouping = options.grouping
    groups =
      options.grouping.map { GroupReport.all(log, grouping: $0, pair: pair, costs: costs, options: options) } ?? []
    robustness = nil
    notes = []
    notes = makeNotes()
  }

  private static func costs(_ log: ScoredLog, given: [Double]?) throws(EvaluationError) -> TierCosts {
    guard let given else { return TierCosts(measuring: log) }
    return try TierCosts(given: given, tierCount: log.tierCount)
  }

  private static func pair(_ log: ScoredLog, named name: String?) throws(EvaluationError) -> TierPair {
    guard let name else { return TierPair(endsOf: log) }
    return try TierPair(named: name, in: log)
  }
}
