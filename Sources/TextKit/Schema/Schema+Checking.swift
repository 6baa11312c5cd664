extension Schema {
  /// Whether a value fits the schema.
  ///
  /// Lengths of texts count Unicode scalars. Depth is bounded by that of the value, since circles of references that
  /// stay on one value are refused when the schema is compiled.
  package func accepts(_ value: JSONNode) -> Bool { accepts(value, root) }

  private func accepts(_ value: JSONNode, _ place: Int) -> Bool {
    schemas[place].allSatisfy { holds($0, of: value) }
  }

  private func holds(_ assertion: Assertion, of value: JSONNode) -> Bool {
    switch assertion {
    case .never: false
    case .types(let names): names.contains { value.isA($0) }
    case .oneOfValues(let values): values.contains(value)
    case .all(let places): places.allSatisfy { accepts(value, $0) }
    case .any(let places): places.contains { accepts(value, $0) }
    case .exactlyOne(let places): places.count { accepts(value, $0) } == 1
    case .not(let place): !accepts(value, place)
    case .reference(let place): accepts(value, place)
    default: holdsOfKind(assertion, value)
    }
  }

  /// Assertions about one kind of value hold of every other kind.
  private func holdsOfKind(_ assertion: Assertion, _ value: JSONNode) -> Bool {
    switch value.content {
    case .object(let members): holdsOfObject(assertion, members)
    case .array(let elements): holdsOfArray(assertion, elements)
    case .string(let text): Self.holdsOfText(assertion, text)
    case .number: Self.holdsOfNumber(assertion, value.number ?? .nan)
    case .boolean, .null: true
    }
  }

  private func holdsOfObject(_ assertion: Assertion, _ members: [JSONMember]) -> Bool {
    switch assertion {
    case .properties(let known, let patterns, let additional):
      members.allSatisfy { fits($0, known, patterns, additional) }
    case .required(let keys): keys.allSatisfy { key in members.contains { $0.key == key } }
    case .propertyCount(let bounds): bounds.contain(Set(members.map(\.key)).count)
    case .propertyNames(let place):
      members.allSatisfy { accepts(JSONNode(content: .string($0.key), range: 0..<0), place) }
    default: true
    }
  }

  private func fits(
    _ member: JSONMember, _ known: [String: Int], _ patterns: [(TextPattern, Int)], _ additional: Int?
  ) -> Bool {
    var places = patterns.filter { $0.0.matches(member.key) }.map(\.1)
    if let place = known[member.key] { places.append(place) }
    if places.isEmpty, let additional { places.append(additional) }
    return places.allSatisfy { accepts(member.value, $0) }
  }

  private func holdsOfArray(_ assertion: Assertion, _ elements: [JSONNode]) -> Bool {
    switch assertion {
    case .items(let prefix, let rest):
      zip(elements, prefix).allSatisfy { accepts($0, $1) }
        && elements.dropFirst(prefix.count).allSatisfy { element in rest.map { accepts(element, $0) } ?? true }
    case .itemCount(let bounds): bounds.contain(elements.count)
    case .uniqueItems: Self.areUnique(elements)
    default: true
    }
  }

  private static func holdsOfText(_ assertion: Assertion, _ text: String) -> Bool {
    switch assertion {
    case .length(let bounds): bounds.contain(text.unicodeScalars.count)
    case .pattern(let pattern): pattern.matches(text)
    default: true
    }
  }

  private static func holdsOfNumber(_ assertion: Assertion, _ number: Double) -> Bool {
    switch assertion {
    case .range(let range): range.contains(number)
    case .multipleOf(let divisor): isMultiple(number, of: divisor)
    default: true
    }
  }

  /// Whether number / divisor is whole, to the precision of doubles: 0.3 is a multiple of 0.1.
  private static func isMultiple(_ number: Double, of divisor: Double) -> Bool {
    let quotient = number / divisor
    guard quotient.isFinite else { return false }
    return abs(quotient - quotient.rounded()) <= abs(quotient) * 4 * .ulpOfOne
  }

  private static func areUnique(_ elements: [JSONNode]) -> Bool {
    elements.indices.allSatisfy { index in !elements[..<index].contains(elements[index]) }
  }
}

extension JSONNode {
  /// Whether the value is of a type; a number without a fraction is an integer however it is written.
  fileprivate func isA(_ type: Schema.TypeName) -> Bool {
    switch (type, content) {
    case (.object, .object), (.array, .array), (.string, .string), (.number, .number), (.boolean, .boolean),
      (.null, .null):
      true
    case (.integer, .number): number.map { $0.isFinite && $0 == $0.rounded() } ?? false
    default: false
    }
  }
}
