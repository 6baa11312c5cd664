import TextKit

/// Writes server-sent events.
enum EventText {
  /// An event with JSON as its data, and a name where its API format has them. JSON without line feeds is one data line.
  static func event(_ data: JSONNode, named name: String? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    if let name { bytes.append(contentsOf: "event: \(name)\n".utf8) }
    bytes.append(contentsOf: "data: ".utf8)
    bytes.append(contentsOf: data.jsonBytes)
    bytes.append(contentsOf: "\n\n".utf8)
    return bytes
  }

  /// OpenAI's mark of a whole answer.
  static let done = Array("data: [DONE]\n\n".utf8)
}
