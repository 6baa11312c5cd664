import TextKit

extension ChatRequest {
  /// The request without the body's `ockham` object, which is for the gateway and not for a provider: many refuse fields
  /// that they do not know. All other bytes stay as they are.
  ///
  /// - Returns: the request itself where there is no such field.
  /// - Complexity: O(1) without the field, else O(bytes).
  package func withoutRoutingField() -> ChatRequest {
    guard root[Self.routingField] != nil || chat[Self.routingField] != nil else { return self }
    let (body, root) = Self.removing(Self.routingField, from: self.body, self.root)
    let (chatBody, chat) =
      apiFormat == .chatCompletions ? (body, root) : Self.removing(Self.routingField, from: self.chatBody, self.chat)
    var request = ChatRequest(
      apiFormat: apiFormat, body: body, root: root, chatBody: chatBody, chat: chat, model: model, isStream: isStream,
      wantsUsageChunk: wantsUsageChunk, request: self.request, scored: scored, untranslatable: untranslatable)
    request.betas = betas
    request.hostedTools = hostedTools
    request.dropsHostedTools = dropsHostedTools
    return request
  }

  /// The body's field that holds ``RoutingOptions``.
  package static let routingField = "ockham"

  /// A key that stands more often than this is left in: the provider may refuse it.
  private static let maximumRemovals = 4

  /// The text of an object without a member.
  private static func removing(_ key: String, from bytes: [UInt8], _ object: JSONNode) -> ([UInt8], JSONNode) {
    var (bytes, object) = (bytes, object)
    for _ in 0..<maximumRemovals {
      guard let member = object.members?.first(where: { $0.key == key }) else { break }
      var shorter = bytes
      shorter.removeSubrange(place(of: member, in: bytes))
      guard let parsed = try? JSONParser.parse(shorter) else { break }
      (bytes, object) = (shorter, parsed)
    }
    return (bytes, object)
  }

  /// A member from its key to its value, with the comma that follows it, or else the one before it.
  private static func place(of member: JSONMember, in bytes: [UInt8]) -> Range<Int> {
    let quote = UInt8(ascii: "\"")
    var start = member.value.range.lowerBound - 1
    // Back over the colon to the key's closing quote and on to its opening one: the key holds no quote.
    while start > 0, bytes[start] != quote { start -= 1 }
    start -= 1
    while start > 0, bytes[start] != quote { start -= 1 }
    var end = member.value.range.upperBound
    while end < bytes.count, isSpace(bytes[end]) { end += 1 }
    if end < bytes.count, bytes[end] == UInt8(ascii: ",") { return start..<end + 1 }
    var before = start - 1
    while before > 0, isSpace(bytes[before]) { before -= 1 }
    return (before > 0 && bytes[before] == UInt8(ascii: ",") ? before : start)..<end
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}
