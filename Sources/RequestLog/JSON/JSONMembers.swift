/// The keys and values of a JSON object, in the order of the text.
struct JSONMembers: Sequence, IteratorProtocol {
  private let document: JSONDocument
  private var index: Int
  private let end: Int

  /// - Precondition: `object` is an object.
  init(of object: JSONValue) {
    precondition(object.kind == .object, "not a JSON object")
    document = object.document
    index = object.index + 1
    end = object.nextIndex - 1
  }

  mutating func next() -> (key: JSONValue, value: JSONValue)? {
    guard index < end else { return nil }
    let key = JSONValue(document: document, index: index)
    let value = JSONValue(document: document, index: index + 1)
    index = value.nextIndex
    return (key, value)
  }
}

/// The elements of a JSON array, in order.
struct JSONElements: Sequence, IteratorProtocol {
  private let document: JSONDocument
  private var index: Int
  private let end: Int

  /// - Precondition: `array` is an array.
  init(of array: JSONValue) {
    precondition(array.kind == .array, "not a JSON array")
    document = array.document
    index = array.index + 1
    end = array.nextIndex - 1
  }

  mutating func next() -> JSONValue? {
    guard index < end else { return nil }
    let element = JSONValue(document: document, index: index)
    index = element.nextIndex
    return element
  }
}
