import TextKit

/// Reads the keys of an object of a registry: each once, none that is not known, none that is missing.
struct RegistryFields {
  private let path: String
  private let line: Int?
  private let members: [JSONMember]

  init(_ bytes: [UInt8], path: String, line: Int? = nil, keys: Set<String>) throws(RegistryError) {
    let node: JSONNode
    do { node = try JSONParser.parse(bytes) } catch {
      throw .damaged(path: path, line: line, expected: "a JSON object", found: "bytes that are no JSON")
    }
    guard let members = node.members else {
      throw .damaged(path: path, line: line, expected: "a JSON object", found: node.kindName)
    }
    let found = members.map(\.key)
    guard found.count == keys.count, Set(found) == keys else {
      let odd = found.first { !keys.contains($0) } ?? keys.subtracting(found).sorted().first
      throw .damaged(
        path: path, line: line, expected: "exactly the keys \(keys.sorted().joined(separator: ", "))",
        found: "others: see \(SafeText.name(odd ?? found.first ?? ""))")
    }
    (self.path, self.line, self.members) = (path, line, members)
  }

  func node(_ key: String) -> JSONNode { members.first { $0.key == key }?.value ?? .null }

  func text(_ key: String) throws(RegistryError) -> String {
    guard let text = node(key).string else { throw wrong(key, "a string") }
    return text
  }

  func digest(_ key: String) throws(RegistryError) -> String {
    let text = try text(key)
    guard ContentDigest.isDigest(text) else { throw wrong(key, "64 lower-case hexadecimal digits") }
    return text
  }

  func optionalDigest(_ key: String) throws(RegistryError) -> String? {
    node(key).isNull ? nil : try digest(key)
  }

  func integer(_ key: String) throws(RegistryError) -> Int {
    guard let number = node(key).integer, number >= 1 else { throw wrong(key, "an integer from 1 up") }
    return number
  }

  func number(_ key: String, in range: ClosedRange<Double>) throws(RegistryError) -> Double {
    guard let number = node(key).number, range.contains(number) else {
      throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A text that has to be this one.
  func require(_ key: String, _ value: String) throws(RegistryError) {
    guard try text(key) == value else { throw wrong(key, "\"\(value)\"") }
  }

  func wrong(_ key: String, _ expected: String) -> RegistryError {
    .damaged(
      path: path, line: line, expected: "\(expected) under \"\(key)\"", found: "\(node(key).kindName) that is none")
  }
}
