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
  /// - Parameters:
  ///   - selected: the names of the tiers to compare, of both models; where it is `nil`, all that each is used with.
  ///   - tiers: which models stand for the tiers; those of training where it is `nil`.
  ///   - prices: what gives outcomes a cost where the log contains none.
  /// - Throws: `ComparisonError` for models of other tiers, ``WorkflowError`` for other models behind the same tiers.
  package init(
    _ first: String, _ second: String, selected: [String]? = nil, tiers: TierMap? = nil, prices: PriceList? = nil
  ) throws {
    names = [first, second]
    folders = [try ModelFolder(first), try ModelFolder(second)]
    let selections = try folders.map { try $0.selection(named: selected) }
    guard selections[0].names == selections[1].names else {
      throw ComparisonError.tiers(first: selections[0].names, second: selections[1].names)
    }
    scorers = try zip(folders, selections).map { folder, selection in
      try LogScorer(folder, selection: selection, tiers: tiers, prices: prices)
    }
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
        name: names[side], log: results[side].log,
        thresholds: scorers[side].selection.thresholds(folders[side].model.thresholds))
    }
    let tierPair = try pair.map { try TierPair(named: $0, in: results[0].log) }
    return try ModelComparison(sides[0], sides[1], pair: tierPair)
  }
}
