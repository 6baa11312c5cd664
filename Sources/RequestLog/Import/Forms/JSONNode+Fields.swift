import TextKit

/// Fields of rows that follow no schema of ours.
///
/// Many exports keep JSON inside texts: a text that holds an object or an array is read as what it holds, also where
/// Python printed it.
extension JSONNode {
  /// The object or array that a text holds; the value itself otherwise.
  var unfolded: JSONNode {
    guard case .string(let text) = content, let first = text.utf8.first(where: { $0 > 0x20 }) else { return self }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return self }
    return (try? JSONParser.parse(Array(text.utf8))) ?? PythonLiteral.parse(text) ?? self
  }

  /// The first of these keys that is there and not null, unfolded. A key with dots is a path where no member has that name.
  func field(_ keys: String...) -> JSONNode? { field(keys) }

  func field(_ keys: [String]) -> JSONNode? { raw(keys)?.unfolded }

  /// As ``field(_:)-(String...)``, with texts as they are.
  func raw(_ keys: String...) -> JSONNode? { raw(keys) }

  func raw(_ keys: [String]) -> JSONNode? {
    for key in keys {
      if let value = value(at: key[...]), !value.isNull { return value }
    }
    return nil
  }

  /// The value at a path of keys and indices: `a.b[0].c`, `a.b.0.c`.
  private func value(at path: Substring) -> JSONNode? {
    if let direct = step(path) { return direct }
    for cut in path.indices where path[cut] == "." || path[cut] == "[" {
      let rest = path[path.index(after: cut)...]
      guard !rest.isEmpty, let outer = cut == path.startIndex ? self : step(path[..<cut])?.unfolded else { continue }
      if let found = outer.value(at: rest) { return found }
    }
    return nil
  }

  /// The member of a key or the element of an index, such as `3` or `3]`; −1 is the last one.
  private func step(_ name: Substring) -> JSONNode? {
    if let member = self[String(name)] { return member }
    guard let elements, let index = Int(name.hasSuffix("]") ? name.dropLast() : name) else { return nil }
    let place = index < 0 ? elements.count + index : index
    return elements.indices.contains(place) ? elements[place] : nil
  }

  /// The first of these keys that is a string that is not empty, or a number.
  func label(_ keys: String...) -> String? { label(keys) }

  func label(_ keys: [String]) -> String? {
    for key in keys {
      switch value(at: key[...])?.content {
      case .string(let text) where !text.trimmingSpaces.isEmpty: return text
      case .number(let text): return text
      default: continue
      }
    }
    return nil
  }

  /// A finite number of at least 0, also where it stands in a text.
  func amount(_ keys: String...) -> Double? { amount(keys) }

  func amount(_ keys: [String]) -> Double? {
    for key in keys {
      if let number = raw(key)?.decimal, number >= 0 { return number }
    }
    return nil
  }

  /// An integer of at least 0.
  func count(_ keys: String...) -> Int? { count(keys) }

  func count(_ keys: [String]) -> Int? {
    for key in keys {
      if let number = amount(key), let count = Int(exactly: number) { return count }
    }
    return nil
  }

  /// The number that the value or its text is, as ``CellNumber`` reads it; a dollar sign before it is skipped.
  var decimal: Double? {
    switch content {
    case .number(let text): return CellValue.decimal(text)
    case .string(let text):
      let word = text.trimmingSpaces
      return CellNumber.decimal(word.hasPrefix("$") ? String(word.dropFirst()) : word)
    default: return nil
    }
  }

  /// Whether the value is an array with an object in it, as messages are.
  var isListOfObjects: Bool { elements?.isEmpty == false && elements?.allSatisfy { $0.members != nil } == true }

  /// Whether the value is a list of messages in one of the known API formats.
  var isMessages: Bool {
    guard isListOfObjects, let elements else { return false }
    return elements.allSatisfy { $0.isMessage }
  }

  /// Whether the value is one message.
  var isMessage: Bool {
    guard members != nil else { return false }
    if self["role"] != nil || self["from"] != nil { return true }
    if Dialogue.speaker(of: self) != nil {
      return ["content", "text", "value", "message"].contains { self[$0] != nil }
    }
    if self["content"] != nil || self["parts"] != nil { return self["type"] != nil || members?.count == 1 }
    return self["type"]?.string?.contains("call") == true || self["kwargs"]?["content"] != nil
  }
}
