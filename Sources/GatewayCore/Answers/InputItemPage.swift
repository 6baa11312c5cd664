package import ChatProtocols
package import TextKit

/// A page of the items that a response answered: what was said before it, and its own input. Source: OpenAI API reference,
/// "List input items".
package struct InputItemPage: Sendable, Equatable {
  /// From 1 to 100.
  package private(set) var limit = 20
  /// Whether the last item comes first.
  package private(set) var isDescending = true
  /// The id of the item behind which the page begins; `nil` for the first page.
  package private(set) var after: String?

  /// Reads `limit`, `order` and `after` of a query; what else stands there asks for more of an item, and all is given.
  package init(query: String?) throws(GatewayError) {
    for part in (query ?? "").split(separator: "&") {
      let value = part.drop { $0 != "=" }.dropFirst()
      switch part.prefix(while: { $0 != "=" }) {
      case "limit":
        guard let number = Int(value), (1...100).contains(number) else {
          throw Self.wrong("limit", "an integer from 1 to 100")
        }
        limit = number
      case "order":
        guard value == "asc" || value == "desc" else { throw Self.wrong("order", "asc or desc") }
        isDescending = value == "desc"
      case "after" where !value.isEmpty: after = String(value)
      default: continue
      }
    }
  }

  /// The page of a response that is kept.
  /// - Complexity: O(bytes of the conversation).
  package func list(of entry: ResponseStore.Entry) throws(GatewayError) -> JSONNode {
    let all = entry.input
    var items = (isDescending ? all.reversed() : all)[...]
    if let after {
      guard let place = items.firstIndex(where: { $0["id"]?.string == after }) else {
        throw Self.wrong("after", "the id of one of the items of this response")
      }
      items = items[(place + 1)...]
    }
    let page = items.prefix(limit)
    return .object([
      "object": .string("list"), "data": .array(Array(page)), "first_id": page.first?["id"] ?? .null,
      "last_id": page.last?["id"] ?? .null, "has_more": .boolean(items.count > limit),
    ])
  }

  private static func wrong(_ name: String, _ expected: String) -> GatewayError {
    GatewayError(.invalidValue, message: "\(name): expected \(expected), found something else", param: name)
  }
}

extension ResponseStore.Entry {
  /// The items of the conversation before the response's own output, each with an id.
  fileprivate var input: [JSONNode] {
    let response = try? JSONParser.parse(body)
    let outputs = response?["output"]?.elements?.count ?? 0
    let name = response?["id"]?.string ?? "resp"
    let text = [UInt8(ascii: "[")] + turn.allItems + [UInt8(ascii: "]")]
    let items = (try? JSONParser.parse(text))?.elements ?? []
    return items.dropLast(outputs).enumerated().map { Self.listed($1, "\(name)_\($0)") }
  }

  /// An item as lists have it: with its type and an id, a message with parts. An id that is made up is of the response and
  /// the place, so that it is the same on every page.
  private static func listed(_ item: JSONNode, _ name: String) -> JSONNode {
    let type = item["type"]?.string ?? "message"
    let prefixes = ["message": "msg", "reasoning": "rs", "function_call": "fc", "custom_tool_call": "ctc"]
    let isNamed = item["id"]?.string?.isEmpty == false
    let id = isNamed ? item["id"] : .string("\(prefixes[type] ?? "item")_\(name)")
    var members = (item.members ?? []).filter { $0.key != "id" && $0.key != "type" }
    if type == "message", let place = members.firstIndex(where: { $0.key == "content" && $0.value.string != nil }) {
      let isAnswer = item["role"]?.string == "assistant"
      let part: JSONNode = .object([
        "type": .string(isAnswer ? "output_text" : "input_text"), "text": members[place].value,
        "annotations": isAnswer ? .array([]) : nil,
      ])
      members[place] = JSONMember(key: "content", value: .array([part]))
    }
    if type == "message", item["status"] == nil {
      members.append(JSONMember(key: "status", value: .string("completed")))
    }
    let first = [JSONMember(key: "id", value: id ?? .null), JSONMember(key: "type", value: .string(type))]
    return .object(first + members)
  }
}
