package import Ockham
package import TextKit

/// A routing decision as programs read it: `ockham route --format json` and the gateway's `/v1/route` have these members, with
/// these types, in this order. The gateway adds its own behind them.
package struct DecisionJSON {
  private let tierNames: [String]
  /// The tier's name; `nil` for a target outside the tiers.
  package var tier: String?
  /// P(good) per tier; empty where nothing was scored.
  package var probabilities: [Float]
  package var gain: Float
  package var threshold: Float
  /// What each tier is expected to cost, in USD; empty where nothing is known of any.
  package var expectedCostUSD: [Double?]
  package var task: TaskKind?
  /// The reason's name.
  package var reason: String
  /// See ``Ockham/Decision/isUnfamiliar``.
  package var isUnfamiliar: Bool
  /// How long the decision took.
  package var nanoseconds: Int

  package init(
    tierNames: [String], tier: String?, probabilities: [Float], gain: Float, threshold: Float,
    expectedCostUSD: [Double?],
    task: TaskKind?, reason: String, isUnfamiliar: Bool, nanoseconds: Int
  ) {
    self.tierNames = tierNames
    self.tier = tier
    self.probabilities = probabilities
    self.gain = gain
    self.threshold = threshold
    self.expectedCostUSD = expectedCostUSD
    self.task = task
    self.reason = reason
    self.isUnfamiliar = isUnfamiliar
    self.nanoseconds = nanoseconds
  }

  /// The decision on the request with this id. Unknown is null: a cost, a task, a tier.
  package func members(id: String) -> [JSONMember] {
    let costs = zip(tierNames, expectedCostUSD).map { ($0, $1.map(JSONNode.number) ?? .null) }
    let members: [(String, JSONNode)] = [
      ("id", .string(id)), ("tier", tier.map(JSONNode.string) ?? .null),
      ("probability", .object(zip(tierNames, probabilities).map { ($0, JSONNode.number($1)) })),
      ("difficulty", probabilities.first.map { .number(1 - $0) } ?? .null), ("gain", .number(gain)),
      ("threshold", .number(threshold)), ("expected_cost_usd", costs.isEmpty ? .null : .object(costs)),
      ("task", task.map { .string($0.name) } ?? .null), ("reason", .string(reason)),
      ("unfamiliar", .boolean(isUnfamiliar)), ("nanoseconds", .integer(nanoseconds)),
    ]
    return members.map { JSONMember(key: $0.0, value: $0.1) }
  }
}
