import TextKit

/// What a target makes of the parameters of requests, as its configuration says.
///
/// Names are those of chat completions, whatever the provider calls them (`max_tokens` is Gemini's `maxOutputTokens` too), or
/// paths in the provider's body, with dots.
package struct ParameterRules: Sendable, Hashable {
  /// Left out.
  package var drop: [String] = []

  /// Sent by another name, unless that is there.
  package var rename: [String: String] = [:]

  /// Numbers that are held within a range.
  package var clamp: [String: ClosedRange<Double>] = [:]

  /// Not taken: a request that has one goes to another target.
  package var forbid: [String] = []

  package init() {}

  /// Whether a body may be changed.
  private var changesBodies: Bool { !(drop.isEmpty && rename.isEmpty && clamp.isEmpty) }

  /// A provider's body as the rules have it; byte for byte where they have nothing to say.
  /// - Complexity: O(1) without rules, else O(bytes).
  package func applied(to body: [UInt8]) -> [UInt8] {
    guard changesBodies, let root = try? JSONParser.parse(body), root.members != nil else { return body }
    var result = root
    var isChanged = false
    for path in drop.flatMap(ParameterPlaces.paths) where result.value(at: path) != nil {
      result = result.removing(path[...])
      isChanged = true
    }
    for (name, range) in clamp {
      for path in ParameterPlaces.paths(of: name) {
        guard let number = result.value(at: path)?.number, !range.contains(number) else { continue }
        let bound = min(max(number, range.lowerBound), range.upperBound)
        result = result.replacing(path[...], with: Int(exactly: bound).map(JSONNode.integer) ?? .number(bound))
        isChanged = true
      }
    }
    for (name, other) in rename.sorted(by: { $0.key < $1.key }) {
      guard let value = result.value(at: name.split(separator: ".")) else { continue }
      result = result.removing(name.split(separator: ".")[...])
      let target = other.split(separator: ".")
      if result.value(at: target) == nil { result = result.replacing(target[...], with: value) }
      isChanged = true
    }
    return isChanged ? result.jsonBytes : body
  }

  /// The first forbidden parameter that a request has.
  package func forbidden(in request: ChatRequest) -> String? {
    forbid.first { name in
      ParameterPlaces.paths(of: name).contains { path in
        let value = request.chat.value(at: path) ?? request.root.value(at: path)
        return value.map { !ParameterChange.saysNothing(name, $0) } ?? false
      }
    }
  }
}
