/// How alike heads are taken to be before any label is seen: the weights of any two heads correlate by ρ.
///
/// The prior on the weights of one feature over T heads is N(0, S / λ) with S = (1 − ρ) I + ρ 1 1ᵀ. Heads of ρ = 0 are
/// fitted independently; the nearer ρ comes to 1, the more they share one weight, and the less of the gain between two tiers rests
/// on noise in either. The same as a shared weight plus one of each head's own, each with its own ridge (Evgeniou &
/// Pontil 2004). Sparse and dense weights have each their own ρ.
///
/// The solver works on W S^(-1/2), S that of the sparse weights: logits are mixed by S^(1/2) = a I + b 1 1ᵀ, the penalty on
/// the sparse weights is a plain ridge, and that on the dense ones a ridge whose matrix over heads is ``densePenalty``.
struct MultiTaskCoupling: Sendable, Equatable {
  /// T.
  let heads: Int

  /// ρ of the sparse and of the dense weights, in 0..<1.
  let sparse: Double
  let dense: Double

  private let own: Double
  private let shared: Double

  init(heads: Int, sparse: Double = 0, dense: Double = 0) {
    self.heads = heads
    self.sparse = sparse
    self.dense = dense
    own = (1 - sparse).squareRoot()
    shared = ((1 - sparse + Double(heads) * sparse).squareRoot() - own) / Double(heads)
  }

  /// Whether mixing changes nothing.
  var isIdentity: Bool { sparse == 0 }

  /// S_sparse S_dense⁻¹ = own · I + shared · 1 1ᵀ: what stands between the dense weights of the solver in their penalty.
  var densePenalty: (own: Double, shared: Double) {
    let own = (1 - sparse) / (1 - dense)
    let count = Double(heads)
    let together = (1 - sparse + count * sparse) / (1 - dense + count * dense)
    return (own, (together - own) / count)
  }

  /// S_sparse = own · I + shared · 1 1ᵀ.
  var mixing: (own: Double, shared: Double) { (1 - sparse, sparse) }

  /// v ← S^(1/2) v for the T values from `offset`. S^(1/2) is symmetric: derivatives are mixed the same way.
  @inline(__always) func mix(_ values: inout MutableSpan<Double>, offset: Int) {
    var sum = 0.0
    for head in 0..<heads { sum += values[offset + head] }
    for head in 0..<heads { values[offset + head] = own * values[offset + head] + shared * sum }
  }

  /// v ← (S^(1/2) ∘ S^(1/2)) v: what mixing makes of the diagonal of a Hessian.
  func mixSquares(_ values: inout MutableSpan<Double>, offset: Int) {
    var sum = 0.0
    for head in 0..<heads { sum += values[offset + head] }
    for head in 0..<heads {
      values[offset + head] = own * (own + 2 * shared) * values[offset + head] + shared * shared * sum
    }
  }

  /// The weights of the heads, given those that the solver works on.
  func mixed(_ model: LinearModel) -> LinearModel { mapRows(of: model, own: own, shared: shared) }

  /// The inverse of ``mixed(_:)``.
  func unmixed(_ model: LinearModel) -> LinearModel {
    mapRows(of: model, own: 1 / own, shared: -shared / (own * (own + Double(heads) * shared)))
  }

  private func mapRows(of model: LinearModel, own: Double, shared: Double) -> LinearModel {
    guard !isIdentity else { return model }
    func mapped(_ values: [Float]) -> [Float] {
      var result = values
      for start in stride(from: 0, to: values.count, by: heads) {
        let row = values[start..<start + heads]
        let sum = row.reduce(0.0) { $0 + Double($1) }
        for place in row.indices { result[place] = Float(own * Double(values[place]) + shared * sum) }
      }
      return result
    }
    var result = model
    result.sparse = mapped(model.sparse)
    result.dense = mapped(model.dense)
    result.bias = mapped(model.bias)
    return result
  }
}
