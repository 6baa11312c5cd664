import TextKit

/// The first steps of reading what a provider sent.
enum ProviderBody {
  /// The JSON object that a text holds.
  static func object(in text: [UInt8]) throws(ProviderFault) -> JSONNode {
    guard let node = try? JSONParser.parse(text), node.members != nil else {
      throw .malformed(expected: "a JSON object")
    }
    return node
  }
}

extension JSONNode {
  /// A count of tokens: whole, from 0 to 2⁴⁸, so that no sum overflows; 0 for anything else.
  var tokenCount: Int { min(max(0, optionalTokenCount ?? 0), 1 << 48) }

  private var optionalTokenCount: Int? { integer ?? (number.map { $0 > 0 ? Int.max : 0 }) }

  /// An index of a choice or a call, small enough to be one.
  var smallIndex: Int? { integer.flatMap { (0..<4096).contains($0) ? $0 : nil } }
}
