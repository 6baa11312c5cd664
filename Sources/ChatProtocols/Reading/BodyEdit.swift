package import TextKit

/// Changes of a JSON text in a few places; all else stays byte for byte.
package struct BodyEdit {
  private var replacements: [(range: Range<Int>, text: [UInt8])] = []

  package init() {}

  /// Puts other bytes in place of a range; an empty range inserts. Ranges must not overlap.
  package mutating func replace(_ range: Range<Int>, with text: [UInt8]) { replacements.append((range, text)) }

  /// The changed text.
  package func applied(to body: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count + replacements.reduce(0) { $0 + $1.text.count })
    var position = 0
    for (range, text) in replacements.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      result.append(contentsOf: body[position..<range.lowerBound])
      result.append(contentsOf: text)
      position = range.upperBound
    }
    result.append(contentsOf: body[position...])
    return result
  }
}

extension BodyEdit {
  /// Changes for another model, and for a chat stream that ends with its usage. `root` is the body, parsed: an object.
  package static func forUpstream(_ root: JSONNode, model: String, asksForUsage: Bool) -> BodyEdit {
    var edit = BodyEdit()
    if let old = root["model"] { edit.replace(old.range, with: JSONNode.string(model).jsonBytes) }
    if asksForUsage { edit.setMember("include_usage", to: "true", inObject: "stream_options", of: root) }
    return edit
  }

  private mutating func setMember(_ key: String, to value: String, inObject name: String, of root: JSONNode) {
    let member = "\"\(key)\":\(value)"
    guard let object = root[name] else { return insert("\"\(name)\":{\(member)}", into: root) }
    guard object.members != nil else { return replace(object.range, with: Array("{\(member)}".utf8)) }
    guard let old = object[key] else { return insert(member, into: object) }
    replace(old.range, with: Array(value.utf8))
  }

  /// Adds a member at the end of an object.
  private mutating func insert(_ member: String, into object: JSONNode) {
    let end = object.range.upperBound - 1
    replace(end..<end, with: Array(((object.members ?? []).isEmpty ? "" : ",").utf8) + Array(member.utf8))
  }
}
