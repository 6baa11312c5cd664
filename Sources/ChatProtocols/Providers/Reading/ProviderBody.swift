import TextKit

/// The first steps of reading what a provider sent.
enum ProviderBody {
  /// The JSON object that a text holds; also where halves of surrogates or `NaN` stand in it.
  static func object(in text: [UInt8]) throws(ProviderFault) -> JSONNode {
    let parsed = (try? JSONParser.parse(text)) ?? (try? JSONParser.parse(LooseJSON.tightened(text)))
    guard let node = parsed, node.members != nil else { throw .malformed(expected: "a JSON object") }
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
