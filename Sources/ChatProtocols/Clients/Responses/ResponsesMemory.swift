package import TextKit

/// What a response has to do with a store of responses, where there is one.
package struct ResponsesMemory: Sendable {
  /// What the response is called in the place of a name of the provider's, which need not be unique.
  package var id: String

  /// Takes the response once it is whole, before its last byte is sent; `nil` for one that is not to be kept. Answers that
  /// failed, and streams whose clients left, are never whole.
  package var keep: (@Sendable (JSONNode) -> Void)?

  /// - Parameter id: without `resp_`.
  package init(id: String, keep: (@Sendable (JSONNode) -> Void)? = nil) {
    self.id = id
    self.keep = keep
  }
}

extension ResponsesMemory {
  /// A request that goes on from a response, with all that was said before in its input.
  ///
  /// - Parameters:
  ///   - body: the client's request, whose root is `root`.
  ///   - earlier: the items of the conversation so far, with commas between.
  /// - Returns: the body, and the items that the request adds; `nil` where its input is none: reading it shows why.
  package static func continued(
    _ body: [UInt8], _ root: JSONNode, after earlier: [UInt8]
  ) -> (body: [UInt8], items: [UInt8])? {
    guard let input = root["input"], let items = items(of: input, in: body) else { return nil }
    let separator = earlier.isEmpty || items.isEmpty ? [] : [UInt8(ascii: ",")]
    var edit = BodyEdit()
    edit.replace(input.range, with: [UInt8(ascii: "[")] + earlier + separator + items + [UInt8(ascii: "]")])
    return (edit.applied(to: body), items)
  }

  /// The items of an input, as they stand: a text is a message of the user.
  private static func items(of input: JSONNode, in body: [UInt8]) -> [UInt8]? {
    if input.string != nil {
      let message: JSONNode = .object([
        "type": .string("message"), "role": .string("user"), "content": input,
      ])
      return message.jsonBytes
    }
    guard let elements = input.elements else { return nil }
    guard let first = elements.first, let last = elements.last else { return [] }
    return Array(body[first.range.lowerBound..<last.range.upperBound])
  }
}
