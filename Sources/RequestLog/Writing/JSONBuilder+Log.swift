package import TextKit

extension GoldRating {
  /// The rating as a log's JSON.
  package var json: String { JSONBuilder.text { $0.append(self) } }
}

extension ModelAnswer {
  /// The answer as a log's JSON.
  package var json: String { JSONBuilder.text { $0.append(self) } }
}

/// The parts of a record that stand in JSON lines and in columns of a database alike.
extension JSONBuilder {
  /// The text that `body` writes.
  package static func text(_ body: (inout JSONBuilder) -> Void) -> String {
    var builder = JSONBuilder()
    body(&builder)
    return String(decoding: builder.bytes, as: UTF8.self)
  }

  package mutating func append(names: [String]) {
    beginArray()
    for name in names {
      beginElement()
      append(string: name)
    }
    endArray()
  }

  package mutating func append(_ steps: [CascadeStep]) {
    beginArray()
    for step in steps {
      beginElement()
      beginObject()
      append(key: "tier")
      append(string: step.tier)
      append(key: "propensity")
      append(number: step.propensity)
      append(key: "accepted")
      append(boolean: step.isAccepted)
      endObject()
    }
    endArray()
  }

  mutating func append(_ rating: GoldRating) {
    beginObject()
    append(key: "quality")
    append(number: rating.quality)
    if let inclusion = rating.inclusion {
      append(key: "inclusion")
      append(number: inclusion)
    }
    if !rating.raters.isEmpty {
      append(key: "raters")
      append(names: rating.raters)
    }
    endObject()
  }

  /// A text as a string, a message as an object in OpenAI's form.
  mutating func append(_ answer: ModelAnswer) {
    switch answer {
    case .text(let text): append(string: text)
    case .message(let message): append(message)
    }
  }

  private mutating func append(_ message: AnswerMessage) {
    beginObject()
    append(key: "content")
    append(string: message.text)
    if !message.toolCalls.isEmpty {
      append(key: "tool_calls")
      append(message.toolCalls)
    }
    if let reason = message.finishReason {
      append(key: "finish_reason")
      append(string: reason)
    }
    if let logprobs = message.logprobs {
      append(key: "logprobs")
      append(logprobs)
    }
    endObject()
  }

  private mutating func append(_ calls: [AnswerMessage.ToolCall]) {
    beginArray()
    for call in calls {
      beginElement()
      beginObject()
      append(key: "function")
      beginObject()
      append(key: "name")
      append(string: call.name)
      if let arguments = call.arguments {
        append(key: "arguments")
        append(string: arguments)
      }
      endObject()
      endObject()
    }
    endArray()
  }

  private mutating func append(_ numbers: [Double]) {
    beginArray()
    for number in numbers {
      beginElement()
      append(number: number)
    }
    endArray()
  }
}
