import TextKit

/// The first steps of reading what a provider sent.
enum ProviderBody {
  /// The JSON object that a text holds, also where ``LooseJSON`` stands in it. Places in it are those of the text.
  static func object(in text: [UInt8]) throws(ProviderFault) -> JSONNode {
    try readable(text, keepsLength: true).object
  }

  /// The same, and the text as a client can read it, where it cannot as it is.
  static func readable(
    _ text: [UInt8], keepsLength: Bool = false
  ) throws(ProviderFault) -> (object: JSONNode, cleaned: [UInt8]?) {
    if let node = parsed(text) { return (try object(node), nil) }
    let cleaned = LooseJSON.cleaned(text, keepsLength: keepsLength)
    guard let node = parsed(cleaned) else { throw .malformed(expected: "a JSON object") }
    return (try object(node), cleaned)
  }

  private static func parsed(_ text: [UInt8]) -> JSONNode? {
    (try? JSONParser.parse(text)) ?? (try? JSONParser.parse(LooseJSON.tightened(text)))
  }

  private static func object(_ node: JSONNode) throws(ProviderFault) -> JSONNode {
    guard node.members != nil else { throw .malformed(expected: "a JSON object") }
    return node
  }

  /// Whether a text is OpenAI's mark of the end, which other servers send too.
  static func isDone(_ text: [UInt8]) -> Bool {
    guard text.count >= 6, text.count <= 16 else { return false }
    return text.filter { $0 > 0x20 }.elementsEqual("[DONE]".utf8)
  }
}

extension JSONNode {
  /// A count of tokens: whole, from 0 to 2⁴⁸, so that no sum overflows; 0 for anything else.
  var tokenCount: Int { min(max(0, optionalTokenCount ?? 0), 1 << 48) }

  private var optionalTokenCount: Int? { integer ?? (number.map { $0 > 0 ? Int.max : 0 }) }

  /// An index of a choice or a call, small enough to be one.
  var smallIndex: Int? { integer.flatMap { (0..<4096).contains($0) ? $0 : nil } }
}
