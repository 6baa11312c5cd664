internal import COckham
internal import Ockham

extension BorrowedResponse {
  /// Refers to the texts of a response in C; nothing is copied.
  mutating func refer(to pointer: UnsafePointer<ockham_response>?) throws(Refusal) {
    guard let pointer = unsafe pointer else { throw .nullArgument("response") }
    try unsafe checkSize("response", pointer.pointee.struct_bytes, of: ockham_response.self)
    let response = unsafe pointer.pointee
    unsafe reset(text: try borrowedText(response.text, response.text_bytes))
    let count = unsafe response.tool_call_count
    guard (0...1 << 16).contains(count) else { throw .request }
    if count > 0 {
      guard let calls = unsafe response.tool_calls else { throw .nullArgument("tool_calls") }
      for index in 0..<count {
        let call = unsafe calls[index]
        unsafe append(
          callName: try borrowedText(call.name, call.name_bytes),
          arguments: try borrowedText(call.arguments, call.arguments_bytes))
      }
    }
    if let known = unsafe response.facts { facts = try unsafe ResponseFacts(known) }
  }
}

extension ResponseFacts {
  fileprivate init(_ pointer: UnsafePointer<ockham_response_facts>) throws(Refusal) {
    try unsafe checkSize("facts", pointer.pointee.struct_bytes, of: ockham_response_facts.self)
    let facts = unsafe pointer.pointee
    self.init(
      jsonIsValid: try Self.known(facts.json_valid), schemaIsValid: try Self.known(facts.schema_valid),
      toolCallsAreValid: try Self.known(facts.tool_calls_valid), finishReason: try Self.reason(facts.finish_reason))
    let known = Int32(bitPattern: facts.known_logprobs)
    if known & Int32(OCKHAM_LOGPROB_MEAN) != 0 { meanLogprob = facts.mean_logprob }
    if known & Int32(OCKHAM_LOGPROB_MINIMUM) != 0 { minimumLogprob = facts.minimum_logprob }
    if known & Int32(OCKHAM_LOGPROB_SPREAD) != 0 { logprobSpread = facts.logprob_spread }
  }

  private static func known(_ code: Int32) throws(Refusal) -> Bool? {
    switch Int(code) {
    case Int(OCKHAM_FACT_UNKNOWN): return nil
    case Int(OCKHAM_FACT_FALSE): return false
    case Int(OCKHAM_FACT_TRUE): return true
    default: throw .request
    }
  }

  /// Codes are those of the enumeration and one for unknown.
  private static func reason(_ code: Int32) throws(Refusal) -> FinishReason? {
    if code == Int32(OCKHAM_FINISH_UNKNOWN) { return nil }
    guard let reason = UInt8(exactly: code).flatMap({ FinishReason(rawValue: $0 - 1) }) else { throw .request }
    return reason
  }
}
