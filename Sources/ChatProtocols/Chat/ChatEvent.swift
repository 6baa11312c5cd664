package import TextKit

/// One step of a streamed answer, in terms that every API format and provider share.
///
/// The order is `start`, then deltas, one `finish` per choice. `usage` may come at any time after the start, and again.
package enum ChatEvent: Sendable, Equatable {
  /// The stream has begun; nothing was said yet.
  case start(id: String, model: String, created: Int)
  /// More of the text of a choice.
  case content(choice: Int, String)
  /// More of the reasoning of a choice.
  case reasoning(choice: Int, String)
  /// The provider's seal on the reasoning before it, or reasoning that is sealed altogether.
  case seal(choice: Int, ReasoningSeal)
  /// More of a refusal.
  case refusal(choice: Int, String)
  /// A tool call begins (`id` and `name` set) or goes on; `call` counts from 0 within the choice.
  case toolCall(choice: Int, call: Int, id: String?, name: String?, arguments: String)
  /// The `logprobs` object of a chunk, as it came.
  case logprobs(choice: Int, JSONNode)
  /// A choice is done.
  case finish(choice: Int, FinishReason)
  /// The tokens of the whole answer so far; the last counts.
  case usage(TokenUsage)

  /// Whether the client has seen a part of the answer once this is sent: from then on no other target can take over.
  package var isContent: Bool {
    switch self {
    case .content(_, let text), .reasoning(_, let text), .refusal(_, let text): !text.isEmpty
    case .toolCall: true
    case .start, .seal, .logprobs, .finish, .usage: false
    }
  }
}
