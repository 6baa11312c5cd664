import Evaluation
import Ockham
import OckhamTraining
import TextKit

/// metrics.json: what a training measured, for programs.
struct TrainingMetrics {
  private let model: TrainedModel

  init(_ model: TrainedModel) { self.model = model }

  /// The document and a line end.
  var text: String { json.text() + "\n" }

  private var json: JSONNode {
    let (router, dataset) = (model.router, model.dataset)
    let tried = router.candidates.first { !$0.triedPenalties.isEmpty }?.triedPenalties ?? []
    return .object([
      ("rows", .integer(model.report.rows)), ("folds", .integer(model.recipe.folds)),
      ("architecture", .string(router.chosen.kind.rawValue)),
      ("candidates", .array(zip(router.candidates, model.candidateMetrics).map(Self.json))),
      ("penalties", .array(tried.map(Self.json))), ("task_accuracy", .figure(router.taskAccuracy)),
      ("expected_costs", .array(zip(dataset.tierNames, router.costFits).map(Self.json))),
      ("response_heads", .array(model.responseFigures.map(Self.json))),
      ("families", .array(model.familyFigures.map(\.json))),
      ("unfamiliarity", router.weights.unfamiliarity.map(Self.json) ?? .null),
      ("constant_heads", .array(router.constantHeads.map(Self.json))),
      ("sufficient_tier", model.sufficientTier.map(Self.json) ?? .null),
      ("weighting", dataset.labelWeighting.map(Self.json) ?? .null),
      ("training_data", .string(dataset.contentName)), ("out_of_fold", model.report.json),
    ])
  }

  private static func json(_ candidate: Candidate, _ metrics: CurveMetrics?) -> JSONNode {
    .object([
      ("architecture", .string(candidate.kind.rawValue)), ("log_loss", .figures(candidate.logLoss)),
      ("apgr", .figure(metrics?.apgr)),
    ])
  }

  private static func json(_ figures: ResponseFigures) -> JSONNode {
    let kinds = [("prompt", figures.prompt), ("form", figures.form), ("response", figures.response)]
    return .object(
      [
        ("tier", .string(figures.tier)), ("answers", .integer(figures.answers)),
        ("unlike", .number(figures.unlike)),
      ]
        + kinds.map { name, head in
          (name, .object([("log_loss", .figure(head.logLoss)), ("auc", .figure(head.areaUnderROC))]))
        })
  }

  private static func json(_ part: Unfamiliarity) -> JSONNode {
    var knots: [JSONNode] = []
    if case .isotonic(let x, let y) = part.blend {
      knots = zip(x, y).map { .object([("u", .number($0)), ("share", .number($1))]) }
    }
    let bases = part.base.indices.map { tier in
      JSONNode.object([
        ("value", .number(part.base[tier])), ("low", .number(part.lower[tier])), ("high", .number(part.upper[tier])),
      ])
    }
    return .object([
      ("home", .strings(part.home)), ("rise", .number(part.rise)), ("blend", .array(knots)),
      ("base", .array(bases)),
    ])
  }

  private static func json(_ head: ConstantHead) -> JSONNode {
    .object([
      ("tier", .string(head.tier)), ("rows", .integer(head.rows)), ("good", .figure(head.good)),
      ("bad", .figure(head.bad)),
      ("probability", .figure(head.probability)), ("prior", .string("beta(0.5, 0.5)")),
    ])
  }

  private static func json(_ tier: SufficientTier) -> JSONNode {
    .object([
      ("tier", .string(tier.tier)), ("rows", .integer(tier.rows)), ("failures", .integer(tier.failures)),
      ("failure_bound", .figure(tier.failureBound)), ("confidence", .figure(SufficientTier.confidence)),
    ])
  }

  private static func json(_ weighting: LabelWeighting) -> JSONNode {
    .object([
      ("by", .strings(["inclusion"] + (weighting.usesPropensity ? ["propensity"] : []))),
      ("rows", .integer(weighting.rows)), ("labelled_rows", .integer(weighting.labelledRows)),
      ("cap", .figure(weighting.cap)), ("capped_share", .figure(weighting.cappedShare)),
      ("effective_rows", .figure(weighting.effectiveRows)),
    ])
  }

  private static func json(_ trial: HyperparameterTrial) -> JSONNode {
    let penalties = trial.penalties
    return .object([
      ("gram", .figure(penalties.gram)), ("dense", .figure(penalties.dense)),
      ("gram_correlation", .figure(penalties.gramCorrelation)),
      ("dense_correlation", .figure(penalties.denseCorrelation)),
      ("dense_limit", .number(penalties.scaling.denseLimit)), ("idf_exponent", .figure(penalties.scaling.idfExponent)),
      ("log_loss", .figure(trial.logLoss)),
    ])
  }

  private static func json(_ tier: String, _ fit: CostFit) -> JSONNode {
    .object([
      ("tier", .string(tier)), ("unit", .string(fit.unit.rawValue)), ("rows", .integer(fit.rows)),
      ("r_squared", .figure(fit.rSquared)), ("penalty", .figure(fit.penalty)),
      ("usd_per_byte", .figure(fit.price.inputUSD)), ("usd_per_unit", .figure(fit.price.outputUSD)),
    ])
  }
}
