package import Ockham

/// Copies of requests that are asked of other tiers, off the clients' path, so that the log learns what these would have made
/// of them. See <doc:ShadowLabels>.
package struct ShadowConfiguration: Sendable, Hashable {
  /// What copies and their judge may cost a UTC day, in USD.
  package var dailyBudgetUSD = 0.0

  /// The share of requests, 0…1, that every tier is asked of whatever was decided: for calibration, drift and the judge's errors.
  package var auditShare = 0.01

  /// Tiers that copies may go to, by name; empty for all.
  package var tiers: [String] = []

  /// The tier that answers are compared with where a request was not observed; `nil` for the strongest of ``tiers``.
  package var baseline: String?

  /// The target that judges, by name; `nil` leaves what no check can determine to be rated later.
  package var judge: String?

  /// How it judges.
  package var method = ShadowMethod.score

  /// What makes an answer good, in the operator's words; `nil` for correct, complete, and as it was asked.
  package var rubric: String?

  /// The share of pairs, 0…1, that are judged in both orders.
  package var bothOrdersShare = 0.2

  /// The greatest share of each provider's connections that copies may take, above 0 and at most 1; at least one.
  package var capacityShare = 0.1

  /// Copies per minute; `nil` for as many as the dollars allow.
  package var requestsPerMinute: Int?

  /// Virtual keys and kinds of task that are left out.
  package var keysLeftOut: Set<String> = []
  package var tasksLeftOut: Set<TaskKind> = []

  /// Providers whose copies go to another one: the same models with keys and limits of their own.
  package var providers: [String: String] = [:]

  package init() {}
}

/// How a judge rates the answers of shadow labels.
package enum ShadowMethod: String, Sendable, Hashable, CaseIterable {
  /// Each answer by itself, from 0 to 1.
  case score
  /// Each copy's answer beside that of the baseline: 1 for the better, 0 for the worse, 0.5 for a tie.
  case pairwise
}

extension GatewayConfiguration {
  /// The configuration that copies are asked by: with the providers that are theirs, a share of the connections, and one
  /// attempt a target.
  package func forShadows(_ shadow: ShadowConfiguration) -> GatewayConfiguration {
    var copy = self
    let move = { (target: TargetConfiguration) in
      var target = target
      target.provider = shadow.providers[target.provider] ?? target.provider
      return target
    }
    copy.tiers = tiers.map { tier in
      var tier = tier
      tier.targets = tier.targets.map(move)
      return tier
    }
    copy.extraTargets = extraTargets.map(move)
    copy.providers = providers.mapValues { provider in
      var provider = provider
      provider.maximumConnections = max(1, Int(shadow.capacityShare * Double(provider.maximumConnections)))
      return provider
    }
    copy.retries.attemptsPerTarget = 1
    return copy
  }
}
