import Foundation
import Testing
import TextKit

@testable import Registry

/// What people and programs are shown of a registry.
@Suite struct RegistryStatusTests {
  private func lines(_ fixture: RegistryFixture) throws -> [String] {
    try RegistryStatus(fixture.registry).text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func anEmptyRegistryServesNothing() throws {
    let fixture = try RegistryFixture()
    #expect(try lines(fixture)[0] == "Nothing serves yet.")
    let json = try RegistryStatus(fixture.registry).json
    #expect(json.jsonText == #"{"incumbent":null,"candidate":null,"share":0.0,"decisions":[]}"#)
  }

  @Test func theIncumbentAndItsCandidate() throws {
    let fixture = try RegistryFixture()
    let first = try fixture.incumbent()
    #expect(try lines(fixture)[0...1] == ["incumbent  \(first.prefix(12))", "candidate  none"])
    let second = try fixture.add("second")
    _ = try fixture.registry.startCanary(of: second, share: 0.075, salt: RegistryFixture.salt, fixture.statement())
    #expect(try lines(fixture)[1] == "candidate  \(second.prefix(12)) with 7.5 % of the conversations")
    let json = try RegistryStatus(fixture.registry).json
    #expect(json["incumbent"]?.string == first && json["candidate"]?.string == second && json["share"]?.number == 0.075)
    let decisions = try #require(json["decisions"]?.elements)
    let journal = try fixture.registry.journal()
    #expect(decisions.map { $0["hash"]?.string } == journal.entries.map(\.hash))
    #expect(decisions.map { $0["candidate_number"]?.integer } == [nil, nil, nil, 1])
    #expect(decisions[3]["evidence"]?["margin"]?.number == 0.01 && decisions[0]["evidence"]?.isNull == true)
  }

  /// People see the last ten decisions, programs all.
  @Test func longStoriesAreCutForPeople() throws {
    let fixture = try RegistryFixture()
    let versions = try ["a", "b"].map(fixture.add)
    for round in 0..<11 {
      _ = try fixture.registry.promote(versions[round % 2], salt: RegistryFixture.salt, fixture.statement())
    }
    let text = try lines(fixture)
    try #require(text.count == 3 + 2 + 10)
    #expect(text.last?.contains("promote") == true)
    #expect(text[5].split(separator: " ").first == "4" && text.last?.split(separator: " ").first == "13")
    #expect(try RegistryStatus(fixture.registry).json["decisions"]?.elements?.count == 13)
  }

  /// Names and reasons of strangers stand in their line and command nothing.
  @Test func reasonsCannotForgeDecisions() throws {
    let fixture = try RegistryFixture()
    let reason = "fine\n13   2027-01-15T08:00:00Z  promote\u{1B}[2K\u{202E}" + String(repeating: "x", count: 300)
    let statement = Registry.Statement(
      by: .init(isAutomatic: false, name: "ann\r\u{7}"), reason: reason, time: 1_800_000_000)
    _ = try fixture.registry.add(RegistryFixture.parts("a"), version: "1", statement)
    let text = try RegistryStatus(fixture.registry).text
    #expect(
      text.split(separator: "\n").count == 4 && text.contains("person ann\\r\\u{7}") && text.contains("fine\\n13"))
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    #expect(try RegistryStatus(fixture.registry).json["decisions"]?.elements?[0]["reason"]?.string == reason)
  }

  /// A decision that was written down and is not in the pointer yet is told of, and the next one finishes it.
  @Test func aDecisionThatIsNotFinished() throws {
    let fixture = try RegistryFixture()
    _ = try fixture.incumbent()
    let stale = try Data(contentsOf: fixture.registry.layout.pointerFile)
    let second = try fixture.add("second")
    _ = try fixture.registry.promote(second, salt: RegistryFixture.salt, fixture.statement())
    #expect(try !lines(fixture).contains { $0.contains("not finished") })
    try stale.write(to: fixture.registry.layout.pointerFile)
    #expect(try lines(fixture).contains("The last decision is not finished: the next change finishes it."))
    _ = try fixture.add("third")
    #expect(try !lines(fixture).contains { $0.contains("not finished") })
    #expect(try lines(fixture)[0] == "incumbent  \(second.prefix(12))")
  }

  /// A version that serves and is damaged is no state to report.
  @Test func damagedVersionsAreNotReported() throws {
    let fixture = try RegistryFixture()
    let version = try fixture.incumbent()
    let file = try fixture.registry.folder(of: version).appending(path: "prices.json")
    try Data("[]".utf8).write(to: file)
    let error = #expect(throws: RegistryError.self) { try RegistryStatus(fixture.registry) }
    #expect("\(error!)".hasPrefix(file.path + ": expected bytes with the hash "))
  }
}
