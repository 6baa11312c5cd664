import Judging
import RequestLog
import TextKit

/// What a model answered when it was asked: the outcome that is written, and what it cost.
struct CollectedAnswer {
  /// The outcome's object, without `inclusion`.
  let outcome: JSONNode
  /// As the provider counts tokens; `nil` where it does not.
  let costUSD: Double?
  let isCut: Bool

  /// Reads a chat completion; `nil` for anything else.
  init?(_ root: JSONNode, price: TokenPrice, milliseconds: Double) {
    guard let choice = root["choices"]?.elements?.first, let message = choice["message"], message.members != nil else {
      return nil
    }
    let reason = choice["finish_reason"]?.string
    guard let answer = Self.answer(message, reason) else { return nil }
    let usage = root["usage"]
    let (input, output) = (
      ChatEndpoint.count(usage?["prompt_tokens"]), ChatEndpoint.count(usage?["completion_tokens"])
    )
    var cost: Double?
    if let input, let output { cost = price.costUSD(inputTokens: input, outputTokens: output) }
    costUSD = cost
    isCut = GivenAnswer.ending(reason) == .cutOff
    outcome = .object([
      "answer": answer, "cost_usd": cost.map(JSONNode.number), "output_tokens": output.map(JSONNode.integer),
      "latency_ms": .number((milliseconds * 10).rounded() / 10),
      "origin": .string(OutcomeOrigin.collected.rawValue),
    ])
  }

  /// A text where that is all; otherwise a message with calls and why it ended. `nil` where there is nothing.
  private static func answer(_ message: JSONNode, _ reason: String?) -> JSONNode? {
    let calls = message["tool_calls"]?.elements ?? []
    let content = message["content"]
    let text = content.flatMap { $0.isNull ? nil : GivenAnswer.text(of: $0) } ?? message["refusal"]?.string
    guard text != nil || !calls.isEmpty || reason != nil else { return nil }
    if calls.isEmpty, reason == nil || reason == "stop" { return .string(text ?? "") }
    let functions = calls.map { call in
      let given = GivenAnswer.call(call)
      return JSONNode.object([
        "function": .object(["name": .string(given.name), "arguments": .string(given.arguments)])
      ])
    }
    return .object([
      "content": .string(text ?? ""), "tool_calls": functions.isEmpty ? nil : .array(functions),
      "finish_reason": reason.map(JSONNode.string),
    ])
  }
}
