import Ockham

/// Requests of all shapes: roles, scripts, tools, schemas, lengths around the window's edges.
enum MadeUpRequests {
  static let all: [Request] = {
    var requests = [
      Request(segments: []), Request(prompt: ""), Request(prompt: " "),
      Request(prompt: "Which is not prime?\nA. 2\nB. 4"),
      Request(prompt: "Prove that √2 is irrational."), Request(prompt: "Übersetze: naïve 日本語, Ещё, 한국어 🙂"),
    ]
    let attributes = RequestAttributes(
      toolNames: ["search", "get_current_weather_of_a_city"], toolSchemaBytes: 300, responseFormat: .jsonSchema,
      responseSchemaBytes: 90, imageCount: 2, maximumOutputTokens: 77)
    for byteCount in [10, 1_000, 16_384, 40_000] { requests.append(conversation(byteCount, attributes)) }
    requests.append(Request(segments: requests[9].segments))
    return requests
  }()

  private static func conversation(_ byteCount: Int, _ attributes: RequestAttributes) -> Request {
    var text = ""
    while text.utf8.count < byteCount { text += "Is f(x) = 3.5 + \(text.utf8.count) naïve? Explain\n- briefly. " }
    return Request(
      segments: [
        Segment(role: .system, text: "Answer in JSON and never translate."), Segment(role: .user, text: "short"),
        Segment(role: .assistant, text: "an answer"), Segment(role: .tool, text: "{\"degrees\":7}"),
        Segment(role: .user, text: text),
      ], attributes: attributes)
  }
}
