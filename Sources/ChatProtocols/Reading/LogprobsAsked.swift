import TextKit

/// Log-probabilities that the gateway asks for on its own account: to weigh an answer, not to show them.
package enum LogprobsAsked {
  static let field = "logprobs"

  /// A body of chat completions that asks for them too.
  static func added(to body: [UInt8]) -> [UInt8] {
    guard let root = try? JSONParser.parse(body), let members = root.members else { return body }
    var edit = BodyEdit()
    if let old = root[field] {
      edit.replace(old.range, with: Array("true".utf8))
    } else {
      let end = root.range.upperBound - 1
      edit.replace(end..<end, with: Array(((members.isEmpty ? "" : ",") + "\"\(field)\":true").utf8))
    }
    return edit.applied(to: body)
  }

  /// A chat completion without them; all else stays byte for byte.
  package static func removed(from body: [UInt8]) -> [UInt8] {
    guard let root = try? JSONParser.parse(body) else { return body }
    var edit = BodyEdit()
    for choice in root["choices"]?.elements ?? [] {
      if let logprobs = choice[field], !logprobs.isNull { edit.replace(logprobs.range, with: Array("null".utf8)) }
    }
    return edit.applied(to: body)
  }
}

extension ChatRequest {
  /// Whether the gateway asks for log-probabilities where its client does not.
  package var wantsOwnLogprobs: Bool { wantsLogprobs && chat["logprobs"]?.boolean != true }
}
