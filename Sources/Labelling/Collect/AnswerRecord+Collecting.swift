import TextKit

extension AnswerRecord {
  /// The line with outcomes added to its own, or put in the place of those that have their names; every other byte stays as it
  /// was.
  ///
  /// The outcomes of one pair carry the same inclusion probability: those with an answer or a quality get it too, where they
  /// have none and it is below 1.
  func line(adding new: [(name: String, outcome: JSONNode)], inclusion: Double) -> [UInt8] {
    let texts = new.map { outcome in
      let members = (outcome.outcome.members ?? []) + [JSONMember(key: "inclusion", value: .figure(inclusion))]
      return (name: outcome.name, text: JSONNode.object(members).jsonText)
    }
    guard let outcomes = root["outcomes"], let present = outcomes.members else {
      return line([edit(withoutOutcomes: "{" + Self.members(texts) + "}")])
    }
    var edits: [(range: Range<Int>, text: String)] = []
    for member in present {
      if let text = texts.first(where: { $0.name == member.key }) {
        edits.append((member.value.range, text.text))
      } else if let edit = Self.edit(marking: member.value, inclusion) {
        edits.append(edit)
      }
    }
    let added = texts.filter { text in !present.contains { $0.key == text.name } }
    if !added.isEmpty {
      let end = outcomes.range.upperBound - 1
      edits.append((end..<end, (present.isEmpty ? "" : ",") + Self.members(added)))
    }
    return line(edits)
  }

  private func edit(withoutOutcomes text: String) -> (range: Range<Int>, text: String) {
    if let null = root["outcomes"] { return (null.range, text) }
    let end = root.range.upperBound - 1
    return (end..<end, (root.members?.isEmpty == false ? "," : "") + "\"outcomes\":" + text)
  }

  private static func edit(marking outcome: JSONNode, _ inclusion: Double) -> (range: Range<Int>, text: String)? {
    guard inclusion < 1, outcome["inclusion"] == nil,
      outcome["answer"]?.isNull == false || outcome["quality"]?.isNull == false
    else { return nil }
    let start = outcome.range.lowerBound + 1
    return (start..<start, "\"inclusion\":\(JSONNode.figure(inclusion).jsonText),")
  }

  private static func members(_ texts: [(name: String, text: String)]) -> String {
    texts.map { JSONNode.string($0.name).jsonText + ":" + $0.text }.joined(separator: ",")
  }
}
