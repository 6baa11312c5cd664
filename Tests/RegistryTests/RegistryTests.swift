import Foundation
import Testing
import TextKit

@testable import Registry

/// What each decision does to what serves, and what is refused.
@Suite struct RegistryTests {
  @Test func aWholeStory() throws {
    let fixture = try RegistryFixture()
    let registry = fixture.registry
    #expect(try registry.pointer() == nil)
    let first = try fixture.incumbent()
    #expect(try registry.pointer()?.pointer == RegistryPointer(incumbent: first, salt: RegistryFixture.salt))
    let second = try fixture.add("second")
    let salt = String(repeating: "7", count: 32)
    let canary = try registry.startCanary(of: second, share: 0.05, salt: salt, fixture.statement())
    #expect(canary.candidateNumber == 1 && abs((canary.alpha ?? 0) - 0.05 * 6 / (.pi * .pi)) < 1e-15)
    #expect(
      try registry.pointer()?.pointer
        == RegistryPointer(incumbent: first, candidate: second, share: 0.05, salt: salt))
    _ = try registry.abort(fixture.statement())
    #expect(try registry.pointer()?.pointer == RegistryPointer(incumbent: first, salt: salt))
    let again = try registry.startCanary(of: second, share: 0.5, salt: salt, fixture.statement())
    #expect(again.candidateNumber == 2, "each look at a candidate spends error of its own")
    let complete = try registry.complete(fixture.statement())
    #expect(complete.version == second && complete.action == .complete)
    #expect(try registry.pointer()?.pointer == RegistryPointer(incumbent: second, salt: salt))
    _ = try registry.rollBack(fixture.statement())
    #expect(try registry.pointer()?.pointer.incumbent == first)
    let journal = try registry.journal()
    #expect(journal.entries.map(\.sequence) == Array(1...8) && journal.cutTail.isEmpty)
    #expect(journal.entries.map(\.action) == [.add, .promote, .add, .canary, .abort, .canary, .complete, .rollback])
    #expect(try registry.pointer()?.sequence == 8)
    #expect(throws: RegistryError.self) { try registry.rollBack(fixture.statement()) }
  }

  /// A journal that could not be read again would take every later decision with it.
  @Test func whatCouldNotBeReadAgainIsNotWritten() throws {
    let fixture = try RegistryFixture()
    let first = try fixture.incumbent()
    let second = try fixture.add("second")
    let before = try fixture.registry.journal()
    for salt in ["", String(repeating: "5a", count: 32), String(repeating: "5A", count: 16), "no salt"] {
      let error = #expect(throws: RegistryError.self) {
        try fixture.registry.startCanary(of: second, share: 0.1, salt: salt, fixture.statement())
      }
      #expect("\(try #require(error))".hasPrefix("the decision was not made: expected 32 lower-case"))
    }
    #expect(try fixture.registry.journal() == before)
    #expect(try fixture.registry.pointer()?.pointer.incumbent == first)
    let salts = (0..<100).map { _ in RegistryPointer.makeSalt() }
    #expect(Set(salts).count == 100)
    _ = try fixture.registry.startCanary(of: second, share: 0.1, salt: salts[0], fixture.statement())
  }

  /// Errors of all candidates together are below the one that was allowed.
  @Test func errorsAddUp() {
    let sum = (1...100_000).reduce(0) { $0 + Registry.alpha(ofCandidate: $1) }
    #expect(sum < 0.05 && sum > 0.0499)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let fixture = try RegistryFixture()
    let registry = fixture.registry
    let unknown = String(repeating: "0", count: 64)
    let statement = fixture.statement()
    #expect(throws: RegistryError.self) { try registry.complete(statement) }
    #expect(throws: RegistryError.self) { try registry.abort(statement) }
    #expect(throws: RegistryError.self) { try registry.promote(unknown, salt: RegistryFixture.salt, statement) }
    #expect(throws: RegistryError.self) { try registry.promote("../..", salt: RegistryFixture.salt, statement) }
    let first = try fixture.add("first")
    #expect(throws: RegistryError.self) {
      try registry.startCanary(of: first, share: 0.1, salt: RegistryFixture.salt, statement)
    }
    _ = try registry.promote(first, salt: RegistryFixture.salt, statement)
    for share in [0, 1, -0.1, .nan] {
      #expect(throws: RegistryError.self) {
        try registry.startCanary(of: first, share: share, salt: RegistryFixture.salt, statement)
      }
    }
    #expect(throws: RegistryError.self) { try registry.promote(first, salt: RegistryFixture.salt, statement) }
    let second = try fixture.add("second")
    _ = try registry.startCanary(of: second, share: 0.1, salt: RegistryFixture.salt, statement)
    #expect(throws: RegistryError.self) {
      try registry.startCanary(of: second, share: 0.1, salt: RegistryFixture.salt, statement)
    }
    #expect(throws: RegistryError.self) { try registry.abort(only: first, statement) }
    let before = try registry.journal().entries.count
    #expect(before == 4, "a refusal writes nothing")
  }

  @Test func foldersThatAreNoRegistry() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "no-registry-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    #expect(throws: RegistryError.self) { try Registry(opening: root) }
    try Data("x".utf8).write(to: root.appending(path: "notes.txt"))
    #expect(throws: RegistryError.self) { try Registry(creating: root) }
    try Data("ockham-registry/2\n".utf8).write(to: root.appending(path: "format"))
    let error = #expect(throws: RegistryError.self) { try Registry(opening: root) }
    #expect("\(error!)".contains("ockham-registry/1") && "\(error!)".contains("ockham-registry/2"))
  }

  /// A version is what its lock says, to the byte.
  @Test(arguments: ["model.safetensors", "policy.json", "prices.json", "data.json", "lock.json"])
  func aChangedPartServesNobody(_ name: String) throws {
    let fixture = try RegistryFixture()
    let version = try fixture.add("first")
    let file = try fixture.registry.folder(of: version).appending(path: name)
    let bytes = try Data(contentsOf: file)
    try (bytes + Data([0x20])).write(to: file)
    #expect(throws: RegistryError.self) { try fixture.registry.lock(of: version) }
    try FileManager.default.removeItem(at: file)
    #expect(throws: RegistryError.self) {
      try fixture.registry.promote(version, salt: RegistryFixture.salt, fixture.statement())
    }
    #expect(try fixture.registry.pointer() == nil)
  }
}
