import TextKit

extension JSONNode {
  /// The object with another value for a key, which comes last where the key is new.
  func setting(_ key: String, to value: JSONNode) -> JSONNode {
    var members = (self.members ?? []).filter { $0.key != key }
    let place = self.members?.firstIndex { $0.key == key } ?? members.count
    members.insert(JSONMember(key: key, value: value), at: min(place, members.count))
    return .object(members)
  }
}
