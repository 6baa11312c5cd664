extension TierMap {
  /// The map for a log: from the flags where there are any, else from the default names in the log.
  ///
  /// - Parameters:
  ///   - flags: the values of `--tier`; may be empty.
  ///   - survey: the whole log's models and labels.
  /// - Throws: ``TierMapError/unseenModel(_:models:)`` for a mistyped model, ``TierMapError/unmapped(models:)`` where
  ///   flags are needed, ``TierMapError/noOutcomes``, and what ``init(flags:)`` throws.
  package init(flags: [String], survey: OutcomeSurvey) throws(TierMapError) {
    guard !flags.isEmpty else {
      try self.init(defaultsFor: survey)
      return
    }
    try self.init(flags: flags)
    guard !survey.models.isEmpty else { return }
    for model in tiers.flatMap(\.models) where !survey.contains(model) {
      throw .unseenModel(model, models: survey.models)
    }
  }

  /// The default tiers that the log names, in outcomes or labels. Where it names only one, all three: a label says
  /// something about every tier.
  private init(defaultsFor survey: OutcomeSurvey) throws(TierMapError) {
    let named = Self.defaultNames.filter { survey.contains($0) || survey.tierLabels[$0] != nil }
    guard !named.isEmpty else {
      throw survey.models.isEmpty ? .noOutcomes : .unmapped(models: survey.models)
    }
    let names = named.count > 1 ? named : Self.defaultNames
    try self.init(tiers: names.map { Tier(name: $0, models: []) })
  }
}
