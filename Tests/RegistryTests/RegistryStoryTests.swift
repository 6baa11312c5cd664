import Foundation
import Testing
import TextKit

@testable import Registry

/// Random decisions, one after the other, against the plainest account of what serves.
@Suite struct RegistryStoryTests {
  /// What serves, and what served before, as one would keep it on paper.
  private struct Paper {
    var served: [String] = []
    var candidate: String?
    var share = 0.0
    var canaries = 0
    var actions: [JournalEntry.Action] = []
  }

  private enum Wish: CaseIterable { case promote, canary, complete, abort, rollBack, completeOther }

  private struct Random {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
  }

  /// Writes the wish down; `false` where it does not fit.
  private func note(_ wish: Wish, _ version: String, _ paper: inout Paper) -> Bool {
    switch wish {
    case .promote:
      guard paper.candidate == nil, paper.served.last != version else { return false }
      paper.served.append(version)
      paper.actions.append(.promote)
    case .canary:
      guard paper.candidate == nil, let serving = paper.served.last, serving != version else { return false }
      (paper.candidate, paper.share) = (version, 0.25)
      paper.canaries += 1
      paper.actions.append(.canary)
      return true
    case .complete, .completeOther:
      guard let candidate = paper.candidate, wish == .complete || candidate == version else { return false }
      paper.served.append(candidate)
      paper.actions.append(.complete)
    case .abort:
      guard paper.candidate != nil else { return false }
      paper.actions.append(.abort)
    case .rollBack:
      guard paper.served.count > 1 else { return false }
      paper.served.removeLast()
      paper.actions.append(.rollback)
    }
    (paper.candidate, paper.share) = (nil, 0)
    return true
  }

  private func decide(_ wish: Wish, _ version: String, _ fixture: RegistryFixture) throws {
    let (registry, salt, statement) = (fixture.registry, RegistryFixture.salt, fixture.statement())
    switch wish {
    case .promote: _ = try registry.promote(version, salt: salt, statement)
    case .canary: _ = try registry.startCanary(of: version, share: 0.25, salt: salt, statement)
    case .complete: _ = try registry.complete(statement)
    case .completeOther: _ = try registry.complete(only: version, statement)
    case .abort: _ = try registry.abort(statement)
    case .rollBack: _ = try registry.rollBack(statement)
    }
  }

  @Test(arguments: [1, 2] as [UInt64]) func whatServesIsWhatWasDecided(seed: UInt64) throws {
    let fixture = try RegistryFixture()
    let versions = try ["a", "b", "c"].map(fixture.add)
    var (random, paper, refusals) = (Random(state: seed), Paper(), 0)
    for round in 0..<30 {
      let wish = Wish.allCases[random.below(Wish.allCases.count)]
      let version = versions[random.below(versions.count)]
      let before = try fixture.registry.journal()
      if note(wish, version, &paper) {
        try decide(wish, version, fixture)
      } else {
        refusals += 1
        let error = #expect(throws: RegistryError.self) { try decide(wish, version, fixture) }
        #expect(error?.exitStatus == 1 && "\(error!)".contains("expected ") && "\(error!)".contains("found "))
        #expect(try fixture.registry.journal() == before, "a refusal changes nothing")
      }
      let pointer = try fixture.registry.pointer()?.pointer
      #expect(
        pointer?.incumbent == paper.served.last && pointer?.candidate == paper.candidate, "round \(round): \(wish)")
      #expect((pointer?.share ?? 0) == paper.share)
    }
    #expect(refusals > 5 && paper.actions.count > 10)
    let journal = try fixture.registry.journal()
    #expect(journal.incumbents == paper.served && journal.entries.dropFirst(3).map(\.action) == paper.actions)
    #expect(journal.canary?.version == paper.candidate && journal.nextCandidateNumber == paper.canaries + 1)
    let numbers = journal.entries.compactMap(\.candidateNumber)
    #expect(numbers == (0..<paper.canaries).map { $0 + 1 })
    #expect(journal.entries.compactMap(\.alpha) == numbers.map { Registry.alpha(ofCandidate: $0, of: 1 - 0.95) })
    #expect(zip(journal.entries.dropFirst(), journal.entries).allSatisfy { $0.previous == $1.hash })
  }

  /// Versions that are alike but for one part are others, and the same parts at another time are another lock.
  @Test func everyPartIsOfTheVersion() throws {
    let parts = RegistryFixture.parts("x")
    var others = [parts]
    for change in [\VersionParts.model, \.policy, \.prices, \.data] as [WritableKeyPath<VersionParts, [UInt8]>] {
      var other = parts
      other[keyPath: change].append(0)
      others.append(other)
    }
    let locks = others.map { $0.lock(frozenAt: "2027-01-01", parent: nil, version: "1") }
    #expect(Set(locks.map(\.hash)).count == 5)
    #expect(locks.map { $0.hasSameParts(as: locks[0]) } == [true, false, false, false, false])
    let later = parts.lock(frozenAt: "2027-01-02", parent: locks[0].hash, version: "2")
    #expect(later.hasSameParts(as: locks[0]) && later.hash != locks[0].hash)
  }

  /// What is taken in twice is there once; a version that is there and damaged is not taken for whole.
  @Test func theSameVersionTwice() throws {
    let fixture = try RegistryFixture()
    let statement = fixture.statement()
    let first = try fixture.registry.add(RegistryFixture.parts("a"), version: "1", statement)
    let second = try fixture.registry.add(RegistryFixture.parts("a"), version: "1", statement)
    #expect(first.version == second.version && second.sequence == 2)
    let file = try fixture.registry.folder(of: first.version).appending(path: "model.safetensors")
    try Data("other".utf8).write(to: file)
    let error = #expect(throws: RegistryError.self) {
      try fixture.registry.add(RegistryFixture.parts("a"), version: "1", statement)
    }
    #expect(error?.exitStatus == 65 && "\(error!)".hasPrefix(file.path + ": expected bytes with the hash "))
    #expect(try fixture.registry.journal().entries.count == 2)
  }

  /// Whatever the author: the name stands in the journal as it was given, and the journal can be read.
  @Test(
    arguments: [nil, "", " ", "ann", "ann lee", " ann", "ann ", "auto", "a\nb", "\"", "größer", "person person"]
      as [String?])
  func authorsAreWrittenDown(name: String?) throws {
    let fixture = try RegistryFixture()
    for isAutomatic in [true, false] {
      let author = JournalEntry.Author(isAutomatic: isAutomatic, name: name)
      let statement = Registry.Statement(by: author, reason: "a test", time: 1_800_000_000)
      _ = try fixture.registry.add(RegistryFixture.parts("a"), version: "1", statement)
      let entry = try #require(try fixture.registry.journal().entries.last)
      let words = [isAutomatic ? "auto" : "person"] + [name].compactMap { $0?.isEmpty == true ? nil : $0 }
      #expect(entry.by == author && entry.by.text == words.joined(separator: " "))
    }
  }

  /// The conditions of a canary are kept with its decision, and those of older journals are the usual ones.
  @Test func conditionsAreReadFromTheDecision() throws {
    let fixture = try RegistryFixture()
    _ = try fixture.incumbent()
    let second = try fixture.add("second")
    let conditions = CanaryConditions(margin: 0.03, confidence: 0.9, completesByItself: true)
    let entry = try fixture.registry.startCanary(
      of: second, share: 0.1, salt: RegistryFixture.salt, under: conditions, fixture.statement())
    #expect(try CanaryConditions(#require(fixture.registry.journal().canary)) == conditions)
    #expect(abs((entry.alpha ?? 0) - 0.1 * 6 / (.pi * .pi)) < 1e-15)
    var older = entry
    for evidence in [nil, JSONNode.null, .object(["margin": .string("wide"), "other": .integer(1)])] {
      older.evidence = evidence
      #expect(CanaryConditions(older) == CanaryConditions())
    }
  }

  @Test(arguments: [
    (0.01, 0.0), (0.01, 1.0), (0.01, 2.0), (0.01, -1.0), (0.01, .nan), (.nan, 0.95), (-0.1, 0.95), (1.5, 0.95),
  ])
  func conditionsThatNobodyCanKeepAreRefused(margin: Double, confidence: Double) throws {
    let fixture = try RegistryFixture()
    _ = try fixture.incumbent()
    let second = try fixture.add("second")
    let error = #expect(throws: RegistryError.self) {
      try fixture.registry.startCanary(
        of: second, share: 0.1, salt: RegistryFixture.salt,
        under: CanaryConditions(margin: margin, confidence: confidence), fixture.statement())
    }
    #expect(error?.exitStatus == 1)
    #expect(try fixture.registry.pointer()?.pointer.candidate == nil)
  }
}
