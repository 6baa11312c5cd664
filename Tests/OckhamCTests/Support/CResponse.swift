import COckham
import Ockham

/// A response in C: copies of the texts of a response in Swift, freed with this object.
final class CResponse {
  private var texts: [UnsafeMutableBufferPointer<CChar>] = []
  private var calls: [ockham_tool_call] = []
  private var text = UnsafeMutableBufferPointer<CChar>(start: nil, count: 0)
  private var facts = ockham_response_facts()

  init(_ response: Response) {
    text = copy(response.text)
    for call in response.toolCalls {
      let (name, arguments) = (copy(call.name), copy(call.arguments))
      calls.append(
        ockham_tool_call(
          name: name.baseAddress, name_bytes: name.count, arguments: arguments.baseAddress,
          arguments_bytes: arguments.count))
    }
    facts.struct_bytes = MemoryLayout<ockham_response_facts>.size
    func code(_ fact: Bool?) -> Int32 { fact.map { $0 ? 2 : 1 } ?? 0 }
    facts.json_valid = code(response.facts.jsonIsValid)
    facts.schema_valid = code(response.facts.schemaIsValid)
    facts.tool_calls_valid = code(response.facts.toolCallsAreValid)
    facts.finish_reason = response.facts.finishReason.map { Int32($0.rawValue) + 1 } ?? 0
    for (bit, value) in [
      response.facts.meanLogprob, response.facts.minimumLogprob, response.facts.logprobSpread,
    ].enumerated() where value != nil { facts.known_logprobs |= 1 << UInt32(bit) }
    facts.mean_logprob = response.facts.meanLogprob ?? 7
    facts.minimum_logprob = response.facts.minimumLogprob ?? 7
    facts.logprob_spread = response.facts.logprobSpread ?? 7
  }

  deinit {
    for text in texts { text.deallocate() }
  }

  private func copy(_ text: String) -> UnsafeMutableBufferPointer<CChar> {
    let bytes = Array(text.utf8)
    let place = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
    _ = place.initialize(from: bytes.map { CChar(bitPattern: $0) })
    texts.append(place)
    return place
  }

  /// Calls `body` with the response.
  func withResponse<Result>(_ body: (ockham_response) throws -> Result) rethrows -> Result {
    try calls.withUnsafeBufferPointer { calls in
      try withUnsafePointer(to: facts) { facts in
        try body(
          ockham_response(
            struct_bytes: MemoryLayout<ockham_response>.size, text: text.baseAddress, text_bytes: text.count,
            tool_calls: calls.baseAddress, tool_call_count: calls.count, facts: facts))
      }
    }
  }
}
