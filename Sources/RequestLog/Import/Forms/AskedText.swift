import TextKit

/// What stands beside a prompt and belongs to what was asked.
extension JSONNode {
  /// The object that holds the last step of a path; `nil` where that is the value itself.
  func holder(of path: String) -> JSONNode? {
    guard let cut = path.lastIndex(where: { ".[".contains($0) }), self[path] == nil else { return nil }
    let outer = String(path[..<cut])
    return field(outer).flatMap { $0.members == nil ? nil : $0 }
  }

  /// The members of this object and, for keys that it lacks, those of another.
  func filled(from other: JSONNode?) -> JSONNode {
    let own = members ?? []
    return .object(own + (other?.members ?? []).filter { member in !own.contains { $0.key == member.key } })
  }

  /// The first of these keys, with the text that it is asked about where the instruction stands by itself: Alpaca's `input`,
  /// Dolly's `context`.
  func asked(_ keys: String...) -> JSONNode? {
    for key in keys {
      guard let value = raw(key) else { continue }
      return AskedText.key(beside: key, in: [self], taken: []).flatMap { value.followed(by: raw($0)) } ?? value
    }
    return nil
  }

  /// A text with another one a blank line below; `nil` where one of them is none.
  func followed(by other: JSONNode?) -> JSONNode? {
    guard let text = string, unfolded.elements == nil, let more = other?.string, !more.trimmingSpaces.isEmpty else {
      return nil
    }
    return .string(text + "\n\n" + more)
  }
}

/// Which key holds the text that an instruction or a question is about.
enum AskedText {
  private static let instructions: Set<String> = ["instruction", "instructions", "question"]

  /// - Parameters:
  ///   - prompt: the key of the instruction.
  ///   - sample: objects that hold it.
  ///   - taken: keys that hold something else.
  static func key(beside prompt: String, in sample: [JSONNode], taken: Set<String>) -> String? {
    guard instructions.contains(FieldName.words(of: prompt)) else { return nil }
    return ["input", "context"].lazy.compactMap { name in
      sample.lazy.compactMap { row in
        row.members?.first { FieldName.words(of: $0.key) == name && $0.key != prompt && !taken.contains($0.key) }
      }.first { member in member.value.string.map { !$0.trimmingSpaces.isEmpty } ?? false }?.key
    }.first
  }
}
