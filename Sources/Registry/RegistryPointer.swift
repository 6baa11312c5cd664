import TextKit

/// Which versions serve.
package struct RegistryPointer: Sendable, Hashable {
  /// The version that serves.
  package var incumbent: String
  /// The version under canary.
  package var candidate: String?
  /// The candidate's share of conversations, 0 … 1; 0 without a candidate.
  package var share: Double
  /// 32 hexadecimal digits: which conversations are the candidate's is decided by a hash with this salt.
  package var salt: String

  package init(incumbent: String, candidate: String? = nil, share: Double = 0, salt: String) {
    (self.incumbent, self.candidate, self.share, self.salt) = (incumbent, candidate, share, salt)
  }

  /// A salt that no one can foresee.
  package static func makeSalt() -> String {
    (0..<2).map { _ in UInt64.random(in: .min ... .max).hexadecimal }.joined()
  }

  var node: JSONNode {
    .object([
      "incumbent": .string(incumbent), "candidate": candidate.map(JSONNode.string) ?? .null, "share": .number(share),
      "salt": .string(salt),
    ])
  }

  static let keys: Set<String> = ["incumbent", "candidate", "share", "salt"]

  init(_ fields: RegistryFields) throws(RegistryError) {
    self.init(
      incumbent: try fields.digest("incumbent"), candidate: try fields.optionalDigest("candidate"),
      share: try fields.number("share", in: 0...1), salt: try fields.text("salt"))
    guard candidate != nil || share == 0 else { throw fields.wrong("share", "0 without a candidate") }
    guard candidate != incumbent else { throw fields.wrong("candidate", "another version than the incumbent") }
    guard salt.utf8.count == 32, salt.utf8.allSatisfy(ContentDigest.isDigit) else {
      throw fields.wrong("salt", "32 lower-case hexadecimal digits")
    }
  }
}

/// The pointer as it stands in its file, with the decision that made it.
package struct RegistryPointerFile: Sendable, Hashable {
  package var pointer: RegistryPointer
  /// `sequence` of the journal's entry that made this pointer.
  package var sequence: Int

  var bytes: [UInt8] {
    let own = [
      JSONMember(key: "format", value: .string(RegistryLayout.formatName)),
      JSONMember(key: "sequence", value: .integer(sequence)),
    ]
    return JSONNode.object(own + (pointer.node.members ?? [])).sortedByKey.jsonBytes
  }

  init(pointer: RegistryPointer, sequence: Int) { (self.pointer, self.sequence) = (pointer, sequence) }

  init(_ bytes: [UInt8], path: String) throws(RegistryError) {
    let fields = try RegistryFields(bytes, path: path, keys: RegistryPointer.keys.union(["format", "sequence"]))
    try fields.require("format", RegistryLayout.formatName)
    (pointer, sequence) = (try RegistryPointer(fields), try fields.integer("sequence"))
  }
}
