package import Evaluation
package import Ockham
package import RequestLog

/// Two models that are to be compared on the same rows.
package struct ModelPair {
  private let names: [String]
  private let folders: [ModelFolder]
  private let scorers: [LogScorer]

  /// Both models must choose between the same tiers, with the same models behind them: else their labels differ.
  ///
  /// - Parameter tiers: which models stand for the tiers; those of training where it is `nil`.
  /// - Throws: `ComparisonError` for models of other tiers, ``WorkflowError`` for other models behind the same tiers.
  package init(_ first: String, _ second: String, tiers: TierMap? = nil) throws {
    names = [first, second]
    folders = [try ModelFolder(first), try ModelFolder(second)]
    let tierNames = folders.map(\.model.tierNames)
    guard tierNames[0] == tierNames[1] else { throw ComparisonError.tiers(first: tierNames[0], second: tierNames[1]) }
    scorers = try folders.map { try LogScorer($0, tiers: tiers) }
    guard scorers[0].tierMap == scorers[1].tierMap else {
      throw WorkflowError.badData(
        "\(first), \(second): expected the same models behind the tiers, found others; say which ones count with --tier "
          + "NAME=MODEL for each")
    }
  }

  /// What each model reads of records without text.
  package var featureOptions: [FeatureOptions] { scorers.map(\.model.extractor.options) }

  /// Scores a log with both models in one pass.
  package func score(_ source: LogSource) throws -> [LogScorer.Result] { try LogScorer.score(source, with: scorers) }

  /// Compares the models on what ``score(_:)`` gave.
  ///
  /// - Parameter pair: the two tiers that APGR and CPT50 compare, as `A,B`; the first and the last where it is `nil`.
  package func compare(_ results: [LogScorer.Result], pair: String? = nil) throws -> ModelComparison {
    let sides = names.indices.map { side in
      ModelComparison.Side(
        name: names[side], log: results[side].log, thresholds: folders[side].model.thresholds)
    }
    let tierPair = try pair.map { try TierPair(named: $0, in: results[0].log) }
    return try ModelComparison(sides[0], sides[1], pair: tierPair)
  }
}
