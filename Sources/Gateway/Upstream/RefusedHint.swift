import TextKit

/// A hint: the words by which errors name it, and where it stands in a body.
struct RefusedHint: Sendable {
  let name: String
  let key: String
  /// The key inside that, for a part of an object.
  var part: String?
  /// Where the same can be said by another name.
  var otherKey: String?
  /// A hint only where the gateway added it for itself: a client that asks for it wants it.
  var isOwn = false

  /// - Parameter own: the fields that the gateway added for itself.
  func stands(in root: JSONNode, _ own: Set<String>) -> Bool {
    guard let value = root[key], !value.isNull, !isOwn || own.contains(key) else { return false }
    return part.map { value[$0] != nil } ?? true
  }

  /// What a body says by it.
  func value(in root: JSONNode) -> JSONNode? { part.map { root[key]?[$0] } ?? root[key] }

  /// A body without it, or with its other name.
  func removed(from root: JSONNode) -> JSONNode {
    .object(
      (root.members ?? []).compactMap { member in
        guard member.key == key else { return member }
        if let part {
          let rest = (member.value.members ?? []).filter { $0.key != part }
          return rest.isEmpty ? nil : JSONMember(key: member.key, value: .object(rest))
        }
        return otherKey.map { JSONMember(key: $0, value: member.value) }
      })
  }
}
