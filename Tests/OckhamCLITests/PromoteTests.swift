import Foundation
import Testing

@Suite struct PromoteTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "promote-\(UUID().uuidString)")
  private var registry: String { folder.path }

  private func promote(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(["promote", "--registry", registry] + arguments)
  }

  @Test func aCanaryFromStartToRollback() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let sample = Sample.shared
    let first = try promote(sample.router, "--by", "ann")
    #expect(first.code == 0 && first.output.contains("candidate  none"))
    #expect(first.output.contains("person ann") && first.output.contains("promote"))
    let canary = try promote(sample.candidate, "--canary", "0.05", "--reason", "cheaper", "--format", "json").json()
    let (old, new) = (try #require(canary["incumbent"] as? String), try #require(canary["candidate"] as? String))
    #expect(canary["share"] as? Double == 0.05)
    let decisions = try #require(canary["decisions"] as? [[String: Any]])
    #expect(decisions.compactMap { $0["action"] as? String } == ["add", "promote", "add", "canary"])
    #expect(decisions.last?["candidate_number"] as? Int == 1 && decisions.last?["reason"] as? String == "cheaper")
    #expect(try promote(sample.router, "--canary", "0.1").code == 1, "one canary at a time")
    #expect(try promote("--complete", "--format", "json").json()["incumbent"] as? String == new)
    #expect(try promote("--rollback", "--format", "json").json()["incumbent"] as? String == old)
    let nothing = try promote("--abort")
    #expect(nothing.code == 1 && nothing.error.contains("under canary"))
    let status = try promote("--status")
    #expect(status.code == 0 && status.output.contains(String(old.prefix(12))) && status.output.contains("rollback"))
  }

  @Test(arguments: [
    (["--status", "--abort"], 64), ([], 64), (["m", "--canary", "1"], 64),
    (["--complete", "--reason", "a\nb"], 64), (["--status"], 66),
    (["/no/such/model"], 66),
  ]) func wrongUseIsTold(arguments: [String], code: Int) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try Tool.run(["promote", "--registry", registry] + arguments)
    #expect(Int(outcome.code) == code, "\(outcome.error)")
    #expect(!outcome.error.isEmpty && outcome.output.isEmpty)
  }

  @Test func aDamagedVersionIsNamed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let version = try #require(
      try promote(Sample.shared.router, "--format", "json").json()["incumbent"] as? String)
    let file = folder.appending(path: "versions/\(version)/model.safetensors")
    try Data("x".utf8).write(to: file)
    let status = try promote("--status")
    #expect(status.code == 65 && status.error.contains("model.safetensors"))
  }
}
