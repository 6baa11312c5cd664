/// One check of a value by a schema, in a bounded number of steps.
///
/// A step is about what it takes to look at one value or to compare one key: whatever schema and value ask for, the time of a check is
/// proportional to the steps that it may take.
struct SchemaCheck {
  private let schema: Schema
  private var steps: Int
  private var depth = 0
  /// Whether the steps, or the depth that a stack allows, did not suffice: what was found says nothing then.
  private(set) var isExhausted = false

  /// Schemas within schemas: more than any value of ``JSONParser/maximumDepth`` needs of a schema that people write.
  private static let maximumDepth = 2_000

  init(_ schema: Schema, steps: Int) {
    self.schema = schema
    self.steps = steps
  }

  mutating func accepts(_ value: JSONNode) -> Bool { accepts(value, schema.root) }

  private mutating func accepts(_ value: JSONNode, _ place: Int) -> Bool {
    guard take(1), depth < Self.maximumDepth else {
      isExhausted = true
      return false
    }
    depth += 1
    defer { depth -= 1 }
    for assertion in schema.schemas[place] where !holds(assertion, of: value) { return false }
    return true
  }

  /// Notes what is about to be done; `false` where it is too much.
  private mutating func take(_ count: Int) -> Bool {
    if steps < count { isExhausted = true } else { steps -= count }
    return !isExhausted
  }

  private mutating func holds(_ assertion: Schema.Assertion, of value: JSONNode) -> Bool {
    switch assertion {
    case .never: return false
    case .types(let names): return names.contains { value.isA($0) }
    case .oneOfValues(let values): return weigh(value) && values.contains(value)
    case .all(let places):
      for place in places where !accepts(value, place) { return false }
      return true
    case .any(let places):
      for place in places where accepts(value, place) { return true }
      return false
    case .exactlyOne(let places): return count(places, accepting: value) == 1
    case .not(let place): return !accepts(value, place)
    case .reference(let place): return accepts(value, place)
    default: return holdsOfKind(assertion, value)
    }
  }

  private mutating func count(_ places: [Int], accepting value: JSONNode) -> Int {
    var count = 0
    for place in places where accepts(value, place) { count += 1 }
    return count
  }

  /// Takes the steps to hash a value.
  private mutating func weigh(_ value: JSONNode) -> Bool {
    switch value.content {
    case .string(let text): return take(1 + text.utf8.count / 64)
    case .array(let elements):
      for element in elements where !weigh(element) { return false }
    case .object(let members):
      for member in members where !take(1 + member.key.utf8.count / 64) || !weigh(member.value) { return false }
    case .number, .boolean, .null: break
    }
    return take(1)
  }

  /// Assertions about one kind of value hold of every other kind.
  private mutating func holdsOfKind(_ assertion: Schema.Assertion, _ value: JSONNode) -> Bool {
    switch value.content {
    case .object(let members): return holdsOfObject(assertion, members)
    case .array(let elements): return holdsOfArray(assertion, elements)
    case .string(let text): return holdsOfText(assertion, text)
    case .number: return Self.holdsOfNumber(assertion, value.number ?? .nan)
    case .boolean, .null: return true
    }
  }

  private mutating func holdsOfObject(_ assertion: Schema.Assertion, _ members: [JSONMember]) -> Bool {
    switch assertion {
    case .properties(let known, let patterns, let additional):
      for member in members where !fits(member, known, patterns, additional) { return false }
      return true
    case .required(let keys):
      guard take(keys.count + members.count) else { return false }
      return Set(keys).isSubset(of: members.map(\.key))
    case .propertyCount(let bounds): return take(members.count) && bounds.contain(Set(members.map(\.key)).count)
    case .propertyNames(let place):
      for member in members where !accepts(JSONNode(content: .string(member.key), range: 0..<0), place) { return false }
      return true
    default: return true
    }
  }

  private mutating func fits(
    _ member: JSONMember, _ known: [String: Int], _ patterns: [(TextPattern, Int)], _ additional: Int?
  ) -> Bool {
    guard take(1 + patterns.count * (1 + member.key.utf8.count)) else { return false }
    var places = patterns.filter { $0.0.matches(member.key) }.map(\.1)
    if let place = known[member.key] { places.append(place) }
    if places.isEmpty, let additional { places.append(additional) }
    for place in places where !accepts(member.value, place) { return false }
    return true
  }

  private mutating func holdsOfArray(_ assertion: Schema.Assertion, _ elements: [JSONNode]) -> Bool {
    switch assertion {
    case .items(let prefix, let rest):
      for (element, place) in zip(elements, prefix) where !accepts(element, place) { return false }
      guard let rest else { return true }
      for element in elements.dropFirst(prefix.count) where !accepts(element, rest) { return false }
      return true
    case .itemCount(let bounds): return bounds.contain(elements.count)
    case .uniqueItems: return areUnique(elements)
    default: return true
    }
  }

  private mutating func areUnique(_ elements: [JSONNode]) -> Bool {
    var seen: Set<JSONNode> = []
    for element in elements where !weigh(element) || !seen.insert(element).inserted { return false }
    return true
  }

  private mutating func holdsOfText(_ assertion: Schema.Assertion, _ text: String) -> Bool {
    switch assertion {
    case .length(let bounds): return take(1 + text.utf8.count / 64) && bounds.contain(text.unicodeScalars.count)
    case .pattern(let pattern): return take(1 + text.utf8.count) && pattern.matches(text)
    default: return true
    }
  }

  private static func holdsOfNumber(_ assertion: Schema.Assertion, _ number: Double) -> Bool {
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
