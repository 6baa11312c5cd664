import ChatProtocols
import GatewayCore
import Ockham
import RequestLog
import TextKit

/// An answer that was looked at before a client got it, or another one: what response heads read of it, and what a log keeps so
/// that the next ones can be trained.
package struct SeenAnswer: Sendable, Hashable {
  /// One of the answers that a client asked for.
  package struct Choice: Sendable, Hashable {
    /// What heads read.
    let response: Response
    /// What a log keeps.
    let answer: ModelAnswer
  }

  /// The name of the outcome that it is: its tier, or its target where that stands outside the tiers.
  let name: String
  /// Empty for a target outside the tiers.
  let tier: String
  let responses: [Choice]

  /// - Parameters:
  ///   - target: who gave it, by name.
  ///   - tier: its tier; empty for none.
  init(_ answer: ChatResponse, ofTarget target: String, tier: String, to request: ChatRequest) {
    name = tier.isEmpty ? target : tier
    self.tier = tier
    let schemas = AskedSchemas(responseFormat: request.chat["response_format"], tools: request.chat["tools"])
    responses = answer.choices.map { choice in
      let answer = ModelAnswer(choice)
      return Choice(response: Response(answer, to: request.scored, schemas: schemas), answer: answer)
    }
  }

  /// Bytes of texts.
  var textBytes: Int {
    responses.reduce(0) { bytes, choice in
      bytes + choice.response.toolCalls.reduce(choice.response.text.utf8.count) { $0 + $1.arguments.utf8.count }
    }
  }
}

extension ModelAnswer {
  /// A choice as a log has it.
  fileprivate init(_ choice: ChatChoice) {
    let tokens = choice.logprobs?["content"]?.elements?.compactMap { $0["logprob"]?.number } ?? []
    self = .message(
      AnswerMessage(
        text: choice.content ?? choice.refusal ?? "",
        toolCalls: choice.toolCalls.map { AnswerMessage.ToolCall(name: $0.name, arguments: $0.arguments) },
        finishReason: choice.finishReason.name, logprobs: tokens.isEmpty ? nil : tokens.map { min(0, max(-100, $0)) }))
  }
}
