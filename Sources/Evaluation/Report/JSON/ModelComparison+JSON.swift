package import TextKit

extension ModelComparison {
  /// The comparison as a JSON document with stable names, in a stable order. Differences are second minus first.
  package var json: JSONNode {
    .object([
      ("rows", .integer(rows)), ("complete_rows", .integer(completeRows)), ("questions", .integer(questions)),
      ("tiers", .array(tierNames.map(JSONNode.string))),
      ("pair", .array([.string(tierNames[pair.weak]), .string(tierNames[pair.strong])])),
      ("first", side(0, first)), ("second", side(1, second)), ("difference", differences.json),
      ("differing_share", .figure(differingShare)), ("confidence", .figure(parameters.confidence)),
      ("resamples", .integer(parameters.resamples)), ("seed", .string(String(parameters.seed))),
      ("verdict", .string(verdict.winner.rawValue)),
      ("sentences", .array(verdict.sentences.map(JSONNode.string))),
      ("logs", .array(logs.map(JSONNode.string))), ("date", date.isEmpty ? .null : .string(date)),
    ])
  }

  private func side(_ index: Int, _ figures: RouterFigures) -> JSONNode {
    .object([
      ("model", .string(names[index])), ("apgr", .figure(figures.apgr)), ("cpt50", .figure(figures.cpt50)),
      ("log_loss", .figure(figures.logLoss)), ("ece", .figures(figures.calibrationErrors)),
      ("quality", .figure(figures.quality)), ("cost_usd", .figure(figures.costUSD)),
      ("share", .figures(shares[index])),
    ])
  }
}

extension DifferenceIntervals {
  var json: JSONNode {
    .object([
      ("apgr", apgr?.json ?? .null), ("cpt50", cpt50?.json ?? .null), ("log_loss", logLoss?.json ?? .null),
      ("ece", .array(calibrationErrors.map { $0?.json ?? .null })), ("quality", quality?.json ?? .null),
      ("cost_usd", costUSD?.json ?? .null),
    ])
  }
}
