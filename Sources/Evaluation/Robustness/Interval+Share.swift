extension Interval {
  /// A share with its exact two-sided interval (Clopper & Pearson 1934); `nil` of no draws. It takes the draws as
  /// independent: repeated questions make it too narrow.
  init?(successes: Int, count: Int, confidence: Double) {
    guard count > 0 else { return nil }
    let level = (1 - confidence) / 2
    estimate = Double(successes) / Double(count)
    lower = 1 - BinomialTest.upperBound(successes: count - successes, count: count, level: level)
    upper = BinomialTest.upperBound(successes: successes, count: count, level: level)
  }
}
