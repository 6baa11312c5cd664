package import Evaluation
package import Foundation
package import Ockham
package import RequestLog
import TextKit

/// The audit of logs: gateways' databases by their decisions, request logs of every form by their records.
///
/// A log is read twice: for its period, tiers and prices, then for its requests. Memory grows with hours, keys, tasks and tiers.
package struct AuditRun {
  /// What is asked for.
  package struct Settings {
    package var since: ReplayPeriod?
    package var tiers: TierMap?
    package var prices: PriceList?
    /// The folder or file of a model: for drift, and for what it guarantees.
    package var model: String?
    package var targetQuality: Double?
    package var budgetUSD: Double?
    package var timeZone = TimeZone(identifier: "UTC") ?? .gmt
    package var showsTexts = false
    package var madeAt: Double?

    package init() {}
  }

  /// A report and how it came about.
  package struct Outcome {
    package let report: AuditReport
    package let summary: LogSummary?
  }

  private let settings: Settings
  private let folder: ModelFolder?

  /// - Throws: ``WorkflowError`` for a model that cannot be read.
  package init(_ settings: Settings) throws {
    self.settings = settings
    folder = try settings.model.map { try ModelFolder($0) }
  }

  /// What reads records without text: features are skipped, but the record is not.
  package var featureOptions: [FeatureOptions] { [folder?.model.extractor.options ?? FeatureOptions()] }

  /// Reads the logs and adds them up.
  /// - Throws: `LogError`; ``WorkflowError`` for a period in logs without times.
  package func run(_ source: LogSource) throws -> Outcome {
    var source = source
    if source.options.featureOptions.isEmpty { source.options.featureOptions = featureOptions }
    let survey = try AuditSurvey(source)
    let tiers = AuditTiers(
      survey.tiers, map: settings.tiers, model: folder?.model.tierNames, prices: settings.prices)
    try check(settings.prices, tiers)
    let period = try period(of: survey, source)
    let periods = try AuditPeriods(survey, tiers: tiers, period: period, prices: settings.prices)
    var options = try options(survey, source, period)
    if settings.showsTexts { options.texts = try survey.texts(of: periods.now.details) }
    var traffic = periods.now
    traffic.lacks = lacks(survey, tiers, periods)
    return Outcome(
      report: AuditReport(traffic, earlier: periods.before, options: options), summary: survey.summary)
  }

  private func check(_ prices: PriceList?, _ tiers: AuditTiers) throws {
    guard let stranger = prices?.tiers.keys.filter({ !tiers.names.contains($0) }).min(), !tiers.names.isEmpty else {
      return
    }
    throw PriceListError.unknownTier(found: stranger, expected: tiers.names)
  }

  private func period(of survey: AuditSurvey, _ source: LogSource) throws -> Range<Double> {
    guard let times = survey.times else {
      guard settings.since == nil || !survey.hasRequests else {
        throw WorkflowError.badData(
          "\(SafeText.names(source.paths)): expected timestamps for --since, found none; leave --since out")
      }
      return 0..<1
    }
    let begin = settings.since?.seconds(newest: times.upperBound) ?? times.lowerBound
    return min(begin, times.upperBound)..<times.upperBound.nextUp
  }

  private func options(_ survey: AuditSurvey, _ source: LogSource, _ period: Range<Double>) throws -> AuditOptions {
    var options = AuditOptions()
    (options.logs, options.madeAt, options.timeZone) = (source.paths, settings.madeAt, settings.timeZone)
    options.budgetUSD = settings.budgetUSD
    options.targetQuality = settings.targetQuality
    if options.targetQuality == nil, let guaranteed = guaranteedQuality {
      (options.targetQuality, options.guaranteeSource) = (
        guaranteed, "the certificate of \(settings.model ?? "the model")"
      )
    }
    options.arms = try survey.arms(in: period)
    options.alerts = try survey.alerts()
    options.drift = try drift(survey, source, period)
    return options
  }

  /// What the certificate beside the model guarantees of quality, where it is of this model.
  private var guaranteedQuality: Double? {
    guard let folder, let data = try? Data(contentsOf: folder.folder.appending(path: Certificate.fileName)),
      let node = try? JSONParser.parse([UInt8](data)), node["model"]?.string == folder.model.identifier.hexadecimal,
      let guarantee = node["promise"].flatMap(GuaranteeCertificate.init),
      case .targetQuality(let share) = guarantee.goal
    else { return nil }
    return share
  }

  /// `nil` where no model is named, and where no log keeps requests for it to read.
  private func drift(_ survey: AuditSurvey, _ source: LogSource, _ period: Range<Double>) throws -> DriftReport? {
    guard let model = settings.model, survey.keepsRequests else { return nil }
    var drift = DriftRun.Settings(model: model)
    (drift.tiers, drift.prices) = (settings.tiers, settings.prices)
    drift.since = settings.since.map { _ in .at(period.lowerBound) }
    let run = try DriftRun(drift)
    var readable = source
    readable.options.featureOptions = run.featureOptions
    do { return try run.run(readable).report } catch is LogScorer.NothingToScore { return nil }
  }

  private func lacks(_ survey: AuditSurvey, _ tiers: AuditTiers, _ periods: AuditPeriods) -> [String] {
    var lacks = survey.lacks
    let priceless = tiers.names.filter { !tiers.hasPrice($0) }
    if !priceless.isEmpty {
      lacks.append(
        "What tokens of \(SafeText.names(priceless)) cost: the log's answers do not show it; give --price TIER=INPUT,OUTPUT."
      )
    }
    if settings.model != nil, !survey.keepsRequests {
      lacks.append("Drift: the log keeps no requests for the model to read; prompts: features keeps what it needs.")
    }
    if periods.hasTooManyConversations {
      lacks.append("How many conversations there were: more than \(NumberFormat.count(FirstTurns.limit)).")
    }
    if periods.untimed > 0 {
      lacks.append(
        "When \(NumberFormat.count(periods.untimed)) requests came: without a time they are in no period, and left out."
      )
    }
    return lacks
  }
}
