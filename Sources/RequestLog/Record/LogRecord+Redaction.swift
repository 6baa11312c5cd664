import TextKit
package import Ockham

extension LogRecord {
  /// The record with every text of its request and answers replaced by length and hash: `[1,234 bytes, hash 3f9a12cd]`.
  ///
  /// Labels stay: id, dataset, conversation, model, tier and tool names, finish reasons, and all numbers. Equal texts stay
  /// equal, so a redacted log still shows repeats; empty texts stay empty. Of tools and schemas only names and sizes stay.
  package func redacted() -> LogRecord {
    var copy = self
    copy.request = request.redacted()
    (copy.settings, copy.asked, copy.reference) = (nil, nil, nil)
    for index in copy.outcomes.indices {
      copy.outcomes[index].answer = copy.outcomes[index].answer?.redacted()
      copy.outcomes[index].responseFeatures = nil
    }
    return copy
  }
}

extension Request {
  /// The request with the text of every segment replaced by its length and hash.
  package func redacted() -> Request {
    var copy = self
    copy.segments = segments.map { Segment(role: $0.role, text: marker(for: $0.text)) }
    return copy
  }
}

extension ModelAnswer {
  /// The answer with its text and the arguments of its tool calls replaced by length and hash.
  package func redacted() -> ModelAnswer {
    switch self {
    case .text(let text): return .text(marker(for: text))
    case .message(var message):
      message.text = marker(for: message.text)
      for index in message.toolCalls.indices {
        message.toolCalls[index].arguments = message.toolCalls[index].arguments.map(marker)
      }
      return .message(message)
    }
  }
}

private func marker(for text: String) -> String {
  text.isEmpty ? "" : "[" + SafeText.describe(text) + "]"
}
