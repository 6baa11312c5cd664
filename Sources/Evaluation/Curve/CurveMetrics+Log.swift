extension CurveMetrics {
  /// The figures of routing a log's complete rows on the gain between two tiers.
  package init(_ log: ScoredLog, pair: TierPair) {
    let ranked = RankedPair(gainOf: log, rows: log.completeRows, pair: pair)
    self.init(ranked.curve(log, pair: pair))
  }
}
