import Evaluation
import OckhamTraining
import Statistics
import TextKit

/// The advice not to route at all: the cheapest tier fails so seldom that no other can be worth its price.
package struct SufficientTier: Sendable, Hashable {
  package let tier: String
  /// The rows that show its quality, and those of them with less than full quality.
  package let rows: Int
  package let failures: Int
  /// The Clopper–Pearson upper bound of the share that fails.
  package let failureBound: Double

  /// How sure the bound is.
  package static let confidence = 0.95

  /// - Parameter fraction: the part of the best possible quality that must be kept.
  /// - Returns: `nil` where the bound leaves less than that, and where the bound does not apply: rows count differently, or
  ///   some show other tiers only, as where a router chose who answers.
  init?(_ dataset: Dataset, keeping fraction: Double) {
    let labelled = (0..<dataset.rows).filter { row in
      dataset.tierNames.indices.contains { !dataset.labels[row, $0].isNaN }
    }
    let known = labelled.filter { !dataset.labels[$0, 0].isNaN }
    guard let first = known.first, known.count == labelled.count,
      known.allSatisfy({ dataset.weights[$0] == dataset.weights[first] })
    else { return nil }
    let failures = known.count { dataset.labels[$0, 0] < 1 }
    let bound = BinomialTest.upperBound(successes: failures, count: known.count, level: 1 - Self.confidence)
    guard 1 - bound >= fraction else { return nil }
    tier = dataset.tierNames[0]
    rows = known.count
    self.failures = failures
    failureBound = bound
  }

  package var sentence: String {
    "Send everything to '\(SafeText.name(tier))': it failed on \(NumberFormat.count(failures)) of \(NumberFormat.count(rows)) requests, so at most "
      + "\(NumberFormat.percent(failureBound, places: 2)) of requests drawn as the log was fail there "
      + "(Clopper–Pearson, \(NumberFormat.percent(Self.confidence, places: 0)) sure), and no other tier can win more than that."
  }
}
