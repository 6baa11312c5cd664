import TextKit

/// The most tokens of an answer, where a client asks for more than the model can give: providers refuse that, and who lets a
/// router choose the model cannot know its limit.
package enum OutputLimit {
  /// A provider's body with its limit lowered, and a budget for thinking that still fits under it; all else stays byte for
  /// byte.
  package static func applied(_ limit: Int, to body: [UInt8]) -> [UInt8] {
    guard let root = try? JSONParser.parse(body) else { return body }
    var edit = BodyEdit()
    let places = [
      root["max_tokens"], root["max_completion_tokens"], root["generationConfig"]?["maxOutputTokens"],
      root["inferenceConfig"]?["maxTokens"],
    ]
    for node in places.compactMap(\.self) where (node.integer ?? 0) > limit {
      edit.replace(node.range, with: Array(String(limit).utf8))
    }
    let thinking = root["thinking"] ?? root["additionalModelRequestFields"]?["thinking"]
    if let budget = thinking?["budget_tokens"], (budget.integer ?? 0) >= limit {
      edit.replace(budget.range, with: Array(String(max(1024, limit / 2)).utf8))
    }
    return edit.applied(to: body)
  }
}
