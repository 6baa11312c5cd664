package import Foundation
import ModelFiles
package import TextKit

/// Versions of a model, which of them serve, and every decision about them: a folder of files, specified in the article RegistryFormat.
///
/// Reading needs no lock and never changes anything. A change is one journal line: what was killed before it has not happened, what was killed
/// after it is finished by anyone who changes the registry next.
package struct Registry: Sendable {
  package let layout: RegistryLayout
  /// How long a change waits for another one.
  package var lockSeconds = 10.0
  /// Called behind each step of a change, so that tests can end it there.
  var afterStep: @Sendable (Step) throws(RegistryError) -> Void = { _ in }

  /// The steps of a change, each of which a process may not live to see the end of.
  enum Step: Sendable, Hashable, CaseIterable {
    case locked, repaired, partsWritten, versionNamed, journalled, pointed
  }

  /// Opens a registry that is there.
  package init(opening root: URL) throws(RegistryError) {
    layout = RegistryLayout(root: root)
    guard let bytes = try RegistryFile.bytes(layout.formatFile) else { throw .missing(path: root.path) }
    let found = String(decoding: bytes.prefix(64), as: UTF8.self)
    guard found == RegistryLayout.formatName + "\n" else {
      throw .format(path: layout.formatFile.path, found: SafeText.name(found))
    }
  }

  /// Opens a registry, or makes one of a folder that is empty or not there.
  package init(creating root: URL) throws(RegistryError) {
    let layout = RegistryLayout(root: root)
    if try RegistryFile.bytes(layout.formatFile) == nil {
      try? FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
      let present = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
      // A maker that was stopped leaves these; two makers at once make the same.
      guard present.allSatisfy({ $0 == "lock" || $0 == "versions" || $0.hasPrefix(".format.") }) else {
        throw .format(path: root.path, found: "other files")
      }
      do throws(FileWriteError) {
        try AtomicFile.write(Array((RegistryLayout.formatName + "\n").utf8), to: layout.formatFile)
      } catch { throw .unwritable(error) }
      try RegistryFile.flush(folder: root)
    }
    try self.init(opening: root)
  }

  /// All decisions.
  package func journal() throws(RegistryError) -> Journal { try Journal(readingFrom: layout.journalFile) }

  /// The decisions before the first line that is damaged, and what is wrong with it; `nil` where all are whole.
  package func wholeJournal() throws(RegistryError) -> (journal: Journal, damage: RegistryError?) {
    try Journal.prefix(of: layout.journalFile)
  }

  /// What serves, as readers see it; `nil` before the first promotion.
  ///
  /// - Throws: for a pointer that is damaged. Whether its versions are whole is for ``lock(of:)`` to say.
  package func pointer() throws(RegistryError) -> RegistryPointerFile? {
    guard let bytes = try RegistryFile.bytes(layout.pointerFile) else { return nil }
    return try RegistryPointerFile(bytes, path: layout.pointerFile.path)
  }

  /// Changes the registry by one decision, alone. What an earlier process left undone is finished first.
  ///
  /// - Parameter decide: makes the decision from what is there; a refusal changes nothing.
  /// - Returns: the entry as it stands in the journal.
  @discardableResult package func change(
    at time: Double, _ decide: (RegistryState) throws(RegistryError) -> RegistryDecision
  ) throws(RegistryError) -> JournalEntry {
    let lock = try RegistryLock(layout.lockFile, seconds: lockSeconds)
    defer { withExtendedLifetime(lock) {} }
    try afterStep(.locked)
    let journal = try repaired()
    try afterStep(.repaired)
    let decision = try decide(RegistryState(journal: journal, registry: self))
    if let parts = decision.parts { try write(parts.parts, as: parts.lock) }
    let entry = JournalEntry(
      sequence: journal.entries.count + 1, at: CivilTime.timestamp(seconds: time), action: decision.action,
      version: decision.version, by: decision.by, reason: decision.reason, candidateNumber: decision.candidateNumber,
      alpha: decision.alpha, evidence: decision.evidence, pointer: decision.pointer, previous: journal.lastHash)
    try requireReadable(entry)
    try RegistryFile.append(entry.line + [UInt8(ascii: "\n")], to: layout.journalFile)
    if entry.sequence == 1 { try RegistryFile.flush(folder: layout.root) }
    try afterStep(.journalled)
    if let pointer = entry.pointer { try write(RegistryPointerFile(pointer: pointer, sequence: entry.sequence)) }
    try afterStep(.pointed)
    return entry
  }

  /// What is written has to be readable by the next process, or no later decision could be made.
  private func requireReadable(_ entry: JournalEntry) throws(RegistryError) {
    do throws(RegistryError) {
      _ = try JournalEntry(entry.line, path: layout.journalFile.path, line: entry.sequence)
    } catch {
      guard case .damaged(_, _, let expected, let found) = error else { throw error }
      throw .refused("the decision was not made: expected \(expected), found \(found)")
    }
  }

  /// The journal without a cut last line, and the pointer that it asks for.
  private func repaired() throws(RegistryError) -> Journal {
    var journal = try self.journal()
    if !journal.cutTail.isEmpty { try setAside(&journal) }
    removeHalfMadeVersions()
    // Also where it cannot be read: the journal says what it has to be.
    if let wanted = journal.pointerFile, (try? pointer()) != wanted { try write(wanted) }
    return journal
  }

  /// Moves a last line without an end out of the journal: its decision was not made.
  private func setAside(_ journal: inout Journal) throws(RegistryError) {
    var number = 1
    func place(_ number: Int) -> URL { layout.root.appending(path: "journal.cut-\(number)") }
    while FileManager.default.fileExists(atPath: place(number).path) { number += 1 }
    let kept = journal.entries.flatMap { $0.line + [UInt8(ascii: "\n")] }
    do throws(FileWriteError) {
      try AtomicFile.write(journal.cutTail, to: place(number))
      try AtomicFile.write(kept, to: layout.journalFile)
    } catch { throw .unwritable(error) }
    try RegistryFile.flush(folder: layout.root)
    journal.dropTail()
  }

  private func write(_ pointer: RegistryPointerFile) throws(RegistryError) {
    do throws(FileWriteError) { try AtomicFile.write(pointer.bytes, to: layout.pointerFile) } catch {
      throw .unwritable(error)
    }
    try RegistryFile.flush(folder: layout.root)
  }
}

/// What a decision is made from.
package struct RegistryState {
  package let journal: Journal
  let registry: Registry

  /// What serves; `nil` before the first promotion.
  package var pointer: RegistryPointer? { journal.pointerFile?.pointer }

  /// The lock of a version that is there, whole.
  package func lock(of version: String) throws(RegistryError) -> PolicyLock { try registry.lock(of: version) }
}

/// A decision that is to be written down.
package struct RegistryDecision {
  package var action: JournalEntry.Action
  package var version: String
  package var by: JournalEntry.Author
  package var reason: String
  /// A version that comes into the registry with this decision.
  package var parts: (parts: VersionParts, lock: PolicyLock)?
  package var candidateNumber: Int?
  package var alpha: Double?
  package var evidence: JSONNode?
  /// What serves from then on; `nil` where that does not change.
  package var pointer: RegistryPointer?

  package init(_ action: JournalEntry.Action, of version: String, by: JournalEntry.Author, reason: String) {
    (self.action, self.version, self.by, self.reason) = (action, version, by, reason)
  }
}
