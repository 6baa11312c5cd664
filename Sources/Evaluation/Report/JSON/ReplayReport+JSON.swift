package import TextKit

extension ReplayReport {
  /// The report as a JSON document with stable names, in a stable order. Differences are candidate − incumbent; what is unknown
  /// or refused is null.
  package var json: JSONNode { .object(extent + support + figures + details) }

  private typealias Members = [(String, JSONNode)]

  /// What the figures are about.
  private var extent: Members {
    [
      ("rows", .integer(rows)), ("eligible_rows", .integer(eligibleRows)), ("conversations", .integer(conversations)),
      ("disagreement", .figure(disagreement)),
    ]
  }

  /// What they rest on.
  private var support: Members {
    let evidence = estimates[.quality]?.evidence ?? ReplayEvidence()
    let doubts = doubtfulRules.map { ($0.name, JSONNode.integer($0.rows)) }
    return [
      ("ess", .figure(evidence.effectiveSampleSize)), ("matched", .integer(evidence.matchedRows)),
      ("max_weight", .figure(evidence.greatestShare)), ("missing", .integer(evidence.missingRows)),
      ("gold", .integer(evidence.goldRows)), ("refused", refusal.map { .string($0.sentence) } ?? .null),
      ("foreign_rows", .integer(foreignRows)), ("doubtful_rules", .object(doubts)),
      ("decides", .boolean(decides && refusal == nil)), ("labels", labels.json),
    ]
  }

  private var figures: Members {
    let kept = estimate(.quality)?.ratio?.json ?? .null
    let span = estimates[.quality]?.span ?? .period
    return [
      ("tiers", .strings(tierNames)), ("incumbent", side(incumbent, \.incumbent)),
      ("candidate", side(candidate, \.candidate)), ("difference", .object(differences)),
      ("saved", saved?.json ?? .null), ("quality_kept", kept), ("interval", .string(span.rawValue)),
      ("methods", methods), ("refusals", refusals), ("by", groupings),
    ]
  }

  private var details: Members {
    [
      ("confidence", .figure(options.confidence)), ("margin", .figure(options.margin)),
      ("period", period?.json ?? .null), ("sentences", .strings(sentences)), ("logs", .strings(logs)),
      ("date", date.isEmpty ? .null : .string(date)),
    ]
  }

  private func side(_ side: Side, _ value: KeyPath<ReplayEstimate, IntervalEstimate?>) -> JSONNode {
    let share = zip(tierNames, side.share).map { ($0, JSONNode.figure($1)) }
    let figures = ReplayQuantity.allCases.map { quantity in
      (quantity.rawValue, estimate(quantity)?[keyPath: value]?.json ?? .null)
    }
    let head: Members = [("policy", .string(side.name)), ("share", .object(share))]
    return .object(head + figures)
  }

  private var differences: [(String, JSONNode)] {
    ReplayQuantity.allCases.map { ($0.rawValue, estimate($0)?.difference?.json ?? .null) }
  }

  private var methods: JSONNode {
    .object(
      ReplayQuantity.allCases.map { quantity in
        (quantity.rawValue, estimate(quantity)?.method.map { .string($0.rawValue) } ?? .null)
      })
  }

  private var refusals: JSONNode {
    .object(
      ReplayQuantity.allCases.map { quantity in
        let refusal = objection ?? estimates[quantity]?.refusal
        return (quantity.rawValue, refusal.map { .string($0.sentence) } ?? .null)
      })
  }

  private var groupings: JSONNode {
    .object(
      ReplayGroup.Kind.allCases.map { kind in
        (kind.rawValue, .object(groups.filter { $0.kind == kind }.map { ($0.name, json(of: $0)) }))
      })
  }

  private func json(of group: ReplayGroup) -> JSONNode {
    let evidence = group.estimates[.quality]?.evidence ?? ReplayEvidence()
    let differences = ReplayQuantity.allCases.map { quantity in
      (quantity.rawValue, (objection == nil ? group.estimates[quantity]?.difference : nil)?.json ?? .null)
    }
    return .object([
      ("rows", .integer(group.rows)), ("disagreement", .figure(group.disagreement)),
      ("matched", .integer(evidence.matchedRows)), ("difference", .object(differences)),
    ])
  }
}

extension ReplayReport.Labels {
  fileprivate var json: JSONNode {
    .object([
      ("deciding", .integer(deciding)), ("training", .integer(training)), ("deciding_rows", .integer(decidingRows)),
      ("training_rows", .integer(trainingRows)),
    ])
  }
}

extension ClosedRange<Double> {
  /// Two times as texts.
  fileprivate var json: JSONNode {
    .object([
      ("from", .string(CivilTime.timestamp(seconds: lowerBound))),
      ("to", .string(CivilTime.timestamp(seconds: upperBound))),
    ])
  }
}
