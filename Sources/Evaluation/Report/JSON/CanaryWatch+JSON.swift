package import TextKit

extension CanaryWatch {
  /// What has been seen so far, as journals and the admin's page have it. Differences are candidate − incumbent, and hold however often
  /// one looks; `null` where too little is known.
  package var json: JSONNode {
    let part = abortPart
    return .object([
      "conversations": .object(["incumbent": .integer(arms.incumbent), "candidate": .integer(arms.candidate)]),
      "labels": .object([
        "drawn": .integer(quality.drawn), "missing": .integer(quality.missing),
        "refused": quality.refusal.map { .string("\($0)") } ?? .null,
      ]),
      "difference": .object(
        ReplayQuantity.allCases.map { ($0.rawValue, difference($0)?.json ?? .null) }),
      "evidence": .object([
        "worse": Self.evidence(quality.evidence(worseBy: terms.qualityMargin), needed: 1 / part),
        "as_good": Self.evidence(quality.evidence(notWorseBy: terms.qualityMargin), needed: 1 / terms.promotionLevel),
      ]),
      "verdict": .string(verdict.name),
    ])
  }

  private static func evidence(_ value: Double, needed: Double) -> JSONNode {
    .object([("value", .figure(value)), ("needed", .figure(needed))])
  }
}

extension CanaryVerdict {
  /// In a word, and of an abort its cause.
  package var name: String {
    switch self {
    case .undecided: "undecided"
    case .promote: "promote"
    case .abort(let quantity): "abort: \(quantity.rawValue)"
    }
  }
}
