import Ockham

/// The head of expected costs as the model file holds it.
package struct CostWeights: Sendable {
  let models: [LengthModel]
  let prices: [TierPrice]
  /// The mean expected difference between neighbouring tiers over the training log, in USD [tiers − 1].
  package let meanStepUSD: [Double]

  var tensors: [Tensor] {
    let (tiers, width) = (models.count, models[0].ridge.weights.count)
    let weights = (0..<width).flatMap { column in models.map { $0.ridge.weights[column] } }
    return [
      Tensor(name: TensorName.costWeight, shape: [width, tiers], floats: weights),
      Tensor(name: TensorName.costBias, shape: [tiers], floats: models.map(\.ridge.bias)),
      Tensor(
        name: TensorName.costRange, shape: [2, tiers],
        floats: models.map(\.range.lowerBound) + models.map(\.range.upperBound)),
      Tensor(name: TensorName.costSmearing, shape: [tiers], floats: models.map(\.smearing)),
      Tensor(name: TensorName.costPrice, shape: [2, tiers], doubles: prices.map(\.inputUSD) + prices.map(\.outputUSD)),
      Tensor(name: TensorName.costMeanStep, shape: [tiers - 1], doubles: meanStepUSD),
    ]
  }
}
