package import TextKit

/// One decision: what was done, by whom, on which evidence, and what serves from then on.
package struct JournalEntry: Sendable, Hashable {
  package enum Action: String, Sendable, CaseIterable {
    /// A version is in the registry from now on, and serves no one.
    case add
    /// A version serves a share of the conversations.
    case canary
    /// A version serves alone, without a canary before.
    case promote
    /// The candidate serves no one any more.
    case abort
    /// The version that served before serves again.
    case rollback
    /// The candidate serves alone.
    case complete
  }

  /// Who decided.
  package struct Author: Sendable, Hashable {
    package var isAutomatic: Bool
    package var name: String?

    /// - Parameter name: an empty one is none, as a journal has it.
    package init(isAutomatic: Bool, name: String? = nil) {
      (self.isAutomatic, self.name) = (isAutomatic, name?.isEmpty == true ? nil : name)
    }

    /// As a journal has it: `person` or `auto`, and a name where one was given.
    package var text: String { (isAutomatic ? "auto" : "person") + (name.map { " \($0)" } ?? "") }

    init?(_ text: String) {
      let parts = text.split(separator: " ", maxSplits: 1)
      guard let kind = parts.first, kind == "auto" || kind == "person" else { return nil }
      self.init(isAutomatic: kind == "auto", name: parts.count > 1 ? String(parts[1]) : nil)
    }
  }

  /// 1, 2, 3, …
  package var sequence: Int
  /// ISO 8601 in UTC.
  package var at: String
  package var action: Action
  /// The version that it is about.
  package var version: String
  package var by: Author
  package var reason: String
  /// k and α_k, where the decision spends error.
  package var candidateNumber: Int?
  package var alpha: Double?
  /// Rows, labels, estimates with intervals, the hash of the labels that decided.
  package var evidence: JSONNode?
  /// What serves from now on; `nil` where that does not change.
  package var pointer: RegistryPointer?
  /// The hash of the line before.
  package var previous: String

  package static let noPrevious = String(repeating: "0", count: 64)

  private static let keys: Set<String> = [
    "sequence", "at", "action", "version", "by", "reason", "candidate_number", "alpha", "evidence", "pointer",
    "previous",
    "hash",
  ]

  private var members: [JSONMember] {
    let node = JSONNode.object([
      "sequence": .integer(sequence), "at": .string(at), "action": .string(action.rawValue),
      "version": .string(version),
      "by": .string(by.text), "reason": .string(reason),
      "candidate_number": candidateNumber.map(JSONNode.integer) ?? .null, "alpha": alpha.map(JSONNode.number) ?? .null,
      "evidence": evidence ?? .null, "pointer": pointer?.node ?? .null, "previous": .string(previous),
    ])
    return node.members ?? []
  }

  /// The hash of the line without the key `hash`.
  package var hash: String { ContentDigest.hexadecimal(of: JSONNode.object(members).sortedByKey.jsonBytes) }

  /// The line without its end.
  var line: [UInt8] {
    JSONNode.object(members + [JSONMember(key: "hash", value: .string(hash))]).sortedByKey.jsonBytes
  }

  init(
    sequence: Int, at: String, action: Action, version: String, by: Author, reason: String, candidateNumber: Int? = nil,
    alpha: Double? = nil, evidence: JSONNode? = nil, pointer: RegistryPointer? = nil, previous: String
  ) {
    (self.sequence, self.at, self.action, self.version) = (sequence, at, action, version)
    (self.by, self.reason, self.candidateNumber, self.alpha) = (by, reason, candidateNumber, alpha)
    (self.evidence, self.pointer, self.previous) = (evidence, pointer, previous)
  }

  /// Reads a line; it has to be the very bytes that its content is written as.
  init(_ bytes: [UInt8], path: String, line: Int) throws(RegistryError) {
    let fields = try RegistryFields(bytes, path: path, line: line, keys: Self.keys)
    guard let action = Action(rawValue: try fields.text("action")) else {
      throw fields.wrong("action", Action.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard let by = Author(try fields.text("by")) else { throw fields.wrong("by", "person or auto") }
    self.init(
      sequence: try fields.integer("sequence"), at: try fields.text("at"), action: action,
      version: try fields.digest("version"), by: by, reason: try fields.text("reason"),
      candidateNumber: fields.node("candidate_number").isNull ? nil : try fields.integer("candidate_number"),
      alpha: fields.node("alpha").isNull ? nil : try fields.number("alpha", in: 0...1),
      evidence: fields.node("evidence").isNull ? nil : fields.node("evidence"), pointer: nil,
      previous: try fields.digest("previous"))
    let pointer = fields.node("pointer")
    if !pointer.isNull {
      self.pointer = try RegistryPointer(
        RegistryFields(pointer.jsonBytes, path: path, line: line, keys: RegistryPointer.keys))
    }
    guard try fields.digest("hash") == hash, self.line == bytes else {
      throw .damaged(path: path, line: line, expected: "the hash of its own content under \"hash\"", found: "another")
    }
  }
}
