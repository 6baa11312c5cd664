/// Why an answer is not settled for.
package enum ValidationFailure: Sendable, Hashable {
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
}
