import Foundation
import ModelFiles
import Testing

/// `ockham verify` as a program: what is whole, what was changed, and what is none of it.
@Suite(.timeLimit(.minutes(30))) struct VerifyTests {
  private func verify(_ path: String, _ arguments: String...) throws -> (outcome: Tool.Outcome, first: [String: Any]) {
    let outcome = try Tool.run(["verify", path, "--format", "json"] + arguments)
    let object = try? JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any]
    return (outcome, (object?["checked"] as? [[String: Any]])?.first ?? [:])
  }

  @Test func aJournalIsWholeUntilALineIsChanged() throws {
    try Tool.withFolder { folder in
      let registry = folder.appending(path: "registry").path
      for _ in 0..<2 { _ = try Tool.run(["promote", Sample.shared.router, "--registry", registry]) }
      let (whole, first) = try verify(registry)
      #expect(whole.code == 0 && first["whole"] as? Bool == true && first["kind"] as? String == "journal")
      #expect(first["links"] as? Int ?? 0 >= 2)
      #expect(try Tool.run(["verify", registry]).output.contains("is whole"))
      let journal = URL(filePath: registry).appending(path: "journal.jsonl")
      let text = try String(contentsOf: journal, encoding: .utf8)
      try Data(text.replacing("\"action\":\"promote\"", with: "\"action\":\"abort\"").utf8).write(to: journal)
      let (broken, found) = try verify(registry)
      #expect(broken.code == 1 && found["whole"] as? Bool == false)
      #expect((found["break"] as? [String: Any])?["place"] as? Int == 2)
    }
  }

  @Test func anotherFileIsNamedAsSuch() throws {
    let outcome = try Tool.run(["verify", Sample.shared.fresh])
    #expect(
      outcome.code == 65
        && outcome.error.contains("expected a gateway's database, a registry's folder or a certificate"))
  }

  @Test func aCertificateIsProvenFromItsNumbersAlone() throws {
    try Tool.withFolder { folder in
      let router = folder.appending(path: "router").path
      let calibrated = try Tool.run(
        [
          "calibrate", "--model", Sample.shared.router, Sample.shared.fresh, "--max-share", "frontier=0.9", "--output",
          router,
        ] + Sample.tiers)
      #expect(calibrated.code == 0, "\(calibrated.error)")
      let file = URL(filePath: router).appending(path: "certificate.json")
      let (whole, first) = try verify(file.path)
      #expect(whole.code == 0 && first["kind"] as? String == "certificate", "\(whole.error)")
      #expect((first["data"] as? String)?.count == 64)
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(!text.contains("grukatt") && !text.contains("plimsel"))

      // Fewer successes than there were would prove more: the bound and p no longer follow.
      try Data(text.replacing(/"requests": ?\d+/, with: "\"requests\": 199").utf8).write(to: file)
      let (changed, found) = try verify(file.path)
      #expect(changed.code == 1 && found["whole"] as? Bool == false)
      // Another model took the place of the one that was certified.
      try Data(text.utf8).write(to: file)
      try FileManager.default.removeItem(at: ModelLocation.file(at: router))
      try FileManager.default.copyItem(
        at: ModelLocation.file(at: Sample.shared.candidate),
        to: URL(filePath: router).appending(path: "model.safetensors"))
      #expect(try verify(file.path).outcome.code == 1)
    }
  }

  @Test func whatIsNoneOfItIsNamed() throws {
    try Tool.withFolder { folder in
      let log = folder.appending(path: "log.sqlite")
      try Data("no database".utf8).write(to: log)
      #expect(try Tool.run(["verify", log.path]).code == 65)
      let json = folder.appending(path: "x.json")
      try Data("{}".utf8).write(to: json)
      let outcome = try Tool.run(["verify", json.path])
      #expect(outcome.code == 65 && outcome.error.contains("expected a certificate"))
      #expect(try Tool.run(["verify", folder.appending(path: "none").path]).code == 66)
      #expect(try Tool.run(["verify", folder.path]).code == 66)
      #expect(try Tool.run(["verify"]).code == 64)
    }
  }
}
