import Foundation
import Testing
import TextKit

@testable import Registry

/// The chain of decisions: what was changed, moved or left out is found, and the first such line is named.
@Suite struct JournalTests {
  private func lines(_ fixture: RegistryFixture) throws -> [Data] {
    let bytes = try Data(contentsOf: fixture.registry.layout.journalFile)
    return bytes.split(separator: UInt8(ascii: "\n")).map { Data($0) }
  }

  private func write(_ lines: [Data], _ fixture: RegistryFixture) throws {
    var bytes = Data()
    for line in lines { bytes += line + Data([UInt8(ascii: "\n")]) }
    try bytes.write(to: fixture.registry.layout.journalFile)
  }

  private func firstDamage(_ fixture: RegistryFixture) -> Int? {
    do { _ = try fixture.registry.journal() } catch RegistryError.damaged(_, let line, _, _) { return line } catch {}
    return nil
  }

  /// Each byte of a line, changed by itself, is found at that line or, where the line is a decision of its own, at the next.
  @Test func everyByteCounts() throws {
    let fixture = try RegistryFixture()
    _ = try fixture.incumbent()
    _ = try fixture.add("second")
    let whole = try lines(fixture)
    #expect(whole.count == 3 && firstDamage(fixture) == nil)
    for place in whole[1].indices {
      var changed = whole
      changed[1][place] ^= 1
      try write(changed, fixture)
      #expect(firstDamage(fixture) == 2 || changed[1].contains(UInt8(ascii: "\n")), "byte \(place)")
    }
  }

  @Test func linesThatAreGoneOrMoved() throws {
    let fixture = try RegistryFixture()
    _ = try fixture.incumbent()
    _ = try fixture.add("second")
    let whole = try lines(fixture)
    for (lines, expected) in [
      ([whole[1], whole[2]], 1), ([whole[0], whole[2]], 2), ([whole[0], whole[2], whole[1]], 2),
      ([whole[0], whole[1], whole[1], whole[2]], 3),
    ] {
      try write(lines, fixture)
      #expect(firstDamage(fixture) == expected)
      #expect(throws: RegistryError.self) { try fixture.add("third") }
    }
  }

  /// A line that was cut at any byte was no decision: it is set aside, and the next decision takes its place.
  @Test func aCutLineIsSetAside() throws {
    let fixture = try RegistryFixture()
    _ = try fixture.incumbent()
    let whole = try Data(contentsOf: fixture.registry.layout.journalFile)
    let last = try lines(fixture)[1]
    for cut in stride(from: 1, through: last.count, by: 97) {
      try whole.dropLast(cut).write(to: fixture.registry.layout.journalFile)
      let entry = try fixture.registry.add(RegistryFixture.parts("cut \(cut)"), version: "1", fixture.statement())
      #expect(entry.sequence == 2)
      let journal = try fixture.registry.journal()
      #expect(journal.entries.count == 2 && journal.cutTail.isEmpty)
      try? FileManager.default.removeItem(at: fixture.registry.layout.pointerFile)
    }
    let kept = try FileManager.default.contentsOfDirectory(atPath: fixture.root.path).filter {
      $0.hasPrefix("journal.cut-")
    }
    #expect(!kept.isEmpty)
  }

  /// A pointer that is behind the journal, or damaged, becomes what the journal says with the next change.
  @Test(arguments: [nil, "", "{}", "not JSON"] as [String?]) func thePointerFollowsTheJournal(_ text: String?) throws {
    let fixture = try RegistryFixture()
    let first = try fixture.incumbent()
    if let text {
      try Data(text.utf8).write(to: fixture.registry.layout.pointerFile)
      #expect(throws: RegistryError.self) { try fixture.registry.pointer() }
    } else {
      try FileManager.default.removeItem(at: fixture.registry.layout.pointerFile)
    }
    _ = try fixture.add("second")
    #expect(try fixture.registry.pointer()?.pointer.incumbent == first)
    #expect(try fixture.registry.pointer()?.sequence == 2)
  }

  @Test func evidenceStaysAsItIs() throws {
    let fixture = try RegistryFixture()
    let version = try fixture.add("first")
    var statement = fixture.statement("quality held: \"yes\"\n é")
    statement.evidence = try JSONParser.parse(
      Array(#"{"b":[1.50,1e-7,{"z":null,"a":"é"}],"a":12345678901234567890}"#.utf8))
    _ = try fixture.registry.promote(version, salt: RegistryFixture.salt, statement)
    let entry = try #require(try fixture.registry.journal().entries.last)
    #expect(entry.evidence == statement.evidence && entry.reason == statement.reason)
    #expect(entry.by == .init(isAutomatic: false, name: "ann"))
  }

  /// A thousand-fold writer and reader: pointers are whole at all times, and only one writer decides.
  @Test(.timeLimit(.minutes(20))) func writersTakeTurnsAndReadersSeeWholePointers() async throws {
    let fixture = try RegistryFixture(lockSeconds: 600)
    let versions = try ["a", "b"].map { try fixture.add($0) }
    let registry = fixture.registry
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<2 {
        group.addTask {
          for round in 0..<40 {
            let statement = Registry.Statement(
              by: .init(isAutomatic: true), reason: "\(writer) \(round)", time: 1_900_000_000)
            _ = try? registry.promote(versions[round % 2], salt: RegistryFixture.salt, statement)
          }
        }
      }
      group.addTask {
        for _ in 0..<400 {
          let pointer = try registry.pointer()
          #expect(pointer.map { versions.contains($0.pointer.incumbent) } ?? true)
        }
      }
      try await group.waitForAll()
    }
    let journal = try registry.journal()
    let pointer = try registry.pointer()
    #expect(journal.entries.count > 3 && journal.pointerFile == pointer)
    let promoted = journal.entries.filter { $0.action == .promote }.map(\.version)
    #expect(zip(promoted, promoted.dropFirst()).allSatisfy { $0 != $1 }, "each decision was made from what served then")
    withExtendedLifetime(fixture) {}
  }

  /// Whatever step a change ends behind, the registry opens, one version serves, and the next change finishes or forgets it.
  @Test(arguments: Registry.Step.allCases) func aChangeThatEndsAnywhere(_ step: Registry.Step) throws {
    let fixture = try RegistryFixture()
    let first = try fixture.incumbent()
    let second = try fixture.add("second")
    var dying = fixture.registry
    dying.afterStep = { reached throws(RegistryError) in
      if reached == step { throw .refused("ended here") }
    }
    let isDecided = step == .journalled || step == .pointed
    let makesParts = step == .partsWritten || step == .versionNamed
    if !makesParts {
      #expect(throws: RegistryError.self) {
        try dying.promote(second, salt: RegistryFixture.salt, fixture.statement())
      }
    }
    let serves = try #require(try fixture.registry.pointer()).pointer.incumbent
    #expect(serves == (step == .pointed ? second : first))
    #expect(throws: RegistryError.self) {
      try dying.add(RegistryFixture.parts("third"), version: "1", fixture.statement())
    }
    _ = try fixture.add("fourth")
    #expect(try fixture.registry.pointer()?.pointer.incumbent == (isDecided ? second : first))
    let journal = try fixture.registry.journal()
    let pointer = try fixture.registry.pointer()
    #expect(journal.pointerFile == pointer)
    let versions = try FileManager.default.contentsOfDirectory(
      atPath: fixture.root.appending(path: "versions").path)
    #expect(versions.allSatisfy { !$0.hasPrefix(".") }, "nothing half made is left")
    for version in versions { _ = try fixture.registry.lock(of: version) }
  }

  @Test func aHeldRegistryIsNotChanged() throws {
    let fixture = try RegistryFixture(lockSeconds: 0.05)
    let lock = try RegistryLock(fixture.registry.layout.lockFile, seconds: 1)
    let error = #expect(throws: RegistryError.self) { try fixture.add("first") }
    guard case .held = error else { Issue.record("expected held, found \(error!)"); return }
    withExtendedLifetime(lock) {}
    #expect(try fixture.registry.journal().entries.isEmpty)
  }
}
