import TextKit

/// What was asked of a model beside the messages, as JSON: tools with their schemas, the form of the answer, sampling.
///
/// Features need the names and sizes only that stand in ``LogRecord/request``; asking again needs all of it.
package struct RequestSettings: Sendable, Hashable {
  /// One key of a request and its value.
  package struct Member: Sendable, Hashable {
    package let key: String
    /// JSON in one line.
    package let json: String
  }

  /// In the order that they are written; each key once.
  package private(set) var members: [Member] = []

  init() {}

  /// Adds what is there.
  mutating func add(_ key: String, _ value: JSONNode?) {
    guard let value, !value.isNull else { return }
    members.append(Member(key: key, json: value.jsonText))
  }

  /// The JSON of a key.
  func json(_ key: String) -> String? { members.first { $0.key == key }?.json }
}
