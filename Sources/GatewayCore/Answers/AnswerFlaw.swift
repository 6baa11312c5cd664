/// Why a cascade does not settle for an answer.
package enum AnswerFlaw: Sendable, Hashable {
  /// The model stopped at its own limit of tokens.
  case cutOff
  case contentFiltered
  /// Neither text nor a tool call.
  case empty
  /// The model declines, by its own field or by how the text begins.
  case refusal
  /// JSON was asked for, and this is none.
  case invalidJSON
  /// JSON that does not fit the schema that was asked for.
  case schemaMismatch
  /// A call of a tool that was not offered, or whose arguments are no JSON object.
  case invalidToolCall
  /// The mean log probability of the tokens is below the least one.
  case lowLogprob
  /// The judge's mark is below the least one.
  case lowMark

  /// The name in logs, metrics and ``UpstreamFailure/reason``.
  package var name: String {
    switch self {
    case .cutOff: "cut_off"
    case .contentFiltered: "content_filtered"
    case .empty: "empty"
    case .refusal: "refusal"
    case .invalidJSON: "invalid_json"
    case .schemaMismatch: "schema_mismatch"
    case .invalidToolCall: "invalid_tool_call"
    case .lowLogprob: "low_logprob"
    case .lowMark: "low_mark"
    }
  }
}
