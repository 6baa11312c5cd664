import TextKit

/// A parameter of a client's request that a provider gets otherwise, or not at all: what a strict target refuses, and what
/// the debugging headers show.
package struct ParameterChange: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    case dropped, renamed, changed
  }

  /// The name in chat completions.
  package var name: String
  package var kind: Kind

  /// What became of a request's parameters on their path into a provider's body, in the order of their names. The limit of
  /// the answer counts as changed where it is another number, stops where some are missing; texts are not compared.
  /// - Complexity: O(bytes).
  package static func all(from request: ChatRequest, to body: [UInt8], by rules: ParameterRules) -> [ParameterChange] {
    guard let written = try? JSONParser.parse(body) else { return [] }
    let own = rules.drop + Array(rules.rename.keys) + Array(rules.clamp.keys)
    return Set(ParameterPlaces.known + own).sorted().compactMap { name in
      guard let value = said(name, in: request), !saysNothing(name, value) else { return nil }
      if let other = rules.rename[name], written.value(at: name.split(separator: ".")) == nil,
        written.value(at: other.split(separator: ".")) != nil
      {
        return ParameterChange(name: name, kind: .renamed)
      }
      let now = ParameterPlaces.traces(of: name).lazy.compactMap { written.value(at: $0) }.first
      guard let now else { return ParameterChange(name: name, kind: .dropped) }
      let isOther =
        if let old = value.number, let new = now.number { old != new } else if name == "stop" {
          (now.elements?.count ?? 1) < (value.elements?.count ?? 1)
        } else {
          name == "thinking" && request.apiFormat == .messages && value["type"]?.string != now["type"]?.string
            && written["thinking"] != nil
        }
      return isOther ? ParameterChange(name: name, kind: .changed) : nil
    }
  }

  /// What a client said by a name: as it was read into chat completions, or in its own words.
  private static func said(_ name: String, in request: ChatRequest) -> JSONNode? {
    let path = name.split(separator: ".")
    return request.chat.value(at: path) ?? (name == "thinking" ? request.root.value(at: path) : nil)
  }

  /// Whether a value is what holds without it.
  static func saysNothing(_ name: String, _ value: JSONNode) -> Bool {
    switch name {
    case "n": value.integer == 1
    case "max_tokens", "max_completion_tokens": value.integer == ChatReading.noLimit
    case "parallel_tool_calls": value.boolean == true
    case "tool_choice": value.string == "auto" || value["allowed_tools"]?["mode"]?.string == "auto"
    case "stop": value.string == "" || value.elements?.allSatisfy { $0.string == "" } == true
    case "response_format": value["type"]?.string == "text"
    case "thinking": value["type"]?.string == "disabled"
    default: value.boolean == false || value.elements?.isEmpty == true || value.members?.isEmpty == true
    }
  }
}
