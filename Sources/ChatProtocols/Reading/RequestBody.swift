import TextKit

/// The first checks of every request: UTF-8, JSON, an object, each key once, a model.
package enum RequestBody {
  /// The root of a body.
  package static func root(of body: [UInt8]) throws(GatewayError) -> Field {
    let root: JSONNode
    let most = JSONParser.maximumValues(ofRequestBytes: body.count)
    do { root = try JSONParser.parse(body, maximumValues: most) } catch { throw fault(error, in: body) }
    guard let members = root.members else {
      throw .violation(.invalidType, param: nil, expected: "a JSON object", found: root.kindName)
    }
    try checkKeys(of: members)
    return Field(root)
  }

  /// The body with U+FFFD for every half of a surrogate pair; `nil` where it has none.
  package static func withoutHalves(_ body: [UInt8]) -> [UInt8]? {
    let mended = LooseJSON.tightened(body, numbers: false)
    return mended == body ? nil : mended
  }

  /// The name of the model that a request asks for.
  package static func model(of root: Field) throws(GatewayError) -> String {
    try root.required("model", "the name of a model").name("the name of a model")
  }

  private static func fault(_ error: JSONSyntaxError, in body: [UInt8]) -> GatewayError {
    guard !body.isEmpty else {
      return .violation(.invalidJSON, param: nil, expected: "a JSON object", found: "an empty body")
    }
    guard String(validating: body, as: UTF8.self) != nil else {
      return .violation(.invalidUTF8, param: nil, expected: "a body in UTF-8", found: "bytes that are not")
    }
    let found = error.offset >= body.count ? "the end of the body" : "something else at byte \(error.offset)"
    return .violation(.invalidJSON, param: nil, expected: error.expected, found: found)
  }

  private static func checkKeys(of members: [JSONMember]) throws(GatewayError) {
    var keys = Set<String>(minimumCapacity: members.count)
    for member in members where !keys.insert(member.key).inserted {
      let label = SafeText.label(member.key, maximumBytes: 40)
      throw .violation(
        .duplicateKey, param: label.hasPrefix("\"") ? member.key : nil, expected: "each key once",
        found: "the key \(label) twice")
    }
  }
}
