package import TextKit

extension AuditReport {
  /// The report as a JSON document with stable names, in a stable order. What is unknown is null, and says why.
  package var json: JSONNode {
    .object([
      ("report", reportNode), ("headline", .strings(headline)), ("money", moneyNode), ("quality", qualityNode),
      ("thresholds", thresholdNode), ("drift", options.drift?.json ?? .null),
      ("tables", .object(tables.map { ($0.name, $0.json) })), ("unknown", .strings(unknowns)),
    ])
  }

  private var reportNode: JSONNode {
    .object([
      ("logs", .strings(options.logs)), ("from", time(traffic.period.lowerBound)),
      ("to", time(traffic.period.upperBound)),
      ("time_zone", .string(clock.name)), ("made", time(options.madeAt ?? .nan)),
      ("confidence", .number(options.confidence)), ("tiers", .strings(traffic.tierNames)),
    ])
  }

  /// In UTC, whatever the zone of days.
  private func time(_ seconds: Double) -> JSONNode {
    seconds > 0 && CivilTime.secondsRange.contains(seconds)
      ? .string(CivilTime.timestamp(seconds: seconds.rounded(.down))) : .null
  }

  private var moneyNode: JSONNode {
    .object([
      ("requests", .integer(money.requests)), ("spent_usd", .figure(total.priced > 0 ? money.spentUSD : nil)),
      ("unpriced", .integer(money.unpriced)),
      ("strongest_usd", .figure(money.compared > 0 ? money.strongestUSD : nil)), ("compared", .integer(money.compared)),
      ("saved_usd", money.saved.json), ("saved_share", money.savedShare.json), ("label_usd", .number(money.labelUSD)),
      ("judge_usd", .number(money.judgeUSD)), ("rejected_usd", .number(money.rejectedUSD)),
      ("net_usd", money.net.json), ("over_mix", money.overMix.json), ("mix_share", .figure(money.mixShare)),
      ("budget_usd", .figure(options.budgetUSD)), ("over_budget", isOverBudget.map(JSONNode.boolean) ?? .null),
      (
        "dearest",
        .array(
          money.mostExpensive.map {
            .object([
              ("share", .number($0.share)), ("requests", .integer($0.requests)), ("spent_usd", .number($0.costUSD)),
            ])
          })
      ),
    ])
  }

  private var qualityNode: JSONNode {
    .object([
      ("served", quality.served.json), ("strongest", quality.strongest.json),
      ("target", .figure(quality.targetQuality)), ("over_target", quality.overTarget.json),
      ("promise_kept", guaranteeNode), ("ratings", .integer(quality.ratings)), ("drawn", .integer(quality.drawn)),
      ("missing", .integer(quality.missing)), ("feedbacks", .integer(quality.feedbacks)),
      ("mean_feedback", .figure(quality.meanFeedback)),
    ])
  }

  /// True, false, or null where it is unknown.
  private var guaranteeNode: JSONNode {
    switch quality.guarantee {
    case .kept: .boolean(true)
    case .broken: .boolean(false)
    case .none, .open: .null
    }
  }

  private var thresholdNode: JSONNode {
    .object([
      ("weighed", .integer(thresholds.weighed)), ("sampled", .integer(thresholds.sampled)),
      ("recommended_factor", .figure(thresholds.choices.first(where: \.isRecommended)?.factor)),
      ("advice", .string(thresholds.advice)), ("reason", thresholds.reason.map(JSONNode.string) ?? .null),
    ])
  }
}

extension AuditFigure {
  package var json: JSONNode {
    .object([
      ("value", .figure(value)), ("low", .figure(low)), ("high", .figure(high)),
      ("reason", reason.map(JSONNode.string) ?? .null), ("modelled", .boolean(isModelled)),
    ])
  }
}

extension AuditTable {
  /// A list of rows, each an object of columns.
  package var json: JSONNode {
    .array(rows.map { row in .object(zip(columns, row).map { ($0.name, $1.json) }) })
  }
}

extension AuditValue {
  fileprivate var json: JSONNode {
    switch self {
    case .text(let text): text.map(JSONNode.string) ?? .null
    case .count(let count): .integer(count)
    case .usd(let number), .share(let number), .milliseconds(let number), .number(let number): .figure(number)
    case .figure(let figure, _): figure.json
    case .empty: .null
    }
  }
}
