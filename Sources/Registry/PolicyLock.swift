import TextKit

/// What one version consists of: the hashes of its parts, when it was frozen, and what it wants to replace.
package struct PolicyLock: Sendable, Hashable {
  static let formatName = "ockham-policy-lock/1"

  /// SHA-256 of the version's files.
  package var model, policy, prices, data: String
  /// ISO 8601 in UTC: labels that decide about the version are drawn later.
  package var frozenAt: String
  /// The version that it wants to replace; `nil` for the first.
  package var parent: String?
  /// Of the program that made it.
  package var version: String

  package init(
    model: String, policy: String, prices: String, data: String, frozenAt: String, parent: String?, version: String
  ) {
    (self.model, self.policy, self.prices, self.data) = (model, policy, prices, data)
    (self.frozenAt, self.parent, self.version) = (frozenAt, parent, version)
  }

  /// Whether another version decides by the very same files, whenever it was frozen.
  package func hasSameParts(as other: PolicyLock) -> Bool {
    (model, policy, prices, data) == (other.model, other.policy, other.prices, other.data)
  }

  /// The bytes of `lock.json`.
  package var bytes: [UInt8] {
    JSONNode.object([
      "format": .string(Self.formatName), "model": .string(model), "policy": .string(policy), "prices": .string(prices),
      "data": .string(data), "frozen_at": .string(frozenAt), "parent": parent.map(JSONNode.string) ?? .null,
      "version": .string(version),
    ]).sortedByKey.jsonBytes
  }

  /// The version's name.
  package var hash: String { ContentDigest.hexadecimal(of: bytes) }

  init(_ bytes: [UInt8], path: String) throws(RegistryError) {
    let fields = try RegistryFields(
      bytes, path: path, keys: ["format", "model", "policy", "prices", "data", "frozen_at", "parent", "version"])
    try fields.require("format", Self.formatName)
    self.init(
      model: try fields.digest("model"), policy: try fields.digest("policy"), prices: try fields.digest("prices"),
      data: try fields.digest("data"), frozenAt: try fields.text("frozen_at"),
      parent: try fields.optionalDigest("parent"), version: try fields.text("version"))
    guard CivilTime.isTimestamp(frozenAt) else { throw fields.wrong("frozen_at", "a time in ISO 8601") }
  }
}

/// The parts of a version as they lie in its folder.
package struct VersionParts: Sendable, Hashable {
  package var model, policy, prices, data: [UInt8]

  package init(model: [UInt8], policy: [UInt8], prices: [UInt8], data: [UInt8]) {
    (self.model, self.policy, self.prices, self.data) = (model, policy, prices, data)
  }

  package func lock(frozenAt: String, parent: String?, version: String) -> PolicyLock {
    PolicyLock(
      model: ContentDigest.hexadecimal(of: model), policy: ContentDigest.hexadecimal(of: policy),
      prices: ContentDigest.hexadecimal(of: prices), data: ContentDigest.hexadecimal(of: data), frozenAt: frozenAt,
      parent: parent, version: version)
  }

  /// The file names beside `lock.json`, each with its bytes.
  var files: [(name: String, bytes: [UInt8])] {
    [("model.safetensors", model), ("policy.json", policy), ("prices.json", prices), ("data.json", data)]
  }
}
