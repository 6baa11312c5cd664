extension ModelComparison {
  /// The comparison as a JSON document with stable names, in a stable order. Differences are second minus first.
  package var json: JSONValue {
    .object([
      ("rows", .integer(rows)), ("complete_rows", .integer(completeRows)), ("questions", .integer(questions)),
      ("tiers", .array(tierNames.map(JSONValue.string))),
      ("pair", .array([.string(tierNames[pair.weak]), .string(tierNames[pair.strong])])),
      ("first", side(0, first)), ("second", side(1, second)), ("difference", differences.json),
      ("differing_share", .number(differingShare)), ("confidence", .number(parameters.confidence)),
      ("resamples", .integer(parameters.resamples)), ("seed", .string(String(parameters.seed))),
      ("verdict", .string(verdict.winner.rawValue)),
      ("sentences", .array(verdict.sentences.map(JSONValue.string))),
    ])
  }

  private func side(_ index: Int, _ figures: RouterFigures) -> JSONValue {
    .object([
      ("model", .string(names[index])), ("apgr", .optional(figures.apgr)), ("cpt50", .optional(figures.cpt50)),
      ("log_loss", .optional(figures.logLoss)), ("ece", .numbers(figures.calibrationErrors)),
      ("quality", .optional(figures.quality)), ("cost_usd", .optional(figures.costUSD)),
      ("share", .numbers(shares[index])),
    ])
  }
}

extension DifferenceIntervals {
  var json: JSONValue {
    .object([
      ("apgr", apgr?.json ?? .null), ("cpt50", cpt50?.json ?? .null), ("log_loss", logLoss?.json ?? .null),
      ("ece", .array(calibrationErrors.map { $0?.json ?? .null })), ("quality", quality?.json ?? .null),
      ("cost_usd", costUSD?.json ?? .null),
    ])
  }
}
