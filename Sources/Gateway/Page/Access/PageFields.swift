import ChatProtocols
import TextKit

/// Names and values as a query or a form has them, and as the members of a JSON body.
struct PageFields: Sendable {
  private var values: [String: String] = [:]

  /// Reads `a=1&b=2`; of several values of one name the last counts.
  init(form text: String) {
    for pair in text.split(separator: "&").prefix(256) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      values[Self.decoded(parts[0])] = parts.count == 2 ? Self.decoded(parts[1]) : ""
    }
  }

  /// Reads an object's texts, numbers and Booleans; other members are skipped.
  init(json node: JSONNode) {
    for member in node.members ?? [] {
      switch member.value.content {
      case .string(let text): values[member.key] = text
      case .number(let text): values[member.key] = text
      case .boolean(let boolean): values[member.key] = boolean ? "yes" : "no"
      default: continue
      }
    }
  }

  /// Reads a body by what it says it is.
  /// - Throws: ``GatewayError/Code/unsupportedMediaType`` (415) and ``GatewayError/Code/invalidJSON`` (400).
  init(body: [UInt8], type: String?) throws(GatewayError) {
    let name = (type ?? "").lowercased().prefix { $0 != ";" }.filter { $0 != " " }
    switch name {
    case "application/json" where body.isEmpty: self.init(form: "")
    case "application/json": self.init(json: try RequestBody.root(of: body).node)
    case "application/x-www-form-urlencoded": self.init(form: String(decoding: body, as: UTF8.self))
    case "" where body.isEmpty: self.init(form: "")
    default:
      throw GatewayError(
        .unsupportedMediaType, message: "Expected application/json or a form, found another content-type. Send JSON.")
    }
  }

  /// The value of a name; `nil` where there is none, and where it is empty: a form's choice of nothing.
  subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  private static func decoded(_ text: Substring) -> String {
    String(text.map { $0 == "+" ? " " : $0 }).removingPercentEscapes
  }
}
