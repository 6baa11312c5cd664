import Evaluation

/// What is often done: every so many requests the rates are looked at as they are, and one that is over its margin aborts.
struct RawRule {
  /// Requests between two looks: five minutes at 20 a minute.
  static let pause = 100
  /// Conversations of each arm, and labels, before the first look.
  private static let least = 30

  private var sums = [[Double]](repeating: [0, 0, 0, 0], count: 2)
  private var labels: [Double] = []
  private var requests = 0
  private var next = RawRule.pause

  /// Whether the rule aborts now.
  mutating func add(_ drawn: Traffic.Drawn, _ terms: CanaryTerms) -> Bool {
    let arm = drawn.conversation.isCandidate ? 1 : 0
    sums[arm][0] += 1
    sums[arm][1] += drawn.conversation.dollars ?? 0
    sums[arm][2] += drawn.conversation.latencyMilliseconds ?? 0
    sums[arm][3] += drawn.conversation.failures ?? 0
    labels += drawn.labels
    requests += drawn.requests
    guard requests >= next else { return false }
    next += Self.pause
    guard min(sums[0][0], sums[1][0]) >= Double(Self.least) else { return false }
    func mean(_ arm: Int, _ place: Int) -> Double { sums[arm][place] / sums[arm][0] }
    let quality =
      labels.count >= Self.least
      ? labels.reduce(0, +) / Double(labels.count) * Traffic.disagreement : 0
    return quality < -terms.qualityMargin || mean(1, 1) > mean(0, 1) * (1 + terms.dollarMargin)
      || mean(1, 2) > mean(0, 2) * (1 + terms.latencyMargin) || mean(1, 3) > mean(0, 3) + terms.failureMargin
  }
}
