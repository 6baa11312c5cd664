extension TierMap {
  /// The map for a log: the given one, else one of the default names in the log.
  ///
  /// - Parameters:
  ///   - given: the tiers that were named; `nil` takes the default ones of the log.
  ///   - survey: the whole log's models and labels.
  /// - Throws: ``TierMapError/unseenModel(_:models:)`` for a mistyped model or a pattern that fits none,
  ///   ``TierMapError/modelInTwoTiers(_:)`` for a model that patterns of two tiers fit, ``TierMapError/unmapped(models:)``
  ///   where tiers must be named, ``TierMapError/noOutcomes``.
  package init(_ given: TierMap?, survey: OutcomeStatistics) throws(TierMapError) {
    guard let given else {
      try self.init(defaultsFor: survey)
      return
    }
    self = given
    guard !survey.models.isEmpty else { return }
    let names = survey.models.map(\.name)
    for model in tiers.flatMap(\.models) where !survey.contains(model) {
      let pattern = ModelPattern(model, tier: 0)
      if let pattern, names.contains(where: pattern.matches) { continue }
      throw .unseenModel(model, models: survey.models)
    }
    for name in names where tiersByPattern(of: name).count > 1 { throw .modelInTwoTiers(name) }
  }

  /// The default tiers that the log names, in outcomes or labels. Where it names only one, all three: a label says
  /// something about every tier.
  private init(defaultsFor survey: OutcomeStatistics) throws(TierMapError) {
    let named = Self.defaultNames.filter { survey.contains($0) || survey.tierLabels[$0] != nil }
    guard !named.isEmpty else {
      throw survey.models.isEmpty ? .noOutcomes : .unmapped(models: survey.models)
    }
    let names = named.count > 1 ? named : Self.defaultNames
    try self.init(tiers: names.map { Tier(name: $0, models: []) })
  }
}
