package import TextKit

/// What serves by a registry, and its last decisions, for people and programs.
package struct RegistryStatus {
  private let pointer: RegistryPointerFile?
  private let journal: Journal
  /// How many decisions people are shown.
  private static let shown = 10

  /// - Throws: for a registry that is damaged.
  package init(_ registry: Registry) throws(RegistryError) {
    (pointer, journal) = (try registry.pointer(), try registry.journal())
    for version in [pointer?.pointer.incumbent, pointer?.pointer.candidate].compactMap(\.self) {
      _ = try registry.lock(of: version)
    }
  }

  /// Hashes by their first twelve digits.
  package var text: String {
    func short(_ hash: String) -> String { String(hash.prefix(12)) }
    var lines: [String] = []
    if let serving = pointer?.pointer {
      lines.append("incumbent  \(short(serving.incumbent))")
      lines.append(
        "candidate  "
          + (serving.candidate.map {
            "\(short($0)) with \(NumberFormat.percent(serving.share, places: 1)) of the conversations"
          } ?? "none"))
    } else {
      lines.append("Nothing serves yet.")
    }
    if let wanted = journal.pointerFile, wanted != pointer {
      lines.append("The last decision is not finished: the next change finishes it.")
    }
    var table = TextTable(
      ["no.", "when", "decision", "version", "by", "reason"], wordColumns: [1, 2, 3, 4, 5])
    for entry in journal.entries.suffix(Self.shown) {
      table.append([
        "\(entry.sequence)", entry.at, entry.action.rawValue, short(entry.version), SafeText.name(entry.by.text),
        SafeText.name(entry.reason),
      ])
    }
    return (lines + ["", table.text()]).joined(separator: "\n")
  }

  package var json: JSONNode {
    let serving = pointer?.pointer
    return .object([
      "incumbent": (serving?.incumbent).map(JSONNode.string) ?? .null,
      "candidate": (serving?.candidate).map(JSONNode.string) ?? .null, "share": .number(serving?.share ?? 0),
      "decisions": .array(journal.entries.map(Self.node)),
    ])
  }

  private static func node(_ entry: JournalEntry) -> JSONNode {
    let (number, alpha): (JSONNode, JSONNode) = (
      entry.candidateNumber.map(JSONNode.integer) ?? .null, entry.alpha.map(JSONNode.number) ?? .null
    )
    return .object([
      "sequence": .integer(entry.sequence), "at": .string(entry.at), "action": .string(entry.action.rawValue),
      "version": .string(entry.version), "by": .string(entry.by.text), "reason": .string(entry.reason),
      "candidate_number": number, "alpha": alpha, "evidence": entry.evidence ?? .null, "hash": .string(entry.hash),
    ])
  }
}
