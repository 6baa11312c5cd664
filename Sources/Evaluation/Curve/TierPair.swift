import TextKit

/// The two tiers that a curve compares: requests go to one or the other.
package struct TierPair: Sendable, Hashable {
  /// The index of the weaker tier.
  package let weak: Int
  /// The index of the stronger tier.
  package let strong: Int

  /// Creates a pair of two different tiers; any order of indices is allowed.
  package init(weak: Int, strong: Int) {
    precondition(weak != strong)
    self.weak = weak
    self.strong = strong
  }

  /// The first and the last tier of a log.
  package init(endsOf log: ScoredLog) { self.init(weak: 0, strong: log.tierCount - 1) }

  /// The pair that a user names as `A,B`: A is the weaker one.
  ///
  /// - Throws: ``EvaluationError/option(name:expected:found:)`` unless there are two names,
  ///   ``EvaluationError/unknownTier(found:expected:)``, ``EvaluationError/samePair(name:)``, and when B stands before A in
  ///   the order of tiers.
  package init(named names: String, in log: ScoredLog) throws(EvaluationError) {
    let parts = names.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw .option(name: "pair", expected: "two tier names separated by a comma", found: "\(parts.count) name(s)")
    }
    let weak = try log.tier(named: parts[0])
    let strong = try log.tier(named: parts[1])
    guard weak != strong else { throw .samePair(name: parts[0]) }
    guard weak < strong else {
      throw .option(
        name: "pair", expected: "the cheaper tier first: \(SafeText.names([parts[1], parts[0]], separator: ","))",
        found: SafeText.name(names))
    }
    self.init(weak: weak, strong: strong)
  }
}

extension ScoredLog {
  /// The rows in which the qualities of both tiers are known: what the two are compared on. All complete rows are among
  /// them.
  package func rows(knowing pair: TierPair) -> [Int] {
    (0..<rowCount).filter { !quality[$0, pair.weak].isNaN && !quality[$0, pair.strong].isNaN }
  }
}
