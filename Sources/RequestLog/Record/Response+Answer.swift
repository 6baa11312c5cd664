package import Ockham
import TextKit

extension Response {
  /// An answer as response heads read it, with all that answer and request say about it: of a log, and of a gateway.
  ///
  /// - Parameter schemas: what the request demands beyond its attributes, as far as it is known.
  package init(_ answer: ModelAnswer, to request: Request, schemas: AskedSchemas = .none) {
    let calls = answer.message?.toolCalls ?? []
    self.init(
      text: answer.text, toolCalls: calls.map { ToolCall(name: $0.name, arguments: $0.arguments ?? "") },
      facts: ResponseFacts(
        finishReason: answer.message?.finishReason.map(ResponseFacts.FinishReason.init(provider:))))
    facts.setLogprobs(answer.message?.logprobs ?? [])
    facts.check(self, against: request.attributes, schemas)
  }
}

extension ModelOutcome {
  /// The features of the answer where they fit; they say more than ``response(to:)`` can.
  package func storedResponse(fitting options: FeatureOptions) -> StoredResponse? {
    guard let stored = responseFeatures.flatMap({ try? StoredResponse(bytes: $0) }), stored.fit(options) else {
      return nil
    }
    return stored
  }

  /// The answer to a record's request; `nil` where its text was not kept, and where that of the request was not: what a response
  /// takes up could then not be told.
  package func response(to record: LogRecord) -> Response? {
    guard let answer, record.features == nil else { return nil }
    return Response(answer, to: record.request, schemas: record.asked ?? .none)
  }
}

extension ResponseFacts {
  /// Finds out what text and calls say about themselves, given what the request asked for: whether the text is JSON where JSON
  /// was asked for and fits the schema, and whether the calls name declared tools and carry JSON objects that fit their
  /// parameters. Where a schema is not known, nothing is held against it.
  package mutating func check(
    _ response: Response, against request: RequestAttributes, _ schemas: AskedSchemas = .none
  ) {
    if request.responseFormat != .text, response.toolCalls.isEmpty {
      let value = try? JSONParser.parse(Array(response.text.utf8))
      jsonIsValid = request.responseFormat == .jsonObject ? value?.members != nil : value != nil
      if request.responseFormat == .jsonSchema { schemaIsValid = schemas.accept(value) }
    }
    if !response.toolCalls.isEmpty {
      toolCallsAreValid = response.toolCalls.allSatisfy { $0.isValid(among: request.toolNames, schemas) }
    }
  }
}

extension Response.ToolCall {
  /// Whether the call names one of the tools, any where none is declared, and its arguments are a JSON object that fits the
  /// tool's parameters. Some models write nothing for a tool without parameters.
  fileprivate func isValid(among tools: [String], _ schemas: AskedSchemas) -> Bool {
    if !tools.isEmpty, !tools.contains(name) { return false }
    if arguments.utf8.allSatisfy({ $0 <= 0x20 }) { return true }
    guard let value = try? JSONParser.parse(Array(arguments.utf8)), value.members != nil else { return false }
    return schemas.accept(value, of: name)
  }
}

extension ResponseFacts.FinishReason {
  /// What a provider's word stands for.
  package init(provider word: String) {
    switch word {
    case "stop", "end_turn", "stop_sequence", "STOP", "COMPLETE": self = .stop
    case "length", "max_tokens", "MAX_TOKENS", "model_length": self = .length
    case "tool_calls", "tool_use", "function_call": self = .toolCalls
    case "content_filter", "refusal", "SAFETY", "content_filtered", "guardrail_intervened": self = .contentFilter
    default: self = .other
    }
  }
}
