import Foundation
package import Registry
package import RequestLog
package import TextKit

/// The result of checking the receipts of a gateway's log, or the journal of a registry: whole, or the first break.
package struct LogVerification: Sendable, Hashable {
  /// What is chained.
  package enum Kind: String, Sendable { case decisions, journal }

  /// Where a chain breaks, and how.
  package struct Break: Sendable, Hashable {
    /// The number of the link, from 1; 0 where no single one is to blame.
    package var place: Int
    package var reason: String
  }

  package let kind: Kind
  package let path: String
  /// Links that hold, up to the first break.
  package private(set) var links = 0
  /// Decisions that were deleted in good order: only their receipts are left.
  package private(set) var deleted = 0
  /// Decisions from before there were receipts.
  package private(set) var older = 0
  /// The hash of the last link that holds: anyone who notes it can determine later whether anything before it was changed.
  package private(set) var head = DecisionReceipt.noPrevious
  /// `nil` where the chain holds.
  package private(set) var firstBreak: Break?

  /// Checks the receipts of a gateway's database.
  ///
  /// - Throws: ``LogError`` for a file that cannot be read or holds no receipts.
  package init(receiptsOf path: String) throws(LogError) {
    (kind, self.path) = (.decisions, path)
    let reader = try ReceiptReader(path: path)
    var (links, deleted, head, found) = (0, 0, DecisionReceipt.noPrevious, Break?.none)
    try reader.forEach { receipt in
      if let reason = Self.fault(of: receipt, number: links + 1, after: head) {
        found = Break(place: links + 1, reason: reason)
        return false
      }
      links += 1
      deleted += receipt.requestID == nil ? 1 : 0
      head = receipt.hash
      return true
    }
    (self.links, self.deleted, self.head) = (links, deleted, head)
    let unreceipted = try reader.unreceipted()
    older = unreceipted.before
    if found == nil, unreceipted.since > 0 {
      found = Break(place: 0, reason: "\(unreceipted.since) decisions came into the log without a receipt")
    }
    firstBreak = found
  }

  private static func fault(of receipt: DecisionReceipt, number: Int, after head: String) -> String? {
    guard receipt.sequence == number else {
      return "receipt \(number) is missing: the next is \(receipt.sequence)"
    }
    let hash = ContentDigest.hexadecimal(
      of: DecisionReceipt.bound(receipt.content, to: head, sequence: receipt.sequence))
    guard hash == receipt.hash else { return "the receipt is not bound to the one before" }
    guard let id = receipt.requestID else { return nil }
    let name = SafeText.label(id)
    guard let row = receipt.row else { return "decision \(name) was taken out of the log" }
    return ContentDigest.hexadecimal(of: row) == receipt.content ? nil : "decision \(name) was changed"
  }

  /// Checks the journal of a registry and the versions that it names.
  ///
  /// - Throws: ``RegistryError`` for a folder that is no registry or cannot be read.
  package init(journalOf path: String) throws(RegistryError) {
    (kind, self.path) = (.journal, path)
    let registry = try Registry(opening: URL(filePath: path))
    let (journal, damage) = try registry.wholeJournal()
    for entry in journal.entries {
      if entry.action == .add {
        do throws(RegistryError) { _ = try registry.lock(of: entry.version) } catch {
          firstBreak = Break(place: links + 1, reason: "\(error)")
          return
        }
      }
      links += 1
      head = entry.hash
    }
    if let damage {
      firstBreak = Break(place: links + 1, reason: try Self.reason(damage))
      return
    }
    do throws(RegistryError) {
      // Also where the journal knows of none: who takes it away leaves the pointer.
      guard try registry.pointer() != journal.pointerFile else { return }
      firstBreak = Break(place: 0, reason: "the pointer is not what the journal says")
    } catch { firstBreak = Break(place: 0, reason: "the pointer: \(try Self.reason(error))") }
  }

  /// What is wrong with a file that is damaged; every other error says nothing about what is written there.
  private static func reason(_ error: RegistryError) throws(RegistryError) -> String {
    guard case .damaged(_, _, let expected, let found) = error else { throw error }
    return "expected \(expected), found \(found)"
  }
}

extension LogVerification {
  /// What it comes to, a sentence each.
  package var sentences: [String] {
    let noun = kind == .decisions ? "decisions" : "entries of the journal"
    let name = SafeText.name(path, limit: 400)
    var lines: [String] = []
    if let firstBreak {
      let place = firstBreak.place > 0 ? " at number \(firstBreak.place)" : ""
      lines.append("\(name): the chain of \(noun) breaks\(place): \(SafeText.visible(firstBreak.reason)).")
      lines.append("The \(NumberFormat.count(links)) before hold.")
    } else {
      lines.append("\(name): the chain of \(NumberFormat.count(links)) \(noun) is whole.")
    }
    lines.append("head  \(head)")
    if deleted > 0 {
      lines.append("\(NumberFormat.count(deleted)) decisions were deleted by retention or a wish to be forgotten.")
    }
    if older > 0 { lines.append("\(NumberFormat.count(older)) decisions are older than the first receipt.") }
    return lines
  }

  /// With stable names, in a stable order.
  package var json: JSONNode {
    let broken = firstBreak.map { found in
      JSONNode.object([("place", .integer(found.place)), ("reason", .string(found.reason))])
    }
    return .object([
      ("path", .string(path)), ("kind", .string(kind.rawValue)), ("whole", .boolean(firstBreak == nil)),
      ("links", .integer(links)), ("deleted", .integer(deleted)), ("older", .integer(older)),
      ("head", .string(head)), ("break", broken ?? .null),
    ])
  }
}
