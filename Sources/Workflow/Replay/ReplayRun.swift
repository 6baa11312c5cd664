package import Evaluation
package import Ockham
package import RequestLog
import TextKit

/// A candidate and an incumbent that are to be replayed on a log.
package struct ReplayRun {
  /// What is asked for.
  package struct Settings {
    /// `all:TIER` or the path of a model; where one of the two is `nil`, it is all to the tier that the log served.
    package var incumbent: String?
    package var candidate: String?
    /// The tiers that are used; where it is `nil`, all that each model is used with.
    package var selected: [String]?
    /// Which models stand for the tiers; those of training where it is `nil`.
    package var tiers: TierMap?
    /// What gives outcomes a cost.
    package var prices: PriceList?
    /// The part of the log that counts: from the one, up to and without the other.
    package var since: ReplayPeriod?
    package var until: ReplayPeriod?
    /// When the candidate was frozen, in seconds since 1970; where it is `nil`, as its files say.
    package var frozen: Double?
    /// The conversations that no training reads.
    package var evaluationShare: EvaluationShare?
    /// Whether somebody asserts that no model was made from the log.
    package var isHeldOut = false
    /// The gateway's configuration that the candidate is to serve with; where it is `nil`, what was open to each request is as logged.
    package var configuration: String?
    package var options = ReplayOptions()

    package init() {}
  }

  /// A report and how it came about.
  package struct Outcome {
    package let report: ReplayReport
    /// What scoring came to, for each model.
    package let results: [LogScorer.Result]
    /// The models, by name, that may remember rows that the report rests on: that inflates its figures.
    package let remembering: [(name: String, result: LogScorer.Result)]
  }

  private let settings: Settings
  /// The two sides; `nil` for all to the tier that the log served.
  private let incumbent: ReplaySide?
  private let candidate: ReplaySide?
  private let scorers: [LogScorer]
  private let rules: GatewayRules?

  /// - Throws: ``WorkflowError`` without a model, for tiers that do not fit, `ComparisonError` for models of other tiers.
  package init(_ settings: Settings) throws {
    self.settings = settings
    var sides = try [settings.incumbent, settings.candidate].map { try $0.map(ReplaySide.init) }
    // One model alone is what is to replace the tier that serves, by whichever name it came.
    if sides[1] == nil, sides[0]?.folder != nil { sides.swapAt(0, 1) }
    (incumbent, candidate) = (sides[0], sides[1])
    let folders = sides.compactMap { $0?.folder }
    guard !folders.isEmpty else {
      throw WorkflowError.usage(
        "--candidate: expected a model on one side, found none; name the folder of one with --candidate or --incumbent")
    }
    let selections = try folders.map { try $0.selection(named: settings.selected) }
    if let other = selections.first(where: { $0.names != selections[0].names }) {
      throw ComparisonError.tiers(first: selections[0].names, second: other.names)
    }
    let scorers = try zip(folders, selections).map { folder, selection in
      try LogScorer(folder, selection: selection, tiers: settings.tiers, prices: settings.prices)
    }
    self.scorers = scorers
    guard scorers.allSatisfy({ $0.tierMap == scorers[0].tierMap }) else {
      throw WorkflowError.badData(
        "incumbent, candidate: expected the same models behind the tiers, found others; say which ones count with --tier "
          + "NAME=MODEL for each")
    }
    let tierNames = scorers[0].selection.names
    rules = try settings.configuration.map { try GatewayRules(path: $0, tiers: tierNames) }
    for case .tier(let name)? in sides { _ = try tier(named: name) }
  }

  /// What each model reads of records without text.
  package var featureOptions: [FeatureOptions] { scorers.map(\.model.extractor.options) }

  private func tier(named name: String) throws -> Int {
    let names = scorers[0].selection.names
    guard let tier = names.firstIndex(of: name) else {
      throw WorkflowError.usage(
        "all:\(SafeText.name(name)): expected one of the tiers \(SafeText.names(names)), found another; check the spelling"
      )
    }
    return tier
  }
}

extension ReplayRun {
  /// Scores a log with the models in one pass, and compares the two ways of routing on it.
  /// - Throws: as ``LogScorer``, and ``WorkflowError`` for a period that the log cannot be cut to, or where it is unknown which tier
  ///   served.
  package func run(_ source: LogSource) throws -> Outcome {
    var (results, records) = try score(source)
    var notes: [String] = []
    if results[0].summary.mergedDraws > 0 {
      var unmerged = source.unmerged
      unmerged.options.onProgress = nil
      (results, records) = try score(unmerged)
      notes.append("Rows of one id were drawn more than once: each counts for itself.")
    }
    let rows = try period(records, of: source)
    let logs = results.map { $0.log.selecting(rows) }
    records = rows.map { records[$0] }
    let (first, second) = try policies(logs, records)
    let replay = ReplayLog(records, incumbent: first, candidate: second)
    var report = ReplayReport(replay, names: (first.name, second.name), options: settings.options)
    report.notes = notes + costNotes + (rules?.notes ?? [])
    return Outcome(report: report, results: results, remembering: remembering(results, records, report))
  }

  private func score(_ source: LogSource) throws -> (results: [LogScorer.Result], records: [ReplayRecord]) {
    var records: [ReplayRecord] = []
    let (map, frozen) = (scorers[0].tierMap, frozenTime)
    let place = candidate?.folder == nil ? nil : scorers.count - 1
    let results = try LogScorer.score(source, with: scorers, keepsUnlabelled: true) {
      record, outcomes, task, areTrainedOn in
      var made = ReplayRecord(record, outcomes: outcomes, map: map)
      let isTrainedOn = place.map { areTrainedOn[$0] } ?? false
      made.decides = !isTrainedOn && decides(record, made.time, frozen)
      if let verdict = rules?.verdict(record, task: task) {
        (made.allowed, made.allowedInDoubt) = (verdict.allowed, verdict.inDoubt)
        made.doubtfulRules = verdict.doubtful
      }
      records.append(made)
    }
    return (results, records)
  }

  /// Whether the candidate cannot have been made from a record's labels, as far as the time or the conversation shows.
  private func decides(_ record: LogRecord, _ time: Double?, _ frozen: Double?) -> Bool {
    if settings.isHeldOut || candidate?.folder == nil { return true }
    if let share = settings.evaluationShare, share.contains(record) { return true }
    guard let time, let frozen else { return false }
    return time > frozen
  }

  private var frozenTime: Double? { settings.frozen ?? candidate?.folder?.frozenTime }

  /// The rows of the part of the log that counts.
  private func period(_ records: [ReplayRecord], of source: LogSource) throws -> [Int] {
    guard settings.since != nil || settings.until != nil else { return Array(records.indices) }
    let unknown = records.count { $0.time == nil }
    guard unknown == 0, let newest = records.compactMap(\.time).max() else {
      throw WorkflowError.badData(
        "\(source.paths.joined(separator: ", ")): expected a timestamp in every record, found none in "
          + "\(NumberFormat.count(unknown)); add them, or leave --since and --until out")
    }
    let start = settings.since?.seconds(newest: newest) ?? -.infinity
    let end = settings.until?.seconds(newest: newest) ?? .infinity
    let rows = records.indices.filter { records[$0].time.map { $0 >= start && $0 < end } ?? false }
    guard !rows.isEmpty else {
      throw WorkflowError.badData(
        "\(source.paths.joined(separator: ", ")): expected records between --since and --until, found none of "
          + "\(NumberFormat.count(records.count)); widen the period")
    }
    return rows
  }

  private func policies(
    _ logs: [ScoredLog], _ records: [ReplayRecord]
  ) throws -> (incumbent: ReplayPolicy, candidate: ReplayPolicy) {
    let sides = [incumbent, candidate]
    var made: [ReplayPolicy] = []
    var models = zip(scorers, logs).makeIterator()
    for side in sides {
      switch side {
      case .model(let folder, let name)?:
        guard let (scorer, log) = models.next() else { preconditionFailure("a scorer per model") }
        made.append(
          ReplayPolicy(
            name: name, log: log,
            choice: .thresholds(
              (made.isEmpty ? nil : rules?.thresholds) ?? scorer.selection.thresholds(folder.model.thresholds))))
      case .tier(let name)?:
        made.append(ReplayPolicy(name: "all to \(name)", log: logs[0], choice: .tier(try tier(named: name))))
      case nil:
        let tier = try servedTier(logs[0], records)
        made.append(ReplayPolicy(name: "all to \(logs[0].tierNames[tier])", log: logs[0], choice: .tier(tier)))
      }
    }
    return (made[0], made[1])
  }

  /// The tier that served: nine in ten of the requests that could have gone elsewhere; the rest are those that it was not open to.
  private func servedTier(_ log: ScoredLog, _ records: [ReplayRecord]) throws -> Int {
    var counts = [Int](repeating: 0, count: log.tierCount)
    for (record, draw) in zip(records, log.draws) where record.isEligible {
      if let draw { counts[draw.tier] += 1 }
    }
    let total = counts.reduce(0, +)
    guard let tier = counts.indices.max(by: { counts[$0] < counts[$1] }), counts[tier] * 10 >= total * 9, total > 0
    else {
      throw WorkflowError.usage(
        "--incumbent: expected a model or all:TIER, found none, and the log was not served by one tier; name what it is compared with"
      )
    }
    return tier
  }

  private var costNotes: [String] {
    guard let prices = settings.prices else { return [] }
    return [
      prices.replacesRecorded
        ? "Dollars are tokens × the prices given, not what was paid: model-based, with prompts' tokens estimated from their length."
        : "Answers without a cost in the log have tokens × the prices given: model-based."
    ]
  }

  private func remembering(
    _ results: [LogScorer.Result], _ records: [ReplayRecord], _ report: ReplayReport
  ) -> [(name: String, result: LogScorer.Result)] {
    if settings.isHeldOut { return [] }
    let used = report.decides ? records.filter(\.decides) : records
    let models = [incumbent, candidate].compactMap { side in side?.folder.map { (side?.name ?? "", $0) } }
    return zip(models, results).compactMap { model, result in
      let frozen = model.1.frozenTime ?? .infinity
      let isLater = used.allSatisfy { ($0.time ?? -.infinity) > frozen }
      return result.mayOverlapTrainingData && !isLater ? (model.0, result) : nil
    }
  }
}

extension ReplayRecord {
  /// What a log's record contains about the tiers. What users rated themselves does not count as a label: they choose what they rate.
  init(_ record: LogRecord, outcomes: TierOutcomes, map: TierMap) {
    var made = outcomes.costUSD.indices.map { tier in
      Outcome(
        quality: outcomes.quality[tier], costUSD: outcomes.costUSD[tier],
        latencyMilliseconds: outcomes.latencyMilliseconds[tier])
    }
    for tier in made.indices {
      let own = record.outcomes.filter { map.index(of: $0.name) == tier }
      made[tier].inclusion = own.compactMap(\.inclusion).min()
      let gold = own.compactMap(\.gold)
      // Of several models behind a tier each would need its own draw.
      if gold.count == 1, let inclusion = gold[0].inclusion {
        (made[tier].gold, made[tier].goldInclusion) = (gold[0].quality, inclusion)
      }
      guard own.contains(where: { $0.origin == .feedback }) else { continue }
      let rated = own.filter { $0.origin != .feedback }.compactMap(\.quality)
      made[tier].quality = rated.isEmpty ? nil : rated.reduce(0, +) / Double(rated.count)
    }
    self.init(
      outcomes: made, isEligible: record.eligible ?? true,
      time: record.timestamp.flatMap(CivilTime.seconds(ofTimestamp:)))
    (labelRate, auditRate) = (record.labelRate, record.auditRate)
  }
}
