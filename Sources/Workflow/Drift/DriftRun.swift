package import Evaluation
package import Ockham
import OckhamTraining
package import RequestLog
import TextKit

/// A log that is watched for drift with a model's eyes.
package struct DriftRun {
  /// What is asked for.
  package struct Settings {
    /// The folder or file of the model.
    package var model: String
    /// Which models stand for the tiers; those of training where it is `nil`.
    package var tiers: TierMap?
    /// What gives outcomes a cost.
    package var prices: PriceList?
    /// Where what is watched begins; `nil` for all that is behind the reference.
    package var since: ReplayPeriod?
    package var terms = DriftTerms()

    package init(model: String) { self.model = model }
  }

  /// A report and how it came about.
  package struct Outcome {
    package let report: DriftReport
    package let summary: LogSummary
  }

  private let settings: Settings
  private let folder: ModelFolder
  private let scorer: DriftScorer

  /// - Throws: ``WorkflowError`` for a model that cannot be read, and tiers that are not its own.
  package init(_ settings: Settings) throws {
    self.settings = settings
    folder = try ModelFolder(settings.model)
    scorer = try DriftScorer(folder, tiers: settings.tiers, prices: settings.prices)
  }

  /// What the model reads of records without text.
  package var featureOptions: [FeatureOptions] { [folder.model.extractor.options] }

  /// Reads the log and weighs it.
  /// - Throws: ``LogScorer/NothingToScore`` for a log without records; ``WorkflowError`` for a period in a log without times.
  package func run(_ source: LogSource) throws -> Outcome {
    var table = DriftTable(
      columns: DriftColumn.all(tiers: scorer.tiers, hasTasks: folder.model.hasTaskHead), tiers: scorer.tiers)
    var newest: Double?
    let scorer = scorer
    var scratch = folder.model.makeScratch()
    let summary = try source.forEachRecord { record in
      let facts = scorer.facts(of: record, using: &scratch)
      if let time = facts.time { newest = max(newest ?? time, time) }
      table.add(facts)
    }
    guard summary.records > 0 else {
      throw LogScorer.NothingToScore(summary: summary, reason: source.nothingUsable(summary))
    }
    guard settings.since == nil || newest != nil else {
      throw WorkflowError.badData(
        "\(source.paths.joined(separator: ", ")): expected timestamps for --since, found none; leave --since out")
    }
    let since = newest.flatMap { newest in settings.since?.seconds(newest: newest) }
    let report = DriftReport(
      table, reference: folder.model.driftReference, tierNames: folder.model.tierNames, terms: settings.terms,
      period: DriftReport.Period(since: since.map { ($0 / 86_400).rounded(.up) * 86_400 }))
    return Outcome(report: report, summary: summary)
  }
}
