@testable import Ockham

/// A response as the golden files spell it: a text, or the seed that it is drawn from.
struct GoldenResponse: Decodable {
  var text: String?
  var rule: GoldenRequest.Rule?
  var calls: [Call]
  var facts: Facts

  struct Call: Decodable {
    var name: String
    var arguments: String
  }

  struct Facts: Decodable {
    var json: Bool?
    var schema: Bool?
    var toolCalls: Bool?
    var finish: String?
    var meanLogprob: Float?
    var minimumLogprob: Float?
    var logprobSpread: Float?

    var value: ResponseFacts {
      let reasons: [String: ResponseFacts.FinishReason] = [
        "stop": .stop, "length": .length, "toolCalls": .toolCalls, "contentFilter": .contentFilter, "other": .other,
      ]
      return ResponseFacts(
        jsonIsValid: json, schemaIsValid: schema, toolCallsAreValid: toolCalls,
        finishReason: finish.flatMap { reasons[$0] },
        meanLogprob: meanLogprob, minimumLogprob: minimumLogprob, logprobSpread: logprobSpread)
    }
  }

  func response(_ pieces: [String]) -> Response {
    Response(
      text: text ?? rule!.text(pieces),
      toolCalls: calls.map { Response.ToolCall(name: $0.name, arguments: $0.arguments) }, facts: facts.value)
  }
}
