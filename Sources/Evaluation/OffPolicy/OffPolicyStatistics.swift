import Statistics

/// What each conversation adds to the estimates of one policy.
///
/// With ρ_t the product of π(served) / p over the conversation's draws up to turn t, m(x, a) the prediction and m̄(x) = Σ_a
/// π(a)·m(x, a), a conversation gives the doubly robust sum Σ_t w_t·(ρ_{t−1}·m̄_t + ρ_t·(r_t − m_t)) and counts Σ_t w_t·ρ_{t−1}
/// requests (Jiang & Li 2016; Dudík, Langford & Li 2011 for one draw). A held turn draws nothing: it gives w_t·ρ_t·r_t and
/// counts w_t·ρ_t. A fixed turn gives w_t·r_t and counts w_t. The other estimators weigh all drawn and held turns of a
/// conversation by the product of all its draws.
struct OffPolicyStatistics {
  /// The doubly robust sum of each conversation.
  private(set) var robust: [Double]
  /// The requests that each conversation counts for.
  private(set) var requests: [Double]
  /// The product of each conversation's ratios; 1 without a draw.
  private(set) var products: [Double]
  /// The weight of each conversation's first draw; 0 without one.
  private(set) var drawWeights: [Double]
  /// Whether a draw of the conversation is without support, so that no ratio is known for it.
  private(set) var isVoid: [Bool]
  /// Σ w·m̄ over drawn and held rows, and of r over the fixed ones.
  private(set) var direct = 0.0
  /// Σ w·r and Σ w over fixed rows.
  private(set) var fixed = (reward: 0.0, weight: 0.0)
  /// Σ ρ·w·r, Σ ρ·w and Σ w over drawn and held rows.
  private(set) var weighted = (reward: 0.0, product: 0.0, weight: 0.0)
  /// Rows without support, their summed weight, and the sum of their predictions.
  private(set) var unsupported = (rows: 0, weight: 0.0, prediction: 0.0)
  /// Σ w·(1 − π(served)) over drawn rows.
  private(set) var disagreement = 0.0
  /// Drawn and held rows whose conversation has a weight above 0, and the least and the greatest of their rewards.
  private(set) var matchedRows = 0
  private(set) var matchedRewards: (least: Double, greatest: Double)?
  /// Drawn rows.
  private(set) var drawnRows = 0
  /// Whether a prediction that the policy needs is missing.
  private(set) var lacksPrediction = false

  /// - Parameter chances: the policy's probability of each tier for each row [n × T]; rows sum to 1.
  init(_ sample: OffPolicySample, chances: Matrix<Double>) {
    let count = sample.conversationCount
    robust = [Double](repeating: 0, count: count)
    requests = robust
    products = [Double](repeating: 1, count: count)
    drawWeights = robust
    isVoid = [Bool](repeating: false, count: count)
    var lastDraw = [Int?](repeating: nil, count: count)
    for (index, row) in sample.rows.enumerated() {
      switch row.role {
      case .fixed: addFixed(row)
      case .drawn:
        lastDraw[row.conversation] = index
        addDrawn(row, at: index, sample, chances)
      case .held: addHeld(row, baseline: baseline(index, lastDraw[row.conversation] ?? index, sample, chances))
      }
    }
    for conversation in 0..<count where isVoid[conversation] { products[conversation] = 0 }
    for row in sample.rows where row.role != .fixed { addProduct(row) }
  }

  private mutating func addFixed(_ row: OffPolicySample.Row) {
    robust[row.conversation] += row.weight * row.reward
    requests[row.conversation] += row.weight
    direct += row.weight * row.reward
    fixed.reward += row.weight * row.reward
    fixed.weight += row.weight
  }

  private mutating func addDrawn(
    _ row: OffPolicySample.Row, at index: Int, _ sample: OffPolicySample, _ chances: Matrix<Double>
  ) {
    let (conversation, before) = (row.conversation, products[row.conversation])
    let expected = baseline(index, index, sample, chances)
    let chance = chances[index, row.tier]
    drawnRows += 1
    if drawWeights[conversation] == 0 { drawWeights[conversation] = row.weight }
    disagreement += row.weight * (1 - chance)
    direct += row.weight * expected
    requests[conversation] += row.weight * before
    robust[conversation] += row.weight * before * expected
    guard !sample.isUnsupported(index, chances: chances) else {
      isVoid[conversation] = true
      unsupported.rows += 1
      unsupported.weight += row.weight * before
      unsupported.prediction += row.weight * before * expected
      return
    }
    products[conversation] = before * chance / row.propensity
    guard products[conversation] > 0 else { return }
    robust[conversation] +=
      row.weight * products[conversation] * (row.reward - sample.predictions[index, row.tier])
  }

  private mutating func addHeld(_ row: OffPolicySample.Row, baseline: Double) {
    robust[row.conversation] += row.weight * products[row.conversation] * row.reward
    requests[row.conversation] += row.weight * products[row.conversation]
    direct += row.weight * baseline
  }

  /// What a row's tiers are expected to give under the chances of the draw that they follow from.
  private mutating func baseline(
    _ row: Int, _ draw: Int, _ sample: OffPolicySample, _ chances: Matrix<Double>
  ) -> Double {
    var sum = 0.0
    for tier in 0..<sample.tierCount where chances[draw, tier] > 0 {
      sum += chances[draw, tier] * sample.predictions[row, tier]
    }
    if sum.isNaN { lacksPrediction = true }
    return sum
  }

  private mutating func addProduct(_ row: OffPolicySample.Row) {
    let product = products[row.conversation]
    weighted.reward += row.weight * product * row.reward
    weighted.product += row.weight * product
    weighted.weight += row.weight
    guard product > 0 else { return }
    matchedRows += 1
    let (least, greatest) = matchedRewards ?? (row.reward, row.reward)
    matchedRewards = (min(least, row.reward), max(greatest, row.reward))
  }
}
