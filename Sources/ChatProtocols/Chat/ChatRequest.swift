package import Ockham
package import TextKit

/// A chat request as the gateway holds it: the client's bytes, and the same request in the form of OpenAI's chat
/// completions, which every API format is read into and every provider is written from.
///
/// Nothing that a model reads is changed: a provider that speaks the client's API format gets the client's bytes with the
/// model's name replaced, and fields that the gateway does not know pass through.
package struct ChatRequest: Sendable {
  /// How the client speaks.
  package let apiFormat: APIFormat

  /// The body that the client sent.
  package let body: [UInt8]

  /// The client's body, parsed; ranges point into ``body``.
  package let root: JSONNode

  /// The body as a chat completion request: ``body`` itself where the API format is ``APIFormat/chatCompletions``.
  package let chatBody: [UInt8]

  /// ``chatBody``, parsed; ranges point into ``chatBody``. Has `model` and `messages`.
  package let chat: JSONNode

  /// The `model` that the client asked for: a tier, a policy, a target, or `auto`.
  package let model: String

  /// Whether the answer is to be streamed.
  package let isStream: Bool

  /// Whether the client asked for a chunk of usage at the end of the stream (`stream_options.include_usage`). The
  /// gateway always asks upstream, and keeps the chunk to itself where the client did not.
  package let wantsUsageChunk: Bool

  /// The whole request: ``chatBody`` as the reader of logs sees it.
  package let request: Request

  /// What the router scores and the log keeps: ``request`` without what the program around the model put there.
  package let scored: Request

  /// What of the client's body ``chatBody`` does not say: only providers that speak the client's API format can answer.
  /// `nil` where it says everything.
  package internal(set) var untranslatable: GatewayError?

  /// What runs at one provider's own servers: not in ``chat`` of a request of another API format.
  package internal(set) var hostedTools = HostedTools()

  /// Whether targets without these tools may be asked.
  package internal(set) var dropsHostedTools = false

  /// Whether the gateway wants log-probabilities that the client did not ask for, of providers that have them.
  package var wantsLogprobs = false

  /// The betas that a client of Messages asks for, as its `anthropic-beta` has them.
  package var betas: String?

  package init(
    apiFormat: APIFormat, body: [UInt8], root: JSONNode, chatBody: [UInt8], chat: JSONNode, model: String,
    isStream: Bool,
    wantsUsageChunk: Bool, request: Request, scored: Request? = nil, untranslatable: GatewayError? = nil
  ) {
    self.apiFormat = apiFormat
    self.body = body
    self.root = root
    self.chatBody = chatBody
    self.chat = chat
    self.model = model
    self.isStream = isStream
    self.wantsUsageChunk = wantsUsageChunk
    self.request = request
    self.scored = scored ?? request.withoutHarnessText()
    self.untranslatable = untranslatable
  }
}
