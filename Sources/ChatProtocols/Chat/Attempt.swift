/// One try at a target: what clients see of it in errors, and what telemetry keeps.
package struct Attempt: Sendable, Hashable {
  /// The target's name.
  package var target: String
  /// The tier's name; empty for a target outside the tiers.
  package var tier: String

  /// Why it gave no answer; `nil` for the attempt that did.
  package var failure: UpstreamFailure.Kind?

  /// The HTTP status, where there was one.
  package var status: Int?

  /// Why it failed, in the gateway's own words or the provider's `code`: for logs.
  package var reason: String?

  /// What the provider calls the request that failed: for logs.
  package var providerRequestID: String?

  /// From the start of the attempt to its end, in milliseconds.
  package var latencyMilliseconds: Double

  /// How long it waited for its turn before that: for one of the provider's connections.
  package var queuedMilliseconds = 0.0

  /// To the first part of the answer, in milliseconds.
  package var firstTokenMilliseconds: Double?

  /// What the attempt used and cost, where that is known. A failed attempt may cost too.
  package var usage: TokenUsage?
  package var costUSD: Double?

  /// What the attempt is taken to have used where no one told, and what that costs at its target's prices: what budgets
  /// count, and no log takes for measured. `nil` for an attempt that cost nothing, or told; the cost also where no price is
  /// known.
  package var assumedUsage: TokenUsage?
  package var assumedCostUSD: Double?

  /// Whether the attempt judged answers: its cost is the request's, its answer is not.
  package var isJudge = false

  /// The probability with which a cascade went on to it, given the answers before: below 1 where one of them was good enough.
  package var propensity = 1.0

  /// What was left out of the request because the provider refused it with that: for the client's headers.
  package var leftOut: [String] = []

  package init(
    target: String, tier: String, failure: UpstreamFailure.Kind? = nil, status: Int? = nil, latencyMilliseconds: Double,
    firstTokenMilliseconds: Double? = nil, usage: TokenUsage? = nil, costUSD: Double? = nil
  ) {
    self.target = target
    self.tier = tier
    self.failure = failure
    self.status = status
    self.latencyMilliseconds = latencyMilliseconds
    self.firstTokenMilliseconds = firstTokenMilliseconds
    self.usage = usage
    self.costUSD = costUSD
  }
}

extension Attempt {
  /// Notes why the attempt failed.
  package mutating func fail(_ failure: UpstreamFailure) {
    self.failure = failure.kind
    status = failure.status
    reason = failure.reason
    providerRequestID = failure.providerRequestID
  }
}

extension [Attempt] {
  /// What all took, with the waits for their turns: what a request spent on others than the gateway.
  package var upstreamMilliseconds: Double { reduce(0) { $0 + $1.latencyMilliseconds + $1.queuedMilliseconds } }
}
