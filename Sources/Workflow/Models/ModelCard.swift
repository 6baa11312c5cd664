import Evaluation
import Foundation
import Ockham
import OckhamTraining
import RequestLog
import TextKit

/// CARD.md: what a model is, what it was trained on, how good it is and where not to trust it.
struct ModelCard {
  let tierMap: TierMap
  let dataset: Dataset
  let recipe: Recipe
  let report: EvaluationReport
  let kind: Model.Kind
  let taskAccuracy: Double?
  let costFits: [CostFit]
  let thresholds: CalibratedThresholds
  /// Sentences on heads and weights.
  let notes: [String]

  var text: String {
    """
    # Router model

    Predicts for each request and each tier (\(dataset.tierNames.map(SafeText.markdown).joined(separator: ", "))) the probability that the tier's \
    answer is good, and moves a request up only where the gain is worth its threshold.

    | | |
    | --- | --- |
    | kind | \(kind.rawValue), 2^\(recipe.bucketBits) n-gram buckets, \(DenseFeatures.names.count) dense features |
    | models behind the tiers | \(models) |
    | training rows | \(NumberFormat.count(report.rows)) (log `\(dataset.contentName)`) |
    | folds, seed | \(recipe.folds), \(recipe.seed) |
    | task head | \(taskAccuracy.map { "accuracy \(NumberFormat.decimal($0, places: 3)) held out" } ?? "none") |
    | expected costs | \(expectedCosts) |

    ## Training data

    \(groups)
    \(noteLines)
    ## Held-out results

    Every figure comes from scores by models that had not seen the row; copies of a request share a fold.

    \(SafeText.markdownBlock(report.text()))

    \(Self.thresholdSection(thresholds))
    ## Limits

    - It knows requests like those of its log. On other traffic, evaluate before trusting it, and retrain when the models \
    behind the tiers change.
    - Calibration and guarantees hold for requests drawn as the log was; drift breaks both.
    - Groups above with few rows have wide intervals; read them as such.
    """ + "\n"
  }

  private static func thresholdSection(_ thresholds: CalibratedThresholds) -> String {
    let lines = thresholds.sentences.split(separator: "\n").map { SafeText.markdownLine(String($0)) }
    return "## Thresholds\n\n" + lines.joined(separator: "\n\n") + "\n"
  }

  /// A card with other thresholds; a text without the section comes back as it is.
  static func replacingThresholds(in card: String, with thresholds: CalibratedThresholds) -> String {
    guard let start = card.range(of: "## Thresholds\n"), let end = card.range(of: "\n## Limits\n") else { return card }
    return card[..<start.lowerBound] + thresholdSection(thresholds) + card[end.lowerBound...]
  }

  private var models: String {
    tierMap.tiers.map { tier in
      let models = tier.models.isEmpty ? [tier.name] : tier.models
      return "\(SafeText.markdown(tier.name)): \(models.map(SafeText.markdown).joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  private var expectedCosts: String {
    guard !costFits.isEmpty else { return "none" }
    let fits = zip(dataset.tierNames, costFits).map { name, fit in
      "\(SafeText.markdown(name)) \(NumberFormat.decimal(fit.rSquared, places: 3))"
        + (fit.unit == .tokens ? "" : " (of the cost itself)")
    }
    return "R² of log answer length held out: " + fits.joined(separator: ", ")
  }

  private var noteLines: String { notes.map { "\n- \(SafeText.lines($0))" }.joined() + (notes.isEmpty ? "" : "\n") }

  private var groups: String {
    let counts = Dictionary(grouping: dataset.groups) { $0 }.mapValues(\.count)
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let lines = sorted.prefix(60).map {
      "| \($0.key.isEmpty ? "(none)" : SafeText.markdown($0.key)) | \(NumberFormat.count($0.value)) |"
    }
    return (["| dataset | rows |", "| --- | ---: |"] + lines).joined(separator: "\n")
  }
}
