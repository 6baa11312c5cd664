import TextKit

/// Finds the keys of rows that a form makes nothing of, by trial: a row is read without the key and with another value in
/// its place, and where nothing changes, the key was skipped.
struct KeyUse {
  /// In how many rows a key is tried before it counts as skipped.
  private static let trials = 3
  private static let keysShown = 30

  private struct Key {
    var count = 0
    var first: String
    var trials = 0
    var isUsed = false
  }

  private var keys: [String: Key] = [:]

  /// Counts the keys of a row, and tries those that are not known yet.
  /// - Parameter read: what a row reads as; `nil` where it cannot be read.
  mutating func look(at row: JSONNode, place: LogPlace, read: (JSONNode) -> String?) {
    guard let members = row.members, members.count <= 1000 else { return }
    var whole: String??
    for (index, member) in members.enumerated() where Self.says(member.value) {
      var key = keys[member.key] ?? Key(first: "\(PathName.name(place.path)):\(place.position)")
      key.count += 1
      if !key.isUsed, key.trials < Self.trials {
        key.trials += 1
        let unchanged = whole ?? read(row)
        whole = unchanged
        var without = members
        without.remove(at: index)
        var changed = members
        changed[index].value = Self.another(member.value)
        key.isUsed = read(.object(without)) != unchanged || read(.object(changed)) != unchanged
      }
      keys[member.key] = key
    }
  }

  private static func says(_ value: JSONNode) -> Bool {
    switch value.content {
    case .null: false
    case .string(let text): !text.isEmpty
    case .array(let elements): !elements.isEmpty
    case .object(let members): !members.isEmpty
    default: true
    }
  }

  /// A value of the same kind that says something else; JSON in a text stays JSON. A role or a type stays what it is.
  private static func another(_ value: JSONNode) -> JSONNode {
    var other = value
    switch value.content {
    case .string(let text):
      let inner = value.unfolded
      if inner.string == nil { return .string(another(inner).jsonText) }
      other.content = CellValue.decimal(text) == nil ? .string(text + " x") : .string(text + "1")
    case .number(let text): other.content = .number(text == "1" ? "0" : "1")
    case .boolean(let boolean): other.content = .boolean(!boolean)
    case .array(let elements): other.content = .array(elements.map(another))
    case .object(let members):
      other.content = .object(
        members.map { member in
          let isMark = ["role", "type", "from", "object"].contains(member.key)
          return isMark ? member : JSONMember(key: member.key, value: another(member.value))
        })
    case .null: break
    }
    return other
  }

  /// The keys that were skipped, with the number of rows and the first of them.
  var sentence: String? {
    let unused = keys.filter { !$0.value.isUsed }.sorted { $0.key < $1.key }
    guard !unused.isEmpty else { return nil }
    let shown = unused.prefix(Self.keysShown).map { name, key in
      "\(SafeText.name(name)) (\(NumberFormat.count(key.count)) rows, first \(key.first))"
    }
    let more = unused.count > shown.count ? " and \(unused.count - shown.count) more" : ""
    return "keys that were skipped: \(shown.joined(separator: ", "))\(more)"
  }
}
