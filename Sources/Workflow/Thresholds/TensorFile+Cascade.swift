import Evaluation
import Foundation
import Ockham
import TextKit

extension TensorFile {
  /// Writes a cascade into a model file with response heads, in the place of the one that it has; `nil` takes it out. A file
  /// without response heads stays as it is: no one could follow a cascade.
  mutating func set(_ cascade: CalibratedCascade?) {
    guard let text = metadata[MetadataKey.parts],
      var parts = try? JSONDecoder().decode([String].self, from: Data(text.utf8)),
      parts.contains("response")
    else { return }
    let names = [TensorName.cascadeTierCosts, TensorName.cascadeSpread, TensorName.cascadePrice]
    tensors.removeAll { names.contains($0.name) }
    for key in [MetadataKey.cascade, Self.guaranteeKey, Self.notProvenKey] { metadata[key] = nil }
    parts.removeAll { $0 == MetadataKey.cascade }
    if let cascade, let policy = cascade.choice.policy {
      parts.insert(MetadataKey.cascade, at: parts.firstIndex(of: "response").map { $0 + 1 } ?? parts.count)
      write(policy)
      metadata[cascade.choice.isProven ? Self.guaranteeKey : Self.notProvenKey] = cascade.statement
    }
    metadata[MetadataKey.parts] = JSONNode.strings(parts).jsonText
  }

  private static let guaranteeKey = "cascade_guarantee"
  private static let notProvenKey = "cascade_not_proven"

  private mutating func write(_ policy: CascadePolicy) {
    func places(_ tiers: TierSet) -> JSONNode {
      .array((0..<policy.tierCount).filter(tiers.contains).map { .integer($0) })
    }
    let description = [("start", places(policy.startTiers)), ("check", places(policy.checkedTiers))]
    metadata[MetadataKey.cascade] = JSONNode.object(description).jsonText
    set(Tensor(name: TensorName.cascadeTierCosts, shape: [policy.tierCount], doubles: policy.tierCostUSD))
    set(Tensor(name: TensorName.cascadeSpread, shape: [policy.tierCount - 1], floats: policy.spreads))
    set(Tensor(name: TensorName.cascadePrice, shape: [2], doubles: [policy.lambda, policy.premium]))
  }
}
