import Foundation
import Ockham
package import Registry
import TextKit

extension VersionParts {
  /// What a model on disk is as a version of a registry: its file, its thresholds as numbers, the prices it is to serve with, and what it
  /// says of its training data.
  ///
  /// - Parameter prices: USD per million tokens by model; `nil` where the gateway's own count.
  package init(_ folder: ModelFolder, prices: [UInt8]?) {
    let model = folder.model
    let policy = JSONNode.object([
      "format": .string("ockham-policy/1"), "tiers": .strings(model.tierNames),
      "thresholds": .array(model.thresholds.increments.map(JSONNode.number)),
      "guarantee": model.metadata["guarantee"].map(JSONNode.string) ?? .null,
    ])
    let data = JSONNode.object([
      "format": .string("ockham-training-data/1"),
      "content": model.metadata["training_data"].map(JSONNode.string) ?? .null,
      "rows": model.metadata["training_rows"].flatMap(Int.init).map(JSONNode.integer) ?? .null,
    ])
    self.init(
      model: folder.bytes, policy: policy.sortedByKey.jsonBytes,
      prices: prices ?? JSONNode.object([:]).sortedByKey.jsonBytes, data: data.sortedByKey.jsonBytes)
  }
}
