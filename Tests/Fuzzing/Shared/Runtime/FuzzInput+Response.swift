import Ockham

extension FuzzInput {
  /// A response: facts first, then tool calls, then text to the end of the input.
  mutating func response() -> Response {
    let facts = facts()
    let calls = (0..<index(below: 4)).map { _ in Response.ToolCall(name: text(), arguments: text()) }
    return Response(text: String(decoding: bytes(rest.count), as: UTF8.self), toolCalls: calls, facts: facts)
  }

  /// Facts with any numbers, each known or not.
  private mutating func facts() -> ResponseFacts {
    let flags = byte()
    func flag(_ bit: UInt8) -> Bool? { flags & bit == 0 ? nil : flags & 0x80 == 0 }
    var facts = ResponseFacts(jsonIsValid: flag(1), schemaIsValid: flag(2), toolCallsAreValid: flag(4))
    facts.finishReason = ResponseFacts.FinishReason(rawValue: byte() & 7)
    if flags & 8 != 0 { facts.meanLogprob = Float(bitPattern: UInt32(truncatingIfNeeded: word())) }
    if flags & 16 != 0 { facts.minimumLogprob = Float(bitPattern: UInt32(truncatingIfNeeded: word())) }
    if flags & 32 != 0 { facts.logprobSpread = Float(bitPattern: UInt32(truncatingIfNeeded: word())) }
    if flags & 64 != 0 { facts.setLogprobs((0..<index(below: 5)).map { _ in Double(bitPattern: word()) }) }
    return facts
  }
}
